package suite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"callboard/bench/dataset"
	"callboard/bench/load"
	"callboard/bench/process"
	"callboard/bench/report"
)

const (
	scaleConnections = 8
	scaleRequests    = 2000 // different ones of a kind
	scalePage        = "20" // entries that are asked for
	busyUsers        = 20   // of all users, who fill a page also with one of their actions
)

// scaled is a server on a log of some size, and the requests to it by the name of the query.
type scaled struct {
	*contender
	opts     process.CallboardOptions
	entries  int
	requests map[string][][]byte
	latency  map[string][]load.Result
}

// scaleQueries names the queries in the order of the table.
func scaleQueries() []string {
	return []string{"feed", "feed_filtered", "by_resource", "by_user", "search", "unread_count"}
}

// Scale measures how the cost of reading grows with the log and the inboxes, and the start of a server on the largest.
func (s *Suite) Scale(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	sizes := []int{10_000, 100_000, 1_000_000, 10_000_000}
	if s.Quick {
		sizes = []int{10_000, 200_000}
	}
	var servers []*scaled
	defer func() {
		for _, c := range servers {
			stopAll(&err, c.contender)
		}
	}()
	for _, n := range sizes {
		c, err := s.scaled(ctx, n)
		if err != nil {
			return nil, nil, err
		}
		servers = append(servers, c)
	}
	for _, query := range scaleQueries() {
		if err := s.scaleRounds(ctx, servers, query); err != nil {
			return nil, nil, err
		}
		figures = append(figures, scaleFigure(servers, query))
		series = append(series, scaleSeries(servers, query))
	}
	start, err := s.startFigure(ctx, servers[len(servers)-1])
	return append(figures, start), series, err
}

// scaled makes a database with a log of n entries, and a tenth as many notifications, and starts a server on it.
func (s *Suite) scaled(ctx context.Context, n int) (*scaled, error) {
	began := time.Now()
	c, filled, err := s.filled(ctx, short(n)+" entries", dataset.Options{Entries: n, Notifications: n / 10})
	if err != nil {
		return nil, err
	}
	c.entries, c.latency = n, map[string][]load.Result{}
	if c.requests, err = c.scaleRequests(ctx, filled); err != nil {
		stopAll(&err, c.contender)
		return nil, err
	}
	s.Log("%s entries made and served in %.1f s", short(n), time.Since(began).Seconds())
	return c, nil
}

// filled makes a database and starts a server on it.
func (s *Suite) filled(ctx context.Context, name string, o dataset.Options) (*scaled, dataset.Filled, error) {
	opts := process.CallboardOptions{Binary: s.Binary, DataDir: filepath.Join(s.Folder, name)}
	drop := func() { os.RemoveAll(opts.DataDir) }
	if err := opts.Migrate(ctx); err != nil {
		return nil, dataset.Filled{}, err
	}
	filled, err := dataset.SQLite(ctx, filepath.Join(opts.DataDir, "callboard.db"), o)
	if err != nil {
		drop()
		return nil, filled, err
	}
	server, err := opts.Serve(ctx, process.Accounts{})
	c, err := newContender(ctx, name, server, drop, err)
	return &scaled{contender: c, opts: opts}, filled, err
}

// short writes a number as people say it.
func short(n int) string {
	switch {
	case n >= 1_000_000:
		return fmt.Sprintf("%d M", n/1_000_000)
	case n >= 1000:
		return fmt.Sprintf("%d k", n/1000)
	}
	return strconv.Itoa(n)
}

// scaleRounds measures one query on all servers in turn.
func (s *Suite) scaleRounds(ctx context.Context, servers []*scaled, query string) error {
	for range max(s.Rounds, 3) { // they are short, and a p99 of one is anything
		for _, c := range servers {
			requests := c.requests[query]
			result, err := load.Closed(ctx, load.Plan{
				Host: c.Host(), Connections: scaleConnections, Warmup: s.pick(100*time.Millisecond, 50*time.Millisecond),
				Duration: s.pick(500*time.Millisecond, 100*time.Millisecond),
				Request: func(buf []byte, worker, n int) []byte {
					return append(buf, requests[(n*scaleConnections+worker)%len(requests)]...)
				},
			})
			if err != nil {
				return fmt.Errorf("%s of %s: %w", query, c.name, err)
			}
			c.latency[query] = append(c.latency[query], result)
		}
	}
	return nil
}

func (c *scaled) percentiles(query string, p float64) []float64 {
	var rounds []float64
	for _, r := range c.latency[query] {
		rounds = append(rounds, r.Percentile(p))
	}
	return rounds
}

func scaleFigure(servers []*scaled, query string) report.Figure {
	small, large := servers[0], servers[len(servers)-1]
	f := ratio(report.Figure{
		ID: "scale_" + query, Target: report.Target{AtMost: 2}, Parts: map[string]float64{},
		Name: fmt.Sprintf("%s with %s entries ÷ with %s: p99", query, short(large.entries), short(small.entries)),
		Note: fmt.Sprintf("%d connections at full speed, pages of %s entries; users and resources are any that fill a page.", scaleConnections, scalePage),
	}, large.percentiles(query, 99), small.percentiles(query, 99))
	for _, c := range servers {
		f.Parts[c.name+" p99 ms"] = report.Median(c.percentiles(query, 99))
		f.Parts[c.name+" p50 ms"] = report.Median(c.percentiles(query, 50))
	}
	return f
}

func scaleSeries(servers []*scaled, query string) report.Series {
	line := report.Series{Chart: "scale", Name: query}
	for _, c := range servers {
		line.X = append(line.X, float64(c.entries))
		line.Y = append(line.Y, report.Median(c.percentiles(query, 99)))
	}
	return line
}

// scaleRequests makes the requests of each query up, the same in each run.
func (c *scaled) scaleRequests(ctx context.Context, filled dataset.Filled) (map[string][][]byte, error) {
	db, err := process.Open(c.Database)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // shall be the same each time
	resources, err := busy(ctx, db, `resource_type || '/' || resource_id`, `resource_type = $1 AND resource_id = $2`, func() []any {
		r := filled.Resources[random.IntN(len(filled.Resources))]
		return []any{r.Type, r.ID}
	})
	if err != nil {
		return nil, err
	}
	users, err := busy(ctx, db, `user_id`, `user_id = $1`, func() []any {
		return []any{filled.Users[random.IntN(len(filled.Users))].ID}
	})
	if err != nil {
		return nil, err
	}
	token, now := filled.Users[len(filled.Users)-1].Token, time.Now() // of a viewer
	get := func(path string) []byte { return load.Request("GET", c.Host(), "/api/v1/"+path, token, nil) }
	all := map[string][][]byte{}
	for i := range scaleRequests {
		all["feed"] = append(all["feed"], get("activity/feed?limit="+scalePage+feedFilter(i)))
		user := filled.Users[random.IntN(busyUsers)].ID
		all["feed_filtered"] = append(all["feed_filtered"], get("activity/feed?limit="+scalePage+combination(i, user, now)))
		all["by_resource"] = append(all["by_resource"], get("activity/resource/"+resources[i%len(resources)]+"?limit="+scalePage))
		all["by_user"] = append(all["by_user"], get("activity/user/"+users[i%len(users)]+"?limit="+scalePage))
		rare := filled.Resources[random.IntN(len(filled.Resources))].Rare
		all["search"] = append(all["search"], get("activity/search?limit="+scalePage+"&q="+url.QueryEscape(searchText(i, rare, random))))
		inbox := filled.Users[random.IntN(len(filled.Users))].Token
		all["unread_count"] = append(all["unread_count"], load.Request("GET", c.Host(), "/api/v1/notifications/unread-count", inbox, nil))
	}
	return all, nil
}

// feedFilter returns the filter of the ith request: of two, one has none.
func feedFilter(i int) string {
	filters := []string{"", "&action=published_episode", "", "&resource_type=cut"}
	return filters[i%len(filters)]
}

// combination returns the ith filter of several: some let through nothing, some only what is old, and some one entry in
// many.
func combination(i int, user string, now time.Time) string {
	at := func(ago time.Duration) string { return url.QueryEscape(now.Add(-ago).UTC().Format(time.RFC3339)) }
	const day = 24 * time.Hour
	filters := []string{
		"&resource_type=episode&action=published_episode", "&resource_type=cut&action=published_episode",
		"&since=" + at(30*day), "&until=" + at(365*day), "&since=" + at(367*day) + "&until=" + at(365*day),
		"&user_id=" + user + "&action=updated_episode", "&user_id=" + user + "&action=restored_episode",
		"&user_id=" + user + "&resource_type=cut&until=" + at(365*day), "&action=reviewed_cut&since=" + at(60*day),
	}
	return filters[i%len(filters)]
}

// searchText returns what the ith search is for: common words, rare ones, both, and beginnings of each. Some of the words
// are never together, which takes longest: both lists of entries are gone through to the end.
func searchText(i int, rare string, random *rand.Rand) string {
	common := dataset.CommonWords()
	word, other := common[random.IntN(len(common))], common[random.IntN(len(common))]
	texts := []string{
		word, word + " " + other, word[:2], word[:min(4, len(word))], word[:3] + " " + other, rare, rare[:8], rare[:6],
		word + " " + rare, word[:3] + " " + rare[:8], "nowhere",
	}
	return texts[i%len(texts)]
}

// busySubjects is how many different users or resources are asked for at the most.
const busySubjects = 500

// busy returns some of those who fill a page, as name puts them. Answers are then of one length, whatever the size of the
// log, and what differs is the way to them.
func busy(ctx context.Context, db *sql.DB, name, condition string, any func() []any) ([]string, error) {
	query := `SELECT ` + name + ` FROM activity WHERE ` + condition + ` ORDER BY pos DESC LIMIT 1 OFFSET ` + scalePage + ` - 1`
	var found []string
	for range 20 * busySubjects {
		var subject string
		err := db.QueryRowContext(ctx, query, any()...).Scan(&subject)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("choose whom to ask for: %w", err)
		}
		if found = append(found, subject); len(found) == busySubjects {
			break
		}
	}
	if len(found) == 0 {
		return nil, errors.New("nobody fills a page")
	}
	return found, nil
}

// FanOut measures a notification to 10,000 users: how long the sender waits, how long those who create episodes meanwhile
// wait, and when all inboxes have it.
func (s *Suite) FanOut(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	const recipients = 10_000
	c, filled, err := s.filled(ctx, "fan-out", dataset.Options{Entries: 10_000, Users: recipients + 1})
	if err != nil {
		return nil, nil, err
	}
	defer stopAll(&err, c.contender)
	f := &fanOut{contender: c.contender, recipients: recipients, sender: filled.Users[0].Token}
	body := []byte(`{"title":"Episode ` + load.Number + `","season_number":1}`)
	create := load.Request("POST", c.Host(), "/api/v1/episodes", filled.Users[1].Token, body)
	for range s.Rounds {
		if err := f.round(ctx, load.Numbered(create), s.pick(5*time.Second, 2*time.Second)); err != nil {
			return nil, nil, err
		}
	}
	s.Log("fan-out: %d notifications, request %.1f ms, beside it %.1f ms, rows %.2f s", len(f.requests),
		report.Median(f.requests), report.Median(f.beside), report.Median(f.rows))
	return f.figures(), nil, nil
}

// fanOut is what was seen of notifications to many.
type fanOut struct {
	*contender
	recipients int
	sender     string // token
	requests   []float64
	beside     []float64
	rows       []float64
}

const (
	createsPerSecond = 50
	fanOutEvery      = time.Second
)

// round sends a notification a second, while episodes are created at a fixed rate. That goes on for a second after the
// last one, so that it can make up for what it had to wait.
func (f *fanOut) round(ctx context.Context, create func(buf []byte, worker, n int) []byte, length time.Duration) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type outcome struct {
		result load.Result
		err    error
	}
	done := make(chan outcome, 1)
	began := time.Now()
	go func() {
		r, err := load.Open(ctx, load.Plan{Host: f.Host(), Connections: connections, Duration: length, Request: create}, createsPerSecond)
		done <- outcome{r, err}
	}()
	for next := began.Add(fanOutEvery / 2); next.Before(began.Add(length - fanOutEvery)); next = next.Add(fanOutEvery) {
		if err := pause(ctx, time.Until(next)); err != nil {
			return err
		}
		if err := f.send(ctx); err != nil {
			return err
		}
	}
	o := <-done
	f.beside = append(f.beside, o.result.Percentile(99))
	return o.err
}

// send notifies everybody and waits until all rows are there.
func (f *fanOut) send(ctx context.Context) error {
	began := time.Now()
	var answer struct {
		Data struct {
			ID string `json:"id"`
		} `json:"data"`
	}
	if err := f.post(ctx, "/api/v1/notifications", `{"user_id":"all","type":"call","message":"Call time is 7"}`, &answer); err != nil {
		return err
	}
	f.requests = append(f.requests, time.Since(began).Seconds()*1000)
	for {
		n, err := process.Count(ctx, f.Database, `SELECT count(*) FROM notifications WHERE event_id = $1`, answer.Data.ID)
		if err != nil {
			return err
		}
		if n == int64(f.recipients) {
			f.rows = append(f.rows, time.Since(began).Seconds())
			return nil
		}
		if time.Since(began) > settleTimeout {
			return fmt.Errorf("of %d rows %d are there after %s", f.recipients, n, settleTimeout)
		}
		if err := pause(ctx, 5*time.Millisecond); err != nil {
			return err
		}
	}
}

// post sends what the sender has to say, and decodes the answer.
func (f *fanOut) post(ctx context.Context, path, body string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.URL+path, strings.NewReader(body))
	if err != nil {
		return fmt.Errorf("POST %s: %w", path, err)
	}
	req.Header.Set("Authorization", "Bearer "+f.sender)
	req.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("POST %s: %w", path, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		return fmt.Errorf("POST %s: status %d", path, answer.StatusCode)
	}
	if err := json.NewDecoder(answer.Body).Decode(into); err != nil {
		return fmt.Errorf("POST %s: %w", path, err)
	}
	return nil
}

func (f *fanOut) figures() []report.Figure {
	wait := report.Target{AtMost: 10}
	sent := fmt.Sprintf("%d notifications to %d users each.", len(f.requests), f.recipients)
	return []report.Figure{
		worst(report.Figure{
			ID: "fanout_10k_request_p99", Name: "one notification to 10,000 users: the request", Unit: "ms", Target: wait,
			Note: sent,
		}, f.requests),
		single(report.Figure{
			ID: "fanout_10k_beside_p99", Name: "episodes created meanwhile, 50/s: p99", Unit: "ms",
		}, f.beside),
		worst(report.Figure{
			ID: "fanout_10k_rows", Name: "one notification to 10,000 users: until all rows are in place", Unit: "s",
			Target: report.Target{AtMost: 2},
		}, f.rows),
	}
}

// worst returns a figure whose value is the 99th percentile of what was seen, which is the worst of less than a hundred.
func worst(f report.Figure, seen []float64) report.Figure {
	f.Rounds = seen
	f.Parts = map[string]float64{"median " + f.Unit: report.Median(seen)}
	f.Value = percentile99(seen)
	return f
}

// percentile99 returns the smallest of the values that no more than a hundredth of them exceed.
func percentile99(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[(len(sorted)*99+99)/100-1]
}
