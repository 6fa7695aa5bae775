package process

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// secret signs tokens for Callboard and for Express.
const secret = "a secret of the benchmark, long enough for HS256"

// User is a member of the population that all servers have.
type User struct{ Name, Role string }

// Population returns the users. Edgar writes; what he does is told to ada and edith.
func Population() []User {
	return []User{{"ada", "admin"}, {"edgar", "editor"}, {"edith", "editor"}, {"vic", "viewer"}}
}

// Config says how a Callboard is run.
type Config struct {
	Binary      string
	Server      string // program that serves instead, with the same settings; "" is Binary
	DataDir     string
	MaxConns    int    // to the database; 0 is the server's own default
	DatabaseURL string // of PostgreSQL; "" is SQLite in DataDir
	RedisURL    string // "" is none
	Nodes       int    // on the same database; 0 is one
	Off         bool   // nothing shall follow from a write: all services are switched off
}

// Callboard starts a server with the population, by nothing but the command line and the API: an older one has them too.
func Callboard(ctx context.Context, c Config) (*Server, error) {
	if _, err := c.command(ctx, "migrate", "up"); err != nil {
		return nil, err
	}
	if _, err := c.command(ctx, "user", "add", "--email", "ada@example.org", "--name", "ada", "--role", "admin", "--password-stdin"); err != nil {
		return nil, err
	}
	token, err := c.command(ctx, "token", "create", "--email", "ada@example.org", "--name", "bench")
	if err != nil {
		return nil, err
	}
	s, err := c.Serve(ctx)
	if err != nil {
		return nil, err
	}
	s.Tokens["ada"] = token
	for _, u := range Population()[1:] {
		if err := s.addUser(ctx, u); err != nil {
			return nil, errors.Join(err, s.Stop(ctx))
		}
	}
	for i := range max(c.Nodes, 1) - 1 {
		other := c
		other.DataDir = fmt.Sprintf("%s/node%d", c.DataDir, i+2)
		n, err := other.Serve(ctx)
		if err != nil {
			return nil, errors.Join(err, s.Stop(ctx))
		}
		s.Others = append(s.Others, n)
	}
	return s, nil
}

// addUser adds a user with an API token.
func (s *Server) addUser(ctx context.Context, u User) error {
	var answer struct{ Data struct{ ID, Token string } }
	body := fmt.Sprintf(`{"email":"%s@example.org","name":"%s","role":"%s"}`, u.Name, u.Name, u.Role)
	if err := s.Ask(ctx, http.MethodPost, "/api/v1/users", "ada", body, &answer); err != nil {
		return err
	}
	s.vic = answer.Data.ID // he is the last
	body = fmt.Sprintf(`{"name":"bench","user_id":"%s"}`, answer.Data.ID)
	err := s.Ask(ctx, http.MethodPost, "/api/v1/auth/tokens", "ada", body, &answer)
	s.Tokens[u.Name] = answer.Data.Token
	return err
}

// Serve starts the server on data that is there. Its inboxes are not limited, so that every notification is a row.
func (c Config) Serve(ctx context.Context) (*Server, error) {
	cmd := exec.Command(c.Binary, "serve")
	if c.Server != "" {
		cmd = exec.Command(c.Server)
	}
	cmd.Env = append(c.environment(), "HTTP_ADDR=127.0.0.1:0", "LOG_LEVEL=warn")
	s, err := start(ctx, "callboard", cmd)
	if err != nil {
		return nil, err
	}
	s.Off = c.Off
	if s.Database = c.DatabaseURL; s.Database == "" {
		s.Database = c.DataDir + "/callboard.db"
	}
	return s, nil
}

func (c Config) environment() []string {
	env := append(cleanEnvironment(), "DATA_DIR="+c.DataDir, "DATABASE_URL="+c.DatabaseURL, "NOTIFICATION_RATE_LIMIT=-1", "JWT_SECRET="+secret)
	if c.RedisURL != "" {
		env = append(env, "REDIS_URL="+c.RedisURL, "REDIS_PREFIX=bench")
	}
	if c.MaxConns > 0 {
		env = append(env, fmt.Sprintf("DATABASE_MAX_CONNS=%d", c.MaxConns))
	}
	if c.Off {
		env = append(env, "ACTIVITY_DB_ENABLED=false", "NOTIFICATION_ENABLED=false", "PRESENCE_TRACKING_ENABLED=false")
	}
	return env
}

// cleanEnvironment leaves out what may set up the servers otherwise than the benchmark says.
func cleanEnvironment() (env []string) {
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "LANG"} {
		env = append(env, name+"="+os.Getenv(name))
	}
	return env
}

// command runs a command of the product and returns the line that it prints.
func (c Config) command(ctx context.Context, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Binary, args...)
	cmd.Env = c.environment()
	cmd.Stdin = strings.NewReader("a password that nobody uses\n")
	var failure bytes.Buffer
	cmd.Stderr = &failure
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("callboard %s: %w: %s", args[0], err, failure.String())
	}
	return strings.TrimSpace(string(out)), nil
}

// Token signs a token of a user for a day. Express takes name and role from it, Callboard knows them.
func Token(userID string, u User) (string, error) {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"sub": userID, "name": u.Name, "role": u.Role, "exp": time.Now().Add(24 * time.Hour).Unix(),
	})
	signed, err := token.SignedString([]byte(secret))
	if err != nil {
		return "", fmt.Errorf("sign a token: %w", err)
	}
	return signed, nil
}
