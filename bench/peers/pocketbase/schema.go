package main

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

const (
	episodes  = "episodes"
	users     = "users" // PocketBase makes this collection itself
	userEmail = "edgar@example.org"
)

// prepare makes the collection and the user unless they are there, and returns a token of the user.
func prepare(app core.App) (string, error) {
	if err := ensureEpisodes(app); err != nil {
		return "", fmt.Errorf("make collection %s: %w", episodes, err)
	}
	user, err := ensureUser(app)
	if err != nil {
		return "", fmt.Errorf("make user %s: %w", userEmail, err)
	}
	token, err := user.NewAuthToken()
	if err != nil {
		return "", fmt.Errorf("make token: %w", err)
	}
	return token, nil
}

func ensureEpisodes(app core.App) error {
	_, err := app.FindCollectionByNameOrId(episodes)
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return app.Save(newEpisodes())
}

// newEpisodes has the rule that PocketBase's documentation gives for signed-in users.
func newEpisodes() *core.Collection {
	c := core.NewBaseCollection(episodes)
	signedIn := types.Pointer(`@request.auth.id != ""`)
	c.ListRule, c.ViewRule, c.CreateRule, c.UpdateRule, c.DeleteRule = signedIn, signedIn, signedIn, signedIn, signedIn
	c.Fields.Add(
		&core.TextField{Name: "title", Required: true, Max: 255},
		&core.TextField{Name: "description", Max: 10_000},
		&core.NumberField{Name: "season_number", OnlyInt: true},
		&core.AutodateField{Name: "created", OnCreate: true},
		&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
	)
	c.AddIndex("episodes_created", false, "created", "")
	return c
}

func ensureUser(app core.App) (*core.Record, error) {
	user, err := app.FindAuthRecordByEmail(users, userEmail)
	if !errors.Is(err, sql.ErrNoRows) {
		return user, err
	}
	collection, err := app.FindCollectionByNameOrId(users)
	if err != nil {
		return nil, err
	}
	user = core.NewRecord(collection)
	user.SetEmail(userEmail)
	user.SetRandomPassword()
	user.Set("name", "edgar")
	return user, app.Save(user)
}
