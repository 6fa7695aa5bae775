package suite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
	"github.com/callboard/callboard/bench/report"
)

const (
	scaleConnections = 8
	scaleRequests    = 2000 // different ones of a kind
	scalePage        = "20" // entries that are asked for
	starts           = 5    // how often a server is started
)

// scale measures on SQLite how the cost of reading grows with the log and the inboxes, and the start on the largest.
func (s *Suite) scale(ctx context.Context, g *report.Group) error {
	queries := []string{"feed", "feed_filtered", "by_resource", "by_user", "search", "unread_count"}
	sizes := []int{10_000, max(s.Entries/10, 20_000), s.Entries}
	if s.Quick {
		sizes = []int{5_000, 30_000}
	}
	var entrants []entrant
	entries, requests := map[string]int{}, map[*contender]map[string]requests{}
	for _, n := range sizes {
		for _, e := range s.onSQLite(short(n)+" entries", process.Config{}) {
			entries[e.name] = n
			entrants = append(entrants, e)
		}
	}
	err := s.compare(ctx, g, comparison{
		entrants: entrants,
		rounds:   3, // they are short, and a p99 of one is anything
		prepare: func(ctx context.Context, c *contender) error {
			began := time.Now()
			made, err := c.fill(ctx, entries[c.name])
			if err != nil {
				return err
			}
			s.Log("%s made in %.1f s", c.name, time.Since(began).Seconds())
			requests[c], err = c.scaleRequests(made)
			return err
		},
		turn: func(ctx context.Context, c *contender) error {
			for _, query := range queries {
				r, err := load.Run(ctx, load.Plan{
					Connections: scaleConnections, Warmup: s.millis(100, 50), Duration: s.millis(500, 150), Request: requests[c][query].inTurn(),
				})
				if err != nil {
					return fmt.Errorf("%s: %w", query, err)
				}
				c.add(query+" p50 ms", r.Percentile(50))
				c.add(query+" p99 ms", r.Percentile(99))
			}
			return nil
		},
		finish: func(ctx context.Context, c *contender) error {
			if entries[c.name] != sizes[len(sizes)-1] {
				return nil
			}
			return s.restart(ctx, c)
		},
	})
	small, large := short(sizes[0]), short(sizes[len(sizes)-1])
	for _, query := range queries {
		g.Ratio(fmt.Sprintf("%s with %s entries ÷ with %s: p99", query, large, small),
			report.AtMost(2), large+" entries", small+" entries", query+" p99 ms")
	}
	g.Median("start on a log of "+large+" entries", "ms", report.AtMost(300), large+" entries", "start ms")
	g.Note("The file is in the cache of the system.")
	return err
}

// short writes a number as people say it: 10 k, 1 M.
func short(n int) string { return strings.TrimSpace(humanize.SIWithDigits(float64(n), 0, "")) }

// restart measures how long the server takes from running the program until it has told where it is and answers.
func (s *Suite) restart(ctx context.Context, c *contender) error {
	config := process.Config{Binary: s.binaryOf(c.name), DataDir: s.dataDir(c.name)}
	for range starts {
		if err := c.Stop(ctx); err != nil {
			return err
		}
		began := time.Now()
		server, err := config.Serve(ctx)
		if err != nil {
			return err
		}
		c.Server = server
		if err := c.Ask(ctx, http.MethodGet, "/healthz", "", "", nil); err != nil {
			return err
		}
		c.add("start ms", time.Since(began).Seconds()*1000)
	}
	return nil
}

// scaleRequests makes the requests of each query up, the same in each run.
func (c *contender) scaleRequests(made filled) (map[string]requests, error) {
	tokens, err := tokensOf(made.users)
	if err != nil {
		return nil, err
	}
	random := seeded()
	get := func(path string) vegeta.Target {
		return load.Request("GET", c.URL+"/api/v1/"+path, c.Tokens["vic"], "")
	}
	page := "limit=" + scalePage
	all := map[string]requests{}
	add := func(query string, request vegeta.Target) { all[query] = append(all[query], request) }
	for i := range scaleRequests {
		busy := made.users[random.IntN(fillBusy)]
		resource := made.resources[random.IntN(len(made.resources))]
		add("feed", get("activity/feed?"+page+[]string{"", "&action=published_cut", "", "&resource_type=cut"}[i%4]))
		add("feed_filtered", get("activity/feed?"+page+combination(i, busy, made)))
		add("by_resource", get("activity/resource/"+resource.kind+"/"+resource.id+"?"+page))
		add("by_user", get("activity/user/"+busy+"?"+page))
		add("search", get("activity/search?"+page+"&q="+url.QueryEscape(searchText(i, resource.rare, random))))
		add("unread_count", load.Request("GET", c.URL+"/api/v1/notifications/unread-count", tokens[random.IntN(len(tokens))], ""))
	}
	return all, nil
}

// combination returns the ith filter of several: some let through nothing, some only what is old, some one entry in many.
func combination(i int, user string, made filled) string {
	half := url.QueryEscape(made.began.Add(made.ended.Sub(made.began) / 2).UTC().Format(time.RFC3339))
	filters := []string{
		"resource_type=take&action=published_take", "resource_type=cut&action=published_take", "until=" + half, "since=" + half + "&until=" + half,
		"user_id=" + user + "&action=reviewed_take", "user_id=" + user + "&action=archived_cut", "action=reviewed_cut&since=" + half,
	}
	return "&" + filters[i%len(filters)]
}

// searchText returns what the ith search is for: common words, rare ones, both, and beginnings of each. Some of the words
// are never together, which takes longest: both lists of entries are gone through to the end.
func searchText(i int, rare string, random *rand.Rand) string {
	common := []string{"harbour", "silent", "reviewed", "table", "viewer"}
	word, other := common[random.IntN(len(common))], common[random.IntN(len(common))]
	texts := []string{
		word, word + " " + other, word[:2], word[:4], word[:3] + " " + other, rare, rare[:8], rare[:6],
		word + " " + rare, word[:3] + " " + rare[:8], "nowhere",
	}
	return texts[i%len(texts)]
}
