package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
)

// minSecret is how long a signing secret must be, in bytes: that of the hash it keys (RFC 7518, section 3.2).
const minSecret = 32

// secretFile is where a generated JWT secret lies within DATA_DIR.
const secretFile = "jwt_secret"

// generatedSecret returns the secret in DATA_DIR, which is generated at the first start. Nodes that share a database need the
// same one, so they are given JWT_SECRET.
func (c Config) generatedSecret() ([]byte, error) {
	path := filepath.Join(c.DataDir, secretFile)
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("create data folder: %w", err)
	}
	if err := writeOnce(path, newSecret()); err != nil {
		return nil, fmt.Errorf("generate JWT secret: %w", err)
	}
	secret, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read JWT secret: %w", err)
	}
	if len(secret) < minSecret {
		return nil, fmt.Errorf("the JWT secret in %s is shorter than %d bytes; delete the file to have a new one", path, minSecret)
	}
	return []byte(strings.TrimSpace(string(secret))), nil
}

// foundSecret returns the secret in DATA_DIR, or nil where there is none that can be used.
func (c Config) foundSecret() []byte {
	secret, err := os.ReadFile(filepath.Join(c.DataDir, secretFile))
	if secret = bytes.TrimSpace(secret); err != nil || len(secret) < minSecret {
		return nil
	}
	return secret
}

// What DATA_DIR has of the activity log's signatures.
const (
	signingKeyFile = "log_signing_key" // the private key, when it was generated
	publicKeysFile = "log_public_keys" // the keys that callboard verify trusts, one per line
	checkpointFile = "log_checkpoint"  // the last checkpoint
)

// inDataDir returns the path of a file within DATA_DIR, or "" when there is none.
func (c Config) inDataDir(name string) string {
	if c.DataDir == "" {
		return ""
	}
	return filepath.Join(c.DataDir, name)
}

// signingKey returns the key that signs the activity log, which is generated at the first start, or "" for a command and where there is no
// place for it. Its public key is trusted from then on, by whoever verifies with this DATA_DIR.
func (a *App) signingKey() (string, error) {
	key, path := a.cfg.LogSigningKey, a.cfg.inDataDir(signingKeyFile)
	switch {
	case a.unlock == nil || a.cfg.DisableActivity:
		return "", nil
	case key == "" && path == "":
		a.log.Warn("the activity log is not signed; set LOG_SIGNING_KEY, or a DATA_DIR for a generated key")
		return "", nil
	case key == "":
		generated, err := activity.NewSigningKey()
		if err == nil {
			err = os.MkdirAll(a.cfg.DataDir, 0o700)
		}
		if err == nil {
			err = writeOnce(path, generated)
		}
		if err != nil {
			return "", fmt.Errorf("generate the key that signs the activity log: %w", err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return "", fmt.Errorf("read the key that signs the activity log: %w", err)
		}
		key = strings.TrimSpace(string(text))
	}
	public, err := activity.PublicKey(key)
	if err != nil {
		return "", fmt.Errorf("the file %s: %w; put back the one that was there, or delete it to have a new one", path, err)
	}
	a.log.Info("signs the activity log", "public_key", public)
	a.logKey = public
	return key, a.cfg.trustKey(public)
}

// trustedKeys returns the public keys in DATA_DIR.
func (c Config) trustedKeys() ([]string, error) {
	text, err := os.ReadFile(c.inDataDir(publicKeysFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read the trusted keys: %w", err)
	}
	return strings.Fields(string(text)), nil
}

// trustKey adds a public key to those in DATA_DIR.
func (c Config) trustKey(public string) error {
	path := c.inDataDir(publicKeysFile)
	if path == "" {
		return nil
	}
	known, err := c.trustedKeys()
	if err != nil || slices.Contains(known, public) {
		return err
	}
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return fmt.Errorf("create data folder: %w", err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep the public key of the activity log: %w", err)
	}
	_, err = f.WriteString(public + "\n")
	return errors.Join(err, f.Close())
}

// usersFile lies within DATA_DIR once the database has users: should it ever have none again, it was lost.
const usersFile = "has_users"

// noteUsers leaves the trace of users. It reports whether it is there, or needs not be.
func (a *App) noteUsers(ctx context.Context) bool {
	if a.cfg.DataDir == "" {
		return true
	}
	if found, err := a.hasUsers(ctx); err != nil || !found {
		return false
	}
	err := writeOnce(filepath.Join(a.cfg.DataDir, usersFile), "The database of this folder has users. Without any it is not served.\n")
	if err != nil {
		a.log.WarnContext(ctx, "the trace of users in DATA_DIR cannot be written", "error", err)
	}
	return err == nil
}

// checkUsers refuses a database that had users and has none.
func (a *App) checkUsers(ctx context.Context) error {
	if a.cfg.DataDir == "" {
		return nil
	}
	trace := filepath.Join(a.cfg.DataDir, usersFile)
	if _, err := os.Stat(trace); err != nil {
		return nil //nolint:nilerr // nobody has left it
	}
	found, err := a.hasUsers(ctx)
	if a.cfg.NewDatabase && err == nil {
		if !found { // the log of the database that was lost ended with it
			err = os.Remove(a.cfg.inDataDir(checkpointFile))
		}
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			err = os.Remove(trace)
		}
		return err
	}
	if err != nil || found {
		return err
	}
	return errLost(fmt.Sprintf("the database %s has no users", a.DB), trace)
}

func (a *App) hasUsers(ctx context.Context) (bool, error) {
	users, err := a.Accounts.ListUsers(callboard.WithActor(ctx, callboard.System("Start")), callboard.Page{Limit: 1})
	return len(users.Items) > 0, err
}

func newSecret() string {
	b := make([]byte, minSecret)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// writeOnce creates the file with text unless it exists; of several processes that try, one wins, and nobody ever sees
// half a file.
func writeOnce(path, text string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	draft, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)) // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name())
	_, err = draft.WriteString(text)
	if err := errors.Join(err, draft.Close()); err != nil {
		return err
	}
	if err := os.Link(draft.Name(), path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}
