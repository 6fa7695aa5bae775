package main

import (
	"context"
	"os"

	"github.com/callboard/callboard/app"
)

type openapiCommand struct{}

// Run prints the document of a server with all parts on. It needs a server, but no data: a throw-away folder does.
func (openapiCommand) Run(ctx context.Context, std streams) error {
	dir, err := os.MkdirTemp("", "callboard-openapi-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cfg, err := app.FromEnv()
	if err != nil {
		return err
	}
	cfg.DataDir, cfg.DatabaseURL, cfg.StorageURL, cfg.LogLevel = dir, "", "", "error" // whatever the environment says
	a, err := app.New(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }() // its data goes anyway
	document, err := a.OpenAPI()
	if err != nil {
		return err
	}
	_, err = std.out.Write(append(document, '\n'))
	return err
}
