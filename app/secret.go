package app

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/callboard/callboard"
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
	if a.cfg.NewDatabase {
		return os.Remove(trace)
	}
	if found, err := a.hasUsers(ctx); err != nil || found {
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
