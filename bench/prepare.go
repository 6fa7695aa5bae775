package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"callboard/bench/suite"
)

// prepare builds what is measured, before any clock runs. A peer that cannot be had is left out, loudly.
func (o *options) prepare(ctx context.Context, s *suite.Suite) (err error) {
	here, err := os.Getwd()
	if err != nil {
		return fmt.Errorf("find the folder: %w", err)
	}
	s.Root = filepath.Dir(here)
	s.Binary = filepath.Join(s.Folder, "callboard")
	if err := command(ctx, s.Root, "go", "build", "-o", s.Binary, "./cmd/callboard"); err != nil {
		return err
	}
	for _, peer := range []struct {
		name string
		into *string
	}{{"centrifuge", &s.Centrifuge}, {"jobs", &s.NoOp}} {
		*peer.into = filepath.Join(s.Folder, peer.name)
		if err := command(ctx, here, "go", "build", "-o", *peer.into, "./peers/"+peer.name); err != nil {
			return err
		}
	}
	o.findPeers(ctx, s, filepath.Join(here, "peers"))
	return nil
}

func (o *options) findPeers(ctx context.Context, s *suite.Suite, peers string) {
	missing := func(what string, err error) { s.NotMeasured("what needs "+what, err) }
	if err := answers(ctx, o.Postgres); err != nil {
		missing("PostgreSQL", err)
	} else {
		s.Postgres = o.Postgres
	}
	express := filepath.Join(peers, "express")
	if err := install(ctx, express); err != nil {
		missing("the Express peer", err)
	} else {
		s.Express = express
	}
	pocketbase := filepath.Join(s.Folder, "pocketbase-peer")
	if err := command(ctx, filepath.Join(peers, "pocketbase"), "go", "build", "-o", pocketbase, "."); err != nil {
		missing("the PocketBase peer", err)
	} else {
		s.PocketBase = pocketbase
	}
}

// install fetches the packages of a peer, unless those of its lock file are in place.
func install(ctx context.Context, dir string) error {
	lock, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return fmt.Errorf("find the packages: %w", err)
	}
	installed, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	if err == nil && !installed.ModTime().Before(lock.ModTime()) {
		return nil
	}
	return command(ctx, dir, "npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
}

func answers(ctx context.Context, url string) error {
	db, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	return db.Close(ctx)
}

func command(ctx context.Context, dir, name string, args ...string) error {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s in %s: %w: %s", name, filepath.Base(dir), err, out)
	}
	return nil
}
