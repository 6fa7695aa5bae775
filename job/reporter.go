package job

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

const (
	// reportEvery is the time between two reports of a job: at most five a second.
	reportEvery = 200 * time.Millisecond
	maxMessage  = 200   // characters
	maxLine     = 2_000 // bytes
	maxLines    = 1_000 // of one attempt
	// estimateAfter is how much must be done, in percent and in time, before the rest can be guessed.
	estimateAfter     = 1.0
	estimateAfterTime = 2 * time.Second
)

// unsaved is what a reporter has not written yet.
type unsaved struct {
	percent float64
	message string
	end     *time.Time
	changed bool // of these
	lines   []LogLine
}

// reporter writes and sends the progress that a handler reports, from a goroutine that starts with the first report.
// Reporting never waits.
type reporter struct {
	run   *Run
	began time.Time

	mu      sync.Mutex
	state   unsaved
	lines   int // taken in this attempt
	stopped bool

	ctx    context.Context // of the goroutine
	cancel context.CancelFunc
	start  sync.Once
	loop   sync.WaitGroup
	wake   sqldb.Wakeup
}

func newReporter(run *Run) *reporter {
	r := &reporter{run: run, began: time.Now(), wake: sqldb.NewWakeup(), state: unsaved{percent: run.job.Progress, message: run.job.Message}}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	return r
}

func (r *reporter) progressed(percent float64, message string) {
	if math.IsNaN(percent) {
		return
	}
	percent = math.Round(10*min(max(percent, 0), 100)) / 10
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped || r.state.percent == percent && r.state.message == message {
		return
	}
	r.state.percent, r.state.message, r.state.end, r.state.changed = percent, clip(message, maxMessage), r.estimate(percent), true
	r.raise()
}

// estimate guesses when the job will be done from what this attempt has done so far.
func (r *reporter) estimate(percent float64) *time.Time {
	done, took := percent-r.run.job.Progress, time.Since(r.began)
	if done < estimateAfter || took < estimateAfterTime || percent >= 100 {
		return nil
	}
	rest := time.Duration(float64(took) * (100 - percent) / done)
	return new(callboard.Now().Add(rest))
}

func clip(text string, limit int) string {
	text = strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit-1]) + "…"
}

// note takes a line of the log.
func (r *reporter) note(level slog.Level, text string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped || r.lines > maxLines {
		return
	}
	if r.lines++; r.lines > maxLines {
		level, text = slog.LevelWarn, "further lines of this attempt are not kept"
	}
	if len(text) > maxLine {
		text = text[:maxLine]
	}
	r.state.lines = append(r.state.lines, LogLine{
		Attempt: r.run.job.Attempt, At: callboard.Now(), Level: strings.ToLower(level.String()), Line: clip(text, maxLine),
	})
	r.raise()
}

// raise wakes the goroutine, and starts it the first time.
func (r *reporter) raise() {
	r.start.Do(func() { r.loop.Go(r.reportLoop) })
	r.wake.Raise()
}

func (r *reporter) reportLoop() {
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-r.wake:
			r.report(context.WithoutCancel(r.ctx)) // one that has begun is brought to its end
			sqldb.Wait(r.ctx, reportEvery)
		}
	}
}

// report writes and sends what is new. What cannot be written is kept for the next time.
func (r *reporter) report(ctx context.Context) {
	u := r.take()
	if !u.changed && len(u.lines) == 0 {
		return
	}
	err := r.run.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE callboard_jobs SET progress = $2, message = $3, estimated_end = $4 WHERE id = $1`,
			r.run.job.ID, u.percent, u.message, sqldb.OptionalTime(u.end))
		if err != nil {
			return err
		}
		return insertLines(ctx, tx, r.run.job.ID, u.lines)
	})
	if errors.Is(err, ErrLeaseLost) || errors.Is(err, errRights) {
		return // progress of a lost attempt is not sent
	}
	if err != nil {
		r.putBack(u)
		r.run.service.log.DebugContext(ctx, "progress of a job is not kept", "job_id", r.run.job.ID, "error", err)
		return
	}
	r.send(ctx, u)
}

// take returns what is new.
func (r *reporter) take() unsaved {
	r.mu.Lock()
	defer r.mu.Unlock()
	u := r.state
	r.state.changed, r.state.lines = false, nil
	return u
}

func (r *reporter) putBack(u unsaved) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state.lines = append(u.lines, r.state.lines...)
	r.state.changed = r.state.changed || u.changed
	if !r.stopped {
		r.wake.Raise()
	}
}

func (r *reporter) send(ctx context.Context, u unsaved) {
	s, j := r.run.service, r.run.job
	if !u.changed || s.cfg.Live == nil {
		return
	}
	ev := callboard.JobProgress.NewRelated(asSystem(ctx), s.resource(j), j.around(), callboard.ProgressData{
		Kind: j.Kind, Attempt: j.Attempt, Progress: u.percent, Message: u.message, EstimatedEnd: u.end,
	})
	if err := s.cfg.Live.Ephemeral(ctx, ev); err != nil {
		s.log.DebugContext(ctx, "progress of a job is not sent", "job_id", j.ID, "error", err)
	}
}

// stop ends the reporting: nothing is taken any more. It sends the last progress, and returns what is still to be written
// along with the end of the attempt.
func (r *reporter) stop(ctx context.Context) unsaved {
	r.mu.Lock()
	r.stopped = true
	r.mu.Unlock()
	r.cancel()
	r.loop.Wait()
	u := r.take()
	r.send(ctx, u)
	return u
}

// lineHandler makes lines of log records: the message and the attributes, as text.
type lineHandler struct {
	slog.Handler // writes to line
	line         *strings.Builder
	reporter     *reporter
	mu           *sync.Mutex
}

func newLineHandler(r *reporter) slog.Handler {
	line := &strings.Builder{}
	text := slog.NewTextHandler(line, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: withoutHead})
	return lineHandler{text, line, r, &sync.Mutex{}}
}

// withoutHead leaves out what a line has a column for.
func withoutHead(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && (a.Key == slog.TimeKey || a.Key == slog.LevelKey || a.Key == slog.MessageKey) {
		return slog.Attr{}
	}
	return a
}

// Handle implements slog.Handler.
func (h lineHandler) Handle(ctx context.Context, record slog.Record) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.line.Reset()
	if err := h.Handler.Handle(ctx, record); err != nil {
		return err
	}
	text := strings.TrimSpace(record.Message + " " + strings.TrimSpace(h.line.String()))
	h.reporter.note(record.Level, text)
	r := h.reporter.run
	r.service.log.DebugContext(ctx, "job: "+text, "job_id", r.job.ID)
	return nil
}

// WithAttrs implements slog.Handler.
func (h lineHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return lineHandler{h.Handler.WithAttrs(attrs), h.line, h.reporter, h.mu}
}

// WithGroup implements slog.Handler.
func (h lineHandler) WithGroup(name string) slog.Handler {
	return lineHandler{h.Handler.WithGroup(name), h.line, h.reporter, h.mu}
}
