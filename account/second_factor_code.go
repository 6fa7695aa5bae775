package account

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// Codes are those of RFC 6238 as apps have them: HMAC-SHA-1, 6 digits, 30 seconds.
const (
	otpDigits = 6
	otpPeriod = 30 // seconds
)

const (
	recoveryCodes      = 10
	recoveryCodeLength = 16 // characters with 5 random bits each
)

// isCodeOf reports whether a code is that of a step of time.
func isCodeOf(secret string, step int64, code string) (bool, error) {
	right, err := hotp.ValidateCustom(code, uint64(step), secret, hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
	if errors.Is(err, otp.ErrValidateInputInvalidLength) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("check a code: %w", err)
	}
	return right, nil
}

// newRecoveryCodes returns codes such as ABCD-EFGH-JKLM-NPQR, without characters that look alike.
func newRecoveryCodes() []string {
	const characters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
	codes := make([]string, recoveryCodes)
	for i := range codes {
		var random [recoveryCodeLength]byte
		_, _ = rand.Read(random[:]) // never fails
		for j, b := range random {
			if j > 0 && j%4 == 0 {
				codes[i] += "-"
			}
			codes[i] += string(characters[int(b)%len(characters)])
		}
	}
	return codes
}

// sealer encrypts what is stored of second factors, under a key that follows from the JWT secret.
type sealer struct{ aead cipher.AEAD }

func newSealer(jwtSecret []byte) (sealer, error) {
	key, err := hkdf.Key(sha256.New, jwtSecret, nil, "callboard second factor", 32)
	if err != nil {
		return sealer{}, fmt.Errorf("derive a key: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return sealer{}, fmt.Errorf("set up encryption: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealer{}, fmt.Errorf("set up encryption: %w", err)
	}
	return sealer{aead}, nil
}

// seal encrypts a secret of a user. In the row of another user it cannot be decrypted.
func (s sealer) seal(secret, userID string) string {
	return base64.RawStdEncoding.EncodeToString(s.aead.Seal(nil, nil, []byte(secret), []byte(userID)))
}

func (s sealer) open(sealed, userID string) (string, error) {
	b, err := base64.RawStdEncoding.DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("read a secret: %w", err)
	}
	secret, err := s.aead.Open(nil, nil, b, []byte(userID))
	if err != nil {
		return "", fmt.Errorf("decrypt a secret: %w", err)
	}
	return string(secret), nil
}
