package suite

import (
	"context"
	"errors"
	"time"

	"callboard/bench/report"
)

// creators are the servers whose creates are compared; one that cannot be had is nil.
type creators struct {
	sqlite, postgres, express, pocketbase, pocketbaseFull *contender
}

// Create compares how many episodes a second the servers create, with all that follows from each.
func (s *Suite) Create(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	var all creators
	defer func() { stopAll(&err, all.list()...) }()
	if all, err = s.startCreators(ctx); err != nil {
		return nil, nil, err
	}
	for range s.Rounds {
		for _, c := range all.list() {
			if err := s.createRound(ctx, c); err != nil {
				return nil, nil, err
			}
		}
	}
	delivered, err := all.delivered(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range all.list() {
		series = append(series, c.latency("create"))
	}
	return all.figures(delivered), series, nil
}

func (s *Suite) startCreators(ctx context.Context) (all creators, err error) {
	for _, entry := range []struct {
		into  **contender
		start func() (*contender, error)
	}{
		{&all.sqlite, func() (*contender, error) { return s.callboard(ctx, "callboard SQLite") }},
		{&all.postgres, func() (*contender, error) { return s.callboardOnPostgres(ctx, "callboard PostgreSQL", "bench_create") }},
		{&all.express, func() (*contender, error) { return s.express(ctx, "bench_create_express") }},
		{&all.pocketbase, func() (*contender, error) { return s.pocketbase(ctx, "pocketbase", "NORMAL") }},
		{&all.pocketbaseFull, func() (*contender, error) { return s.pocketbase(ctx, "pocketbase FULL", "FULL") }},
	} {
		if s.Quick && entry.into == &all.pocketbaseFull {
			continue // beside the point, and a second is dear
		}
		c, err := entry.start()
		if errors.Is(err, errMissing) {
			s.Log("not measured: %v", err)
			continue
		}
		if err != nil {
			return all, err
		}
		*entry.into = c
	}
	return all, nil
}

// createRound measures one server and holds its ledger against its tables.
func (s *Suite) createRound(ctx context.Context, c *contender) error {
	result, err := c.measure(ctx, c.createPhase(s.pick(time.Second, 300*time.Millisecond), s.pick(3500*time.Millisecond, time.Second)))
	if err != nil {
		return err
	}
	s.logRound(c, result)
	if c.Name == "callboard" {
		return c.check(ctx)
	}
	return c.checkEpisodes(ctx)
}

// list returns those that there are.
func (all creators) list() []*contender {
	var list []*contender
	for _, c := range []*contender{all.sqlite, all.express, all.pocketbase, all.postgres, all.pocketbaseFull} {
		if c != nil {
			list = append(list, c)
		}
	}
	return list
}

func (all creators) delivered(ctx context.Context) (map[string]float64, error) {
	if all.express == nil {
		return nil, nil
	}
	return all.express.shares(ctx)
}

func (all creators) figures(delivered map[string]float64) []report.Figure {
	var figures []report.Figure
	compare := func(id, name, note string, ours, theirs *contender, atLeast float64, more map[string]float64) {
		if ours == nil || theirs == nil {
			return
		}
		figures = append(figures, ratio(report.Figure{
			ID: id, Name: name, Note: note, Target: report.Target{AtLeast: atLeast}, Parts: merged(ours.parts(), theirs.parts(), more),
		}, ours.rate, theirs.rate))
	}
	compare("create_sqlite_vs_express", "episode create on SQLite ÷ Express: requests/s", "", all.sqlite, all.express, 8, delivered)
	compare("create_sqlite_vs_pocketbase", "episode create on SQLite ÷ PocketBase's plain create: requests/s",
		"PocketBase is as it ships: the last writes may be gone after a power cut, and nothing follows from a write but its live message.",
		all.sqlite, all.pocketbase, 3, nil)
	compare("create_sqlite_vs_pocketbase_full", "the same with PocketBase as durable as Callboard (synchronous=FULL)", "",
		all.sqlite, all.pocketbaseFull, 0, nil)
	compare("create_postgres_vs_express", "episode create on PostgreSQL ÷ Express: requests/s", "", all.postgres, all.express, 3, delivered)
	return figures
}
