package suite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
)

const (
	fillUsers    = 1000
	fillBusy     = 20 // users who do most, and fill a page also with one of their actions
	fillResource = 50 // entries of a resource, in the mean
	fillInboxes  = 10 // entries for one notification
)

// filled tells what a log holds.
type filled struct {
	users        []string // IDs; the first ones do most
	resources    []resource
	began, ended time.Time // of writing the log
}

type resource struct {
	kind, id, name string
	rare           string // the word of its name that no other has
}

// fill writes a log of n entries, and a tenth as many notifications, through the API.
func (c *contender) fill(ctx context.Context, n int) (made filled, err error) {
	if made.users, err = c.addViewers(ctx, fillUsers); err != nil {
		return made, err
	}
	for i := range n / fillResource {
		made.resources = append(made.resources, resourceAt(i))
	}
	made.began = time.Now()
	_, err = load.Run(ctx, load.Plan{Connections: 2, Requests: n / bulkEntries, Request: func(call int) vegeta.Target {
		return load.Request("POST", c.URL+"/api/v1/activity/bulk", c.Tokens["ada"], made.entries(call))
	}})
	if err != nil {
		return made, fmt.Errorf("fill the log: %w", err)
	}
	if _, err := c.Settle(ctx); err != nil {
		return made, err
	}
	made.ended = time.Now()
	sent := max(1, n/fillInboxes/fillUsers)
	for i := range sent {
		body := fmt.Sprintf(`{"user_id":"all","type":"call_%d","message":"Call time is %d"}`, i, i%24)
		if err := c.Ask(ctx, http.MethodPost, "/api/v1/notifications", "ada", body, nil); err != nil {
			return made, err
		}
	}
	inboxes := len(made.users) + len(process.Population()) - 1 // all but the sender's
	if err := c.awaitCount(ctx, int64(sent*inboxes), `callboard_notifications WHERE type LIKE 'call_%'`); err != nil {
		return made, err
	}
	return made, c.checkCount(ctx, int64(n/bulkEntries*bulkEntries), `callboard_activity WHERE resource_type IN ('take', 'cut')`)
}

// entries returns the body of a call. It is the same each time but for the IDs of the users.
func (f filled) entries(call int) string {
	random := rand.New(rand.NewPCG(uint64(call), 3)) //nolint:gosec // shall be the same each time
	user, about := rand.NewZipf(random, 1.2, 5, uint64(len(f.users)-1)), rand.NewZipf(random, 1.1, 20, uint64(len(f.resources)-1))
	verbs := []string{"created", "updated", "updated", "reviewed", "reviewed", "published", "archived"}
	entries := make([]map[string]any, bulkEntries)
	for i := range entries {
		r := f.resources[about.Uint64()]
		if i%8 == 0 { // and some about any
			r = f.resources[random.IntN(len(f.resources))]
		}
		entries[i] = map[string]any{
			"user_id": f.users[user.Uint64()], "action": verbs[random.IntN(len(verbs))] + "_" + r.kind, "resource_type": r.kind, "resource_id": r.id,
			"resource_name": r.name, "metadata": map[string]any{"title": r.name, "note": "sound is too low"},
		}
	}
	return bulkBody(entries)
}

// resourceAt returns resource n.
func resourceAt(n int) resource {
	adjectives := strings.Fields(`Silent Last Broken Golden Hidden Silent Northern Paper Crooked Second Hollow Silent Distant`)
	nouns := strings.Fields(`Harbour Table Letter Garden Harbour Table Bridge Clock Harbour Orchard Station River Mirror Island Tower Compass Season`)
	r := resource{kind: "take", id: fmt.Sprintf("resource-%d", n), rare: rareWord(n)}
	if n%10 == 7 {
		r.kind = "cut"
	}
	r.name = adjectives[n%len(adjectives)] + " " + nouns[n%len(nouns)] + " " + r.rare
	return r
}

// rareWord returns a word of syllables, for a number below 12 million. Many share their beginnings.
func rareWord(n int) string {
	const consonants, vowels = "bdfgklmnprst", "aeiou"
	word := []byte("qu")
	for range 4 {
		word = append(word, consonants[n%12], vowels[n/12%5])
		n /= 60
	}
	return string(word)
}
