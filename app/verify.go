package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/notification"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// Verified is what a verification has found out about a part: that it is as it must be, or the place where it is not.
type Verified struct {
	Part  string `json:"part"`
	Fault bool   `json:"fault"`
	Place string `json:"place,omitempty"`
	Text  string `json:"text"`
}

// VerifyOptions are what a verification trusts beside the DATA_DIR of its Config.
type VerifyOptions struct {
	Keys        []string          // public keys
	Checkpoints map[string]string // that were kept elsewhere, by the names of their files; see activity.NoteOf
}

// maxFaults is how many faults of a part are told one by one.
const maxFaults = 10

// proofs gathers what is found.
type proofs struct {
	found  []Verified
	faults map[string]int
}

// of returns what the verification of a part tells.
func (p *proofs) of(part string) outbox.Tell {
	return func(v outbox.Verified) {
		if v.Fault {
			if p.faults[part]++; p.faults[part] > maxFaults {
				return
			}
		}
		p.found = append(p.found, Verified{part, v.Fault, v.Place, v.Text})
	}
}

// all returns what was found, and how many faults were left out.
func (p *proofs) all() []Verified {
	for _, part := range slices.Sorted(maps.Keys(p.faults)) {
		if n := p.faults[part]; n > maxFaults {
			p.found = append(p.found, Verified{Part: part, Fault: true, Place: "in all", Text: fmt.Sprintf("%d faults, of which the first %d are listed", n, maxFaults)})
		}
	}
	return p.found
}

// Verify proves that the data is whole, and that nobody has changed the activity log: the events, what has followed from them, and the log
// against its Merkle tree and signed checkpoints. It works beside a server, on what the database is at one moment, and changes nothing. The
// error is that of what could not be read; faults are among what is returned.
func Verify(ctx context.Context, cfg Config, options VerifyOptions) ([]Verified, error) {
	a, err := Open(ctx, cfg)
	if err != nil {
		return nil, err
	}
	defer func() { _ = a.Close() }() // it was only read
	keys, err := a.cfg.keys(options.Keys)
	if err != nil {
		return nil, err
	}
	notes, err := a.cfg.notes(options.Checkpoints)
	if err != nil {
		return nil, err
	}
	p := &proofs{faults: map[string]int{}}
	err = a.DB.Snapshot(ctx, func(ctx context.Context, q sqldb.Querier) error {
		if err := a.verifyEvents(ctx, q, p); err != nil {
			return err
		}
		return a.Activity.VerifyTree(ctx, q, p.of("log"), keys, notes...)
	})
	return p.all(), err
}

// verifyEvents checks the events, and what has followed from them.
func (a *App) verifyEvents(ctx context.Context, q sqldb.Querier, p *proofs) error {
	entries, err := a.Activity.NewEventVerifier(ctx, q, p.of("entries"))
	if err != nil {
		return err
	}
	err = outbox.Verify(ctx, q, p.of("events"), func(events []callboard.Event) error {
		if a.cfg.DisableActivity {
			return nil
		}
		return entries.Check(ctx, events)
	})
	if err != nil {
		return err
	}
	if !a.cfg.DisableActivity {
		entries.Close()
	}
	err = outbox.VerifyVersions(ctx, q, p.of("shows"), outbox.Versioned{Table: "callboard_shows", Type: "show", Events: []string{
		callboard.ShowCreated.Name, callboard.ShowUpdated.Name, callboard.ShowDeleted.Name,
	}})
	if err != nil {
		return err
	}
	err = outbox.VerifyVersions(ctx, q, p.of("episodes"), outbox.Versioned{Table: "callboard_episodes", Type: "episode", Events: []string{
		callboard.EpisodeCreated.Name, callboard.EpisodeUpdated.Name, callboard.EpisodePublished.Name, callboard.EpisodeArchived.Name,
		callboard.EpisodeDeleted.Name, callboard.EpisodeRestored.Name,
	}})
	if err != nil {
		return err
	}
	return notification.Verify(ctx, q, p.of("notifications"))
}

// keys returns the keys that are trusted: those of DATA_DIR, that of LOG_SIGNING_KEY, and those that are given.
func (c Config) keys(given []string) (activity.Keys, error) {
	trusted, err := c.trustedKeys()
	if err != nil {
		return activity.Keys{}, err
	}
	if c.LogSigningKey != "" {
		own, err := activity.PublicKey(c.LogSigningKey)
		if err != nil {
			return activity.Keys{}, err
		}
		trusted = append(trusted, own)
	}
	return activity.ParseKeys(slices.Concat(trusted, given)...)
}

// notes returns the checkpoints that are kept outside of the database.
func (c Config) notes(given map[string]string) ([]activity.SignedNote, error) {
	var notes []activity.SignedNote
	for _, from := range slices.Sorted(maps.Keys(given)) {
		text := given[from]
		notes = append(notes, activity.SignedNote{From: from, Text: activity.NoteOf(text)})
	}
	path := c.inDataDir(checkpointFile)
	text, err := os.ReadFile(path)
	switch {
	case path == "" || errors.Is(err, fs.ErrNotExist):
		return notes, nil
	case err != nil:
		return nil, fmt.Errorf("read the last checkpoint: %w", err)
	}
	return append(notes, activity.SignedNote{From: path, Text: string(text), Last: true}), nil
}

// VerifyBundle checks a bundle of the activity log, for which no database is needed: only the keys in DATA_DIR, or those that are given.
func VerifyBundle(ctx context.Context, cfg Config, bundle io.Reader, options VerifyOptions) ([]Verified, error) {
	keys, err := cfg.keys(options.Keys)
	if err != nil {
		return nil, err
	}
	p := &proofs{faults: map[string]int{}}
	err = activity.VerifyBundle(ctx, bundle, keys, p.of("bundle"))
	return p.all(), err
}
