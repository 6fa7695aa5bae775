package suite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"callboard/bench/load"
	"callboard/bench/process"
	"callboard/bench/report"
)

const readEpisodes = 1000

// Read compares how many times a second the servers answer with one episode and who looks at it. All users look at all
// episodes, at random.
func (s *Suite) Read(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	var ours, onPostgres, theirs *contender
	defer func() { stopAll(&err, ours, onPostgres, theirs) }()
	if ours, err = s.callboard(ctx, "callboard"); err != nil {
		return nil, nil, err
	}
	if theirs, err = s.express(ctx, "bench_read_express"); err != nil {
		return nil, nil, err
	}
	all := []*contender{ours, theirs}
	if !s.Quick {
		if onPostgres, err = s.callboardOnPostgres(ctx, "callboard PostgreSQL", "bench_read"); err != nil {
			return nil, nil, err
		}
		all = append(all, onPostgres)
	}
	if err := s.readRounds(ctx, all); err != nil {
		return nil, nil, err
	}
	parts := map[string]float64{}
	for _, c := range all {
		series, parts = append(series, c.latency("read")), merged(parts, c.parts())
	}
	if onPostgres != nil {
		parts["PostgreSQL ÷ Express"] = report.Median(report.Ratios(onPostgres.rate, theirs.rate))
	}
	return []report.Figure{ratio(report.Figure{
		ID: "read_vs_express", Name: "GET one episode with viewers ÷ Express: requests/s", Target: report.Target{AtLeast: 6}, Parts: parts,
	}, ours.rate, theirs.rate)}, series, nil
}

func (s *Suite) readRounds(ctx context.Context, all []*contender) error {
	phases := map[*contender]phase{}
	for _, c := range all {
		ids, err := c.fill(ctx)
		if err != nil {
			return err
		}
		phases[c] = phase{
			warmup: s.pick(time.Second, 300*time.Millisecond), duration: s.pick(2*time.Second, 800*time.Millisecond),
			connections: connections, request: load.AtRandom(c.reads(ids)),
		}
	}
	for range s.Rounds {
		for _, c := range all {
			result, err := c.measure(ctx, phases[c])
			if err != nil {
				return err
			}
			s.logRound(c, result)
		}
	}
	return nil
}

// fill creates the episodes, lets every user look at one of them to see that the server tells who does, and returns their
// ids.
func (c *contender) fill(ctx context.Context) ([]string, error) {
	phase := c.createPhase(0, 0)
	plan := load.Plan{Host: c.Host(), Connections: 4, Requests: readEpisodes, Request: phase.request, Ledger: c.ledger}
	if _, err := load.Closed(ctx, plan); err != nil {
		return nil, fmt.Errorf("%s: create episodes: %w", c.name, err)
	}
	if _, err := c.Settle(ctx); err != nil {
		return nil, err
	}
	ids := c.ledger.IDs()
	return ids, c.checkViewers(ctx, ids[0])
}

func (c *contender) reads(ids []string) [][]byte {
	var requests [][]byte
	for _, id := range ids {
		for _, u := range process.Population() {
			requests = append(requests, load.Request("GET", c.Host(), "/api/v1/episodes/"+id, c.Tokens[u.Name], nil))
		}
	}
	return requests
}

// checkViewers fails unless an episode that all users have looked at has them all as viewers.
func (c *contender) checkViewers(ctx context.Context, id string) error {
	seen := 0
	for _, u := range process.Population() {
		var err error
		if seen, err = c.look(ctx, id, c.Tokens[u.Name]); err != nil {
			return err
		}
	}
	if want := len(process.Population()); seen != want {
		return fmt.Errorf("%s: %d viewers instead of %d", c.name, seen, want)
	}
	return nil
}

// look gets an episode and returns how many viewers it has.
func (c *contender) look(ctx context.Context, id, token string) (viewers int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+"/api/v1/episodes/"+id, nil)
	if err != nil {
		return 0, fmt.Errorf("get episode: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("get episode: %w", err)
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	var body struct {
		Data    struct{ ID string }
		Viewers []struct{}
	}
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		return 0, fmt.Errorf("get episode: %w", err)
	}
	if body.Data.ID != id {
		return 0, fmt.Errorf("%s: got episode %q instead of %q", c.name, body.Data.ID, id)
	}
	return len(body.Viewers), nil
}
