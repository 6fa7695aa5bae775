package process

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// expressSecret signs the tokens of the Express peer, which has no sign-in.
const expressSecret = "a secret of the benchmark, long enough for HS256"

// Express starts the peer in dir on a database, in which it makes its tables and the population.
func Express(ctx context.Context, dir, databaseURL string) (*Server, error) {
	cmd := exec.Command("node", "server.mjs")
	cmd.Dir = dir
	cmd.Env = append(cleanEnvironment(), "NODE_ENV=production", "PORT=0", "DATABASE_URL="+databaseURL, "JWT_SECRET="+expressSecret)
	s, err := start(ctx, "express", cmd)
	if err != nil {
		return nil, err
	}
	s.Database, s.Tokens, s.IDs = databaseURL, map[string]string{}, map[string]string{}
	for i, u := range Population() {
		id := fmt.Sprintf("00000000-0000-7000-8000-%012d", i+1) // as in its schema
		token := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
			"sub": id, "name": u.Name, "role": u.Role, "exp": time.Now().Add(24 * time.Hour).Unix(),
		})
		signed, err := token.SignedString([]byte(expressSecret))
		if err != nil {
			return nil, fmt.Errorf("sign a token: %w", err)
		}
		s.IDs[u.Name], s.Tokens[u.Name] = id, signed
	}
	return s, nil
}

// PocketBase starts the peer with its data in dir. It makes its collection and edgar, and prints a token of his.
func PocketBase(ctx context.Context, binary, dir, synchronous string) (*Server, error) {
	cmd := exec.Command(binary, "--http-addr", "127.0.0.1:0", "--dir", dir, "--synchronous", synchronous)
	cmd.Env = cleanEnvironment()
	s, err := start(ctx, "pocketbase", cmd)
	if err != nil {
		return nil, err
	}
	_, token, found := strings.Cut(s.greeting, "token=")
	if !found {
		return nil, errors.Join(errors.New("pocketbase prints no token"), s.Stop(ctx))
	}
	s.Database, s.Tokens = filepath.Join(dir, "data.db"), map[string]string{"edgar": strings.TrimSpace(token)}
	return s, nil
}

// Centrifuge starts the bare socket server.
func Centrifuge(ctx context.Context, binary string) (*Server, error) {
	cmd := exec.Command(binary, "--http-addr", "127.0.0.1:0")
	cmd.Env = cleanEnvironment()
	return start(ctx, "centrifuge", cmd)
}
