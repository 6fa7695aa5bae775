package suite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/callboard/callboard/bench/load"
	"github.com/callboard/callboard/bench/process"
	"github.com/callboard/callboard/bench/report"
)

// stored is a file as the server tells of it.
type stored struct{ ID, URL, SHA256 string }

// upload sends a file of edgar's as a form of a browser does, and returns how long that took.
func (c *contender) upload(ctx context.Context, path, name string, content io.Reader) (stored, time.Duration, error) {
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		part, err := form.CreateFormFile("file", name)
		if err == nil {
			_, err = io.Copy(part, content)
		}
		w.CloseWithError(errors.Join(err, form.Close()))
	}()
	var answer bytes.Buffer
	var a struct{ Data stored }
	_, took, err := c.transfer(ctx, http.MethodPost, path, form.FormDataContentType(), r, &answer)
	if err == nil {
		err = json.Unmarshal(answer.Bytes(), &a)
	}
	return a.Data, took, err
}

// transfer sends a body of any length, and writes the answer to w.
func (c *contender) transfer(ctx context.Context, method, path, kind string, body io.Reader, w io.Writer) (int64, time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.URL+path, body)
	if err != nil {
		return 0, 0, err
	}
	req.Header = http.Header{"Authorization": {"Bearer " + c.Tokens["edgar"]}, "Content-Type": {kind}, "Accept-Encoding": {"identity"}}
	began := time.Now()
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return 0, 0, fmt.Errorf("%s %s: %s", method, path, answer.Status)
	}
	size, err := io.Copy(w, answer.Body)
	return size, time.Since(began), err
}

// job is one as the server tells of it.
type job struct {
	ID, Status, Error string
	StartedAt         time.Time `json:"started_at"`
	FinishedAt        time.Time `json:"finished_at"`
}

// work queues a job of edgar's and waits until it is completed.
func (c *contender) work(ctx context.Context, request string) (job, error) {
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	var answer struct{ Data job }
	if err := c.Ask(ctx, http.MethodPost, "/api/v1/jobs", "edgar", request, &answer); err != nil {
		return job{}, err
	}
	for answer.Data.Status != "completed" {
		if answer.Data.Error != "" {
			return answer.Data, fmt.Errorf("the job is %s: %s", answer.Data.Status, answer.Data.Error)
		}
		err := errors.Join(pause(ctx, 20*time.Millisecond), c.Ask(ctx, http.MethodGet, "/api/v1/jobs/"+answer.Data.ID, "edgar", "", &answer))
		if err != nil {
			return answer.Data, err
		}
	}
	return answer.Data, nil
}

// imports measures an import of a large sheet as a job: how fast it is, the memory that it takes, and for how long others wait
// who write meanwhile.
func (s *Suite) imports(ctx context.Context, g *report.Group) error {
	const beside = " beside an import"
	rows, entrants := pick(s, 100_000, 5000), s.callboards("callboard import")
	err := s.compare(ctx, g, comparison{
		entrants: entrants,
		// Each server imports once, before the rounds: its memory is compared with that of an idle one.
		prepare: func(ctx context.Context, c *contender) error { return s.importSheet(ctx, c, rows) },
		turn: func(ctx context.Context, c *contender) error {
			if err := s.createSome(ctx, c, c.name, s.millis(6000, 400)); err != nil {
				return err
			}
			f, _, err := c.upload(ctx, "/api/v1/files", "episodes.csv", strings.NewReader(sheet(rows)))
			if err != nil {
				return err
			}
			imported := make(chan error, 1)
			go func() {
				title := fmt.Sprintf("Import %d", len(g.Rounds(c.name, p99)))
				_, err := c.work(ctx, `{"kind":"data-import","args":{"file_id":"`+f.ID+`","show_title":"`+title+`"}}`)
				imported <- err
			}()
			err = s.createSome(ctx, c, c.name+beside, s.millis(6000, 400))
			_, settled := c.Settle(ctx)
			return errors.Join(err, <-imported, settled)
		},
	})
	for _, e := range entrants {
		target := report.Target{}
		if strings.HasSuffix(e.name, "SQLite") {
			target = report.AtMost(10)
		}
		g.Ratio("creates by others while a sheet is imported ÷ without, on "+e.name+": p99", target, e.name+beside, e.name, p99)
	}
	const name = "import of %s rows on %s: rows/s until the job is completed"
	g.Median(fmt.Sprintf(name, short(rows), "SQLite"), "/s", report.AtLeast(5000), "callboard import SQLite", "rows/s")
	g.Note("Two notifications follow from each row, beside its event and its entry in the log.")
	g.Median("import of "+short(rows)+" rows: memory above that of an idle server", "MB",
		report.AtMost(100), "callboard import SQLite", "MB above idle")
	g.Note("Until the job is completed; what follows from the rows goes on for longer.")
	g.Median(fmt.Sprintf(name, short(rows), "PostgreSQL"), "/s", report.Target{}, "callboard import PostgreSQL", "rows/s")
	return err
}

// createSome creates a few episodes at a fixed rate, as a team does.
func (s *Suite) createSome(ctx context.Context, c *contender, name string, d time.Duration) error {
	p := c.createPlan()
	p.Connections, p.PerSecond, p.Warmup, p.Duration = openConnections, 50, s.millis(1000, 100), d
	r, err := load.Run(ctx, p)
	if err != nil {
		return err
	}
	c.group.Add(name, "p50 ms", r.Percentile(50))
	c.group.Add(name, p99, r.Percentile(99))
	return nil
}

func (s *Suite) importSheet(ctx context.Context, c *contender, rows int) error {
	idle, err := s.idleMemory(ctx, c)
	if err != nil {
		return err
	}
	f, _, err := c.upload(ctx, "/api/v1/files", "episodes.csv", strings.NewReader(sheet(rows)))
	if err != nil {
		return err
	}
	began := time.Now()
	peak, err := c.peakMemory(func() error {
		_, err := c.work(ctx, `{"kind":"data-import","args":{"file_id":"`+f.ID+`","show_title":"The Import"}}`)
		return err
	})
	if err != nil {
		return err
	}
	c.add("rows/s", float64(rows)/time.Since(began).Seconds())
	c.add("MB above idle", peak-idle)
	if _, err := c.Settle(ctx); err != nil {
		return err
	}
	c.add("rows/s until all is done", float64(rows)/time.Since(began).Seconds())
	s.Log("%s: %.0f rows/s, %.0f with all that follows; %.0f MB above idle", c.name, c.last("rows/s"), c.last("rows/s until all is done"), peak-idle)
	for table, n := range map[string]int{
		"callboard_episodes": 1, "callboard_activity WHERE action = 'created_episode'": 1, "callboard_notifications WHERE resource_type = 'episode'": recipients,
		"(SELECT DISTINCT resource_id FROM callboard_activity WHERE action = 'created_episode') AS told": 1,
	} {
		if err := c.checkCount(ctx, int64(n*rows), table); err != nil {
			return err
		}
	}
	return nil
}

// sheet returns episodes as CSV: no two have the same season and number, and one column is of no use to Callboard.
func sheet(rows int) string {
	first := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	var b strings.Builder
	b.WriteString("title,season,number,air_date,status,categories,summary,production_code\n")
	for i := range rows {
		fmt.Fprintf(&b, "%s,%d,%d,%s,draft,\"drama, letters\",\"A letter leads to the harbour, and nobody knows why it was sent.\",S%03dE%03d\n",
			resourceAt(i).name, i/200+1, i%200+1, first.AddDate(0, 0, i%9000).Format(time.DateOnly), i/200+1, i%200+1)
	}
	return b.String()
}

// files measures a large file on its way in and out, and the thumbnails of a large picture.
func (s *Suite) files(ctx context.Context, g *report.Group) error {
	size := pick[int64](s, 2<<30, 128<<20)
	jpg, err := picture(6000, 4000)
	if err != nil {
		return err
	}
	shown := map[*contender]string{} // path of the episode with the picture
	err = s.compare(ctx, g, comparison{
		entrants: s.onSQLite("callboard files", process.Config{}),
		prepare: func(ctx context.Context, c *contender) error {
			var made struct{ Data struct{ ID string } }
			if err := s.largeFile(ctx, c, size); err != nil {
				return err
			}
			err := c.Ask(ctx, http.MethodPost, "/api/v1/episodes", "edgar", `{"title":"The picture"}`, &made)
			shown[c] = "/api/v1/episodes/" + made.Data.ID
			return err
		},
		turn: func(ctx context.Context, c *contender) error {
			f, _, err := c.upload(ctx, shown[c]+"/files", "still.jpg", bytes.NewReader(jpg))
			if err != nil {
				return err
			}
			peak, err := c.peakMemory(func() error {
				done, err := c.work(ctx, `{"kind":"thumbnail-generation","args":{"file_id":"`+f.ID+`"}}`)
				c.add("thumbnails s", done.FinishedAt.Sub(done.StartedAt).Seconds())
				return err
			})
			c.add("thumbnails RSS MB", peak)
			return err
		},
		finish: func(ctx context.Context, c *contender) error { return c.checkThumbnail(ctx, shown[c]) },
	})
	what := fmt.Sprintf("a file of %.0f MB", megabytes(size))
	const server = "callboard files"
	g.Median(what+", up and down: memory above that of an idle server", "MB", report.AtMost(50), server, "large file, MB above idle")
	g.Median("upload of "+what, "MB/s", report.Target{}, server, "upload MB/s")
	g.Note("Until it is durable and the answer is there. Making the file and its sum take CPU of the generator on the same cores.")
	g.Median("download of "+what, "MB/s", report.Target{}, server, "download MB/s")
	g.Note("With its sum.")
	g.Median("thumbnails of a JPEG of 24 megapixels: from job_started to job_completed", "s", report.AtMost(1.5), server, "thumbnails s")
	g.Median("the same: memory of the server", "MB", report.AtMost(300), server, "thumbnails RSS MB")
	g.Note("All of it, not only what the picture takes.")
	return err
}

// largeFile uploads a file that is made on its way, and downloads it again. Neither side may change a byte.
func (s *Suite) largeFile(ctx context.Context, c *contender, size int64) error {
	idle, err := s.idleMemory(ctx, c)
	if err != nil {
		return err
	}
	syscall.Sync() // what the upload before left in the page cache is written now, not while this one is measured
	rate := func(took time.Duration) float64 { return megabytes(size) / took.Seconds() }
	peak, err := c.peakMemory(func() error {
		sent, came := sha256.New(), sha256.New()
		content := io.TeeReader(io.LimitReader(rand.NewChaCha8([32]byte{1}), size), sent)
		f, took, err := c.upload(ctx, "/api/v1/files", "reel.bin", content)
		if err != nil {
			return err
		}
		c.add("upload MB/s", rate(took))
		n, took, err := c.transfer(ctx, http.MethodGet, f.URL, "", nil, came)
		if err != nil {
			return err
		}
		c.add("download MB/s", rate(took))
		if want, got := hex.EncodeToString(sent.Sum(nil)), hex.EncodeToString(came.Sum(nil)); n != size || f.SHA256 != want || got != want {
			return fmt.Errorf("%d bytes were sent with the sum %s, it has %s, and %d came back with %s", size, want, f.SHA256, n, got)
		}
		return nil
	})
	c.add("large file, MB above idle", peak-idle)
	return err
}

// checkThumbnail fails unless the episode shows a picture.
func (c *contender) checkThumbnail(ctx context.Context, episode string) error {
	var shown struct{ Data map[string]any }
	err := c.Ask(ctx, http.MethodGet, episode, "edgar", "", &shown)
	if err == nil {
		_, _, err = c.transfer(ctx, http.MethodGet, fmt.Sprint(shown.Data["thumbnail_url"]), "", nil, io.Discard)
	}
	return err
}

// picture returns a JPEG with about as much detail as a photograph has: areas, edges, and grain. It is the same each time.
func picture(width, height int) ([]byte, error) {
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	grain := uint32(1)
	for i := range m.Y {
		x, y := i%m.YStride, i/m.YStride
		grain = grain*1664525 + 1013904223
		m.Y[i] = byte(uint32(100+x*60/width+(x/97^y/61)&31) + grain>>28)
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = byte(100+i%m.CStride*120/width), byte(110+i/m.CStride*120/height)
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 92}) // that of cameras
	return b.Bytes(), err
}
