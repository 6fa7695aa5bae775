package process

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Express starts the peer in dir on a database, in which it makes its tables and the population.
func Express(ctx context.Context, dir, databaseURL string) (*Server, error) {
	cmd := exec.Command("node", "server.mjs")
	cmd.Dir = dir
	cmd.Env = append(cleanEnvironment(), "NODE_ENV=production", "DATABASE_URL="+databaseURL, "JWT_SECRET="+secret)
	s, err := start(ctx, "express", cmd)
	if err != nil {
		return nil, err
	}
	s.Database = databaseURL
	for i, u := range Population() {
		if s.Tokens[u.Name], err = Token(fmt.Sprintf("00000000-0000-7000-8000-%012d", i+1), u); err != nil { // as in its schema
			return nil, errors.Join(err, s.Stop(ctx))
		}
	}
	return s, nil
}

// PocketBase starts the peer with its data in dir. It makes its collection and edgar, and prints a token of his.
func PocketBase(ctx context.Context, binary, dir, synchronous string) (*Server, error) {
	cmd := exec.Command(binary, "--dir", dir)
	cmd.Env = append(cleanEnvironment(), "SYNCHRONOUS="+synchronous)
	s, err := start(ctx, "pocketbase", cmd)
	if err != nil {
		return nil, err
	}
	_, token, found := strings.Cut(s.greeting, "token=")
	if !found {
		return nil, errors.Join(errors.New("pocketbase prints no token"), s.Stop(ctx))
	}
	s.Database, s.Tokens["edgar"] = filepath.Join(dir, "data.db"), strings.TrimSpace(token)
	return s, nil
}

// Centrifuge starts the bare socket server, which takes any token.
func Centrifuge(ctx context.Context, binary string) (*Server, error) {
	cmd := exec.Command(binary)
	cmd.Env = cleanEnvironment()
	s, err := start(ctx, "centrifuge", cmd)
	if err != nil {
		return nil, err
	}
	s.Tokens["vic"] = "anybody"
	return s, nil
}

// Command runs a command in a folder.
func Command(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s in %s: %w: %s", name, filepath.Base(dir), err, out)
	}
	return nil
}
