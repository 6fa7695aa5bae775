package account

import (
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/callboard/callboard"
)

// DeviceCookieName is the name of the cookie by which a browser is known that a user has signed in from. It lets nobody in: it
// only keeps the user from being shut out by the failures of others.
const DeviceCookieName = "callboard_device"

// audienceDevice is of no use elsewhere; see claims.acceptable.
const audienceDevice = "callboard:device"

// DeviceToken returns the value of the device cookie for a user who has just signed in.
func (s *Service) DeviceToken(userID string) (string, error) {
	now := s.now()
	return s.sign(&claims{RegisteredClaims: jwt.RegisteredClaims{
		ID: callboard.NewID(), Subject: userID, Audience: jwt.ClaimStrings{audienceDevice},
		IssuedAt: jwt.NewNumericDate(now), ExpiresAt: jwt.NewNumericDate(now.Add(cookieLife)),
	}})
}

// knownDevice returns the ID of the device that a token stands for, "" when it is none of the user's.
func (s *Service) knownDevice(token, userID string) string {
	var c claims
	if token == "" || len(token) > maxJWT || userID == "" {
		return ""
	}
	_, err := s.jwt.ParseWithClaims(token, &c, func(*jwt.Token) (any, error) { return s.jwtSecret, nil })
	if err != nil || c.Subject != userID || !slices.Contains(c.Audience, audienceDevice) {
		return ""
	}
	return c.ID
}

// cookieLife is as long as browsers keep a cookie. The server alone decides when a session ends.
const cookieLife = 400 * 24 * time.Hour
