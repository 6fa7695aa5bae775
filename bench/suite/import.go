package suite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"callboard/bench/dataset"
	"callboard/bench/load"
	"callboard/bench/process"
	"callboard/bench/report"
)

const (
	importRows      = 100_000
	importRowsQuick = 5_000
	jobPoll         = 20 * time.Millisecond // how often a job is asked for
	jobPatience     = 5 * time.Minute
)

// Import measures an import of a large sheet as a job: how fast it is, and the memory that it takes.
func (s *Suite) Import(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	c, err := s.callboard(ctx, "callboard import")
	if err != nil {
		return nil, nil, err
	}
	defer stopAll(&err, c)
	imp, err := s.importInto(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	figures = imp.figures()
	if s.Quick {
		return figures, nil, nil
	}
	onPostgres, err := s.callboardOnPostgres(ctx, "callboard import PostgreSQL", "bench_import")
	if errors.Is(err, errMissing) {
		s.NotMeasured("import on PostgreSQL", err)
		return figures, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	defer stopAll(&err, onPostgres)
	imp, err = s.importInto(ctx, onPostgres)
	return append(figures, imp.rate(report.Figure{ID: "import_rows_postgres", Name: "import on PostgreSQL"})), nil, err
}

// imported is what was seen of an import.
type imported struct {
	rows          int
	done, settled time.Duration // since it was asked for: until the job was completed, and until all that follows was there
	memory        memoryUse     // until the job was completed
	after         memoryUse     // until all that follows was there
}

// importInto uploads a sheet and imports it. The columns are found by their names.
func (s *Suite) importInto(ctx context.Context, c *contender) (*imported, error) {
	imp := &imported{rows: importRows}
	if s.Quick {
		imp.rows = importRowsQuick
	}
	idle, err := s.idleMemory(ctx, c)
	if err != nil {
		return nil, err
	}
	sheet := dataset.Sheet(imp.rows)
	f, err := c.upload(ctx, "/api/v1/files", "episodes.csv", sheet)
	if err != nil {
		return nil, err
	}
	if err := c.ForgetPeak(); err != nil {
		return nil, err
	}
	began := time.Now()
	if _, err := c.work(ctx, `{"kind":"data-import","args":{"file_id":"`+f.ID+`","show_title":"The Import"}}`); err != nil {
		return nil, err
	}
	imp.done = time.Since(began)
	if imp.memory, err = c.memorySince(idle); err != nil {
		return nil, err
	}
	settling, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	if _, err := c.Settle(settling); err != nil {
		return nil, err
	}
	imp.settled = time.Since(began)
	if imp.after, err = c.memorySince(idle); err != nil {
		return nil, err
	}
	s.Log("%s: %d rows in %.1f s, %.1f s with all that follows; %.0f MB above idle, %.0f in all", c.name, imp.rows, imp.done.Seconds(),
		imp.settled.Seconds(), imp.memory.above(), imp.after.above())
	return imp, c.checkImported(ctx, imp.rows)
}

// checkImported counts the episodes and what follows from them.
func (c *contender) checkImported(ctx context.Context, rows int) error {
	for _, e := range []effect{
		{"episodes", 1, `SELECT count(*) FROM episodes`},
		{"outbox", 1, `SELECT count(*) FROM outbox WHERE name = 'episode_created'`},
		{"activity", 1, `SELECT count(*) FROM activity WHERE action = 'created_episode'`},
		{"activity by episode", 1, `SELECT count(DISTINCT resource_id) FROM activity WHERE action = 'created_episode'`},
		{"notifications", recipients, `SELECT count(*) FROM notifications WHERE resource_type = 'episode'`},
	} {
		n, err := process.Count(ctx, c.Database, e.query)
		if err != nil {
			return err
		}
		if n != int64(rows*e.want) {
			return fmt.Errorf("%s: of %d rows of a sheet there are %d in %s, not %d", c.name, rows, n, e.table, rows*e.want)
		}
	}
	return nil
}

func (imp *imported) figures() []report.Figure {
	memory := imp.memory.figure(report.Figure{
		ID: "import_memory", Name: "import of " + short(imp.rows) + " rows: memory above that of an idle server", Target: report.Target{AtMost: 100},
		Note: "Until the job is completed; what follows from the rows goes on for longer.",
	})
	memory.Parts["MB above idle until all that follows is there"] = imp.after.above()
	return []report.Figure{
		imp.rate(report.Figure{ID: "import_rows_sqlite", Name: "import on SQLite", Target: report.Target{AtLeast: 5000}}), memory,
	}
}

func (imp *imported) rate(f report.Figure) report.Figure {
	rate := func(d time.Duration) float64 { return float64(imp.rows) / d.Seconds() }
	f.Name += " of " + short(imp.rows) + " rows: rows/s until the job is completed"
	f.Unit = "/s"
	f.Note = "Two notifications follow from each row, beside its event and its entry in the log."
	f.Parts = map[string]float64{"rows/s until all that follows is there": rate(imp.settled), "s until the job is completed": imp.done.Seconds()}
	return single(f, []float64{rate(imp.done)})
}

// uploaded is a file as the server tells of it.
type uploaded struct{ ID, URL, SHA256 string }

// upload sends a file of edgar's.
func (c *contender) upload(ctx context.Context, path, name string, content []byte) (uploaded, error) {
	answer, _, err := load.NewFiles(c.Tokens["edgar"]).Upload(ctx, c.URL+path, name, bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return uploaded{}, fmt.Errorf("%s: %w", c.name, err)
	}
	return readUploaded(answer)
}

func readUploaded(answer []byte) (uploaded, error) {
	var a struct{ Data uploaded }
	if err := json.Unmarshal(answer, &a); err != nil {
		return uploaded{}, fmt.Errorf("read the answer to an upload: %w", err)
	}
	return a.Data, nil
}

// worked is a job that is done.
type worked struct {
	ID, Status string
	Error      string
	StartedAt  time.Time `json:"started_at"`
	FinishedAt time.Time `json:"finished_at"`
}

// work queues a job of edgar's and waits until it is completed.
func (c *contender) work(ctx context.Context, request string) (worked, error) {
	ctx, cancel := context.WithTimeout(ctx, jobPatience)
	defer cancel()
	var answer struct{ Data worked }
	if err := c.post(ctx, "/api/v1/jobs", "edgar", request, &answer); err != nil {
		return worked{}, err
	}
	for {
		err := c.ask(ctx, http.MethodGet, "/api/v1/jobs/"+answer.Data.ID, "edgar", "", &answer)
		if err != nil || answer.Data.Status == "completed" {
			return answer.Data, err
		}
		if answer.Data.Error != "" {
			return answer.Data, fmt.Errorf("%s: the job is %s: %s", c.name, answer.Data.Status, answer.Data.Error)
		}
		if err := pause(ctx, jobPoll); err != nil {
			return answer.Data, err
		}
	}
}
