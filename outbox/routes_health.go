package outbox

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/sqldb"
)

const (
	// lateAfter is how old the oldest event may be that a consumer has not taken, before it counts as late.
	lateAfter = 10 * time.Second
	// listedLetters is how many dead letters one answer lists.
	listedLetters = 100
	// shownError bounds an error text that is shown, in characters.
	shownError = 200
)

func (l *Log) healthRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "events-health", Method: http.MethodGet, Path: "/api/v1/events/health", Tag: tag, Access: httpapi.Admin,
		Summary: "What follows from events and is still owed, and why",
		Description: "Each consumer of the log with how far it is behind, and the oldest 100 of the events that failed alone, with the reason " +
			"and the next try. Error texts are cut, and addresses with passwords, tokens and the like are blanked.",
	}, l.getHealth)
	httpapi.Register(a, httpapi.Route{
		ID: "retry-events", Method: http.MethodPost, Path: "/api/v1/events/health/retry", Tag: tag, Access: httpapi.Admin,
		Message: "Events are tried again", Example: `{"consumer":"activity"}`,
		Summary: "Try events again now that failed alone", Description: "They are tried again by themselves, each time after a longer pause. None can be " +
			"skipped: nothing that follows from an event is dropped.",
	}, l.postRetry)
}

type healthView struct {
	LastPos        int64          `json:"last_pos" doc:"The newest position."`
	Waiting        int            `json:"waiting" doc:"Events that have no position yet."`
	WaitingSeconds float64        `json:"waiting_seconds" doc:"Age of the oldest of them."`
	Leading        bool           `json:"leading" doc:"The server that answers runs the consumers."`
	Consumers      []consumerView `json:"consumers" nullable:"false" doc:"In the order in which they are set up."`
	Letters        []letterView   `json:"dead_letters" nullable:"false" doc:"Events that failed alone, oldest first, at most 100."`
	MoreLetters    bool           `json:"more_dead_letters" doc:"There are more of them."`
}

type consumerView struct {
	Name       string  `json:"name" doc:"Name of the consumer." example:"activity"`
	Status     string  `json:"status" enum:"ready,late,failing,stalled,off" doc:"stalled: everything fails, and it stands still; failing: some events do; late: it is behind; off: nobody runs it here."`
	Detail     string  `json:"detail" doc:"The same in words." example:"has taken everything"`
	Pos        int64   `json:"pos" doc:"Position up to which it has come."`
	LagEvents  int     `json:"lag_events" doc:"Events after that."`
	LagSeconds float64 `json:"lag_seconds" doc:"Age of the oldest of them."`
	Failures   int     `json:"failures" doc:"In a row, at its position; 0 while it goes on."`
	Error      string  `json:"error,omitempty" doc:"Why it failed last; absent while it goes on." example:"no such table: callboard_activity"`
	Letters    int     `json:"dead_letters" doc:"Events that failed alone."`
}

type letterView struct {
	Consumer     string    `json:"consumer" doc:"Who could not take it." example:"inbox"`
	Pos          int64     `json:"pos" doc:"Position of the event."`
	EventID      string    `json:"event_id" doc:"ID of the event."`
	Event        string    `json:"event" doc:"Name of the event." example:"episode_updated"`
	ResourceType string    `json:"resource_type" doc:"Type of what it happened to; empty when it is about nothing."`
	ResourceID   string    `json:"resource_id" doc:"ID of that."`
	Attempts     int       `json:"attempts" doc:"How often it was tried."`
	NextAt       time.Time `json:"next_at" doc:"When it is tried again."`
	Error        string    `json:"error" doc:"Why it failed last; empty where it waits for another consumer's work." example:"the users could not be looked up"`
	Since        time.Time `json:"since" doc:"When it failed first."`
}

func (l *Log) getHealth(ctx context.Context, _ *struct{}) (*httpapi.Body[healthView], error) {
	stats, err := l.Stats(ctx)
	if err != nil {
		return nil, err
	}
	view := healthView{
		LastPos: stats.LastPos, Waiting: stats.Depth, WaitingSeconds: stats.DepthLag.Seconds(), Leading: stats.Leading,
		Consumers: make([]consumerView, len(stats.Consumers)),
	}
	for i, c := range stats.Consumers {
		view.Consumers[i] = consumerViewOf(c)
	}
	q := l.cfg.DB
	rows, err := q.QueryContext(ctx, `SELECT d.consumer, d.pos, d.event_id, coalesce(callboard_outbox.name, ''), coalesce(callboard_outbox.resource_type, ''),
			coalesce(callboard_outbox.resource_id, ''), d.attempts, d.next_at, d.error, d.created_at
		FROM (SELECT * FROM callboard_dead_letters ORDER BY pos, consumer LIMIT $1) d LEFT JOIN callboard_outbox ON `+posColumn(q)+` = d.pos
		ORDER BY d.pos, d.consumer`, listedLetters+1)
	letters, err := sqldb.Collect(rows, err, "read dead letters", func(row sqldb.Scanner) (v letterView, err error) {
		var next, since sqldb.Time
		err = row.Scan(&v.Consumer, &v.Pos, &v.EventID, &v.Event, &v.ResourceType, &v.ResourceID, &v.Attempts, &next, &v.Error, &since)
		v.NextAt, v.Since, v.Error = next.Time, since.Time, shownErrorOf(v.Error)
		return v, err
	})
	view.MoreLetters = len(letters) > listedLetters
	view.Letters = append([]letterView{}, letters[:min(len(letters), listedLetters)]...)
	return httpapi.OK(view), err
}

func consumerViewOf(c ConsumerStats) consumerView {
	v := consumerView{
		Name: c.Name, Pos: c.Pos, LagEvents: c.LagEvents, LagSeconds: c.Lag.Seconds(), Failures: c.Failures, Error: shownErrorOf(c.Error), Letters: c.DeadLetters,
	}
	behind := fmt.Sprintf("%d events behind, the oldest for %s", c.LagEvents, c.Lag.Round(time.Second))
	switch {
	case c.Off:
		v.Status, v.Detail = "off", fmt.Sprintf("nobody runs it here, and %d events wait for it", c.DeadLetters)
	case c.Failures > 0:
		v.Status, v.Detail = "stalled", fmt.Sprintf("stands still %s, and failed %d times in a row; it goes on by itself once the cause is removed", behind, c.Failures)
	case c.DeadLetters > 0:
		v.Status, v.Detail = "failing", fmt.Sprintf("could not take %d events, and tries them again; all others are taken", c.DeadLetters)
	case c.Lag > lateAfter:
		v.Status, v.Detail = "late", behind+"; nothing is lost"
	case c.LagEvents > 0:
		v.Status, v.Detail = "ready", behind
	default:
		v.Status, v.Detail = "ready", "has taken everything"
	}
	return v
}

type retryInput struct {
	Body struct {
		Consumer string `json:"consumer,omitempty" maxLength:"64" doc:"Only those of this consumer."`
		Pos      int64  `json:"pos,omitempty" minimum:"1" doc:"Only that at this position."`
	}
}

type retried struct {
	Retried int64 `json:"retried" doc:"How many are tried again within a moment."`
}

func (l *Log) postRetry(ctx context.Context, in *retryInput) (*httpapi.Body[retried], error) {
	n, err := l.RetryDeadLetters(ctx, in.Body.Consumer, in.Body.Pos)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(retried{n}), nil
}

// RetryDeadLetters makes dead letters due now: those of a consumer, or of all when it is empty; that at a position, or all when it is 0; of
// consumers of every node those of this one. It returns how many there are.
func (l *Log) RetryDeadLetters(ctx context.Context, consumer string, pos int64) (int64, error) {
	here := int64(0)
	for _, c := range l.consumers {
		if c.EveryNode && (consumer == "" || consumer == c.Name) {
			here += c.dueNow(pos)
			l.cfg.DB.Raise(c.wakeTopic())
		}
	}
	kept, err := sqldb.WriteValue(ctx, l.cfg.DB, func(ctx context.Context, tx *sqldb.Tx) (int64, error) {
		result, err := tx.ExecContext(ctx, `UPDATE callboard_dead_letters SET next_at = $1
			WHERE (CAST($2 AS TEXT) = '' OR consumer = $2) AND (CAST($3 AS BIGINT) = 0 OR pos = $3)`,
			sqldb.Time{Time: l.cfg.Now()}, consumer, pos)
		if err != nil {
			return 0, fmt.Errorf("make dead letters due: %w", err)
		}
		return result.RowsAffected()
	})
	return here + kept, err
}

// secrets are parts of error texts that nobody needs to read: passwords in addresses, tokens, and what is set equal to one.
func secrets() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`//[^/\s@]*@`),
		regexp.MustCompile(`(?i)(password|passwd|pwd|secret|token|api_?key|access_?key|authorization)["']?\s*[=:]\s*\S+`),
		regexp.MustCompile(`(?i)bearer\s+\S+`),
		regexp.MustCompile(`\b(cb|cs)_[A-Za-z0-9_-]{16,}`),
		regexp.MustCompile(`\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]+`),
	}
}

// shownErrorOf returns an error text as it is shown: on one line, without secrets, and cut.
func shownErrorOf(text string) string {
	for _, secret := range secrets() {
		text = secret.ReplaceAllString(text, "…")
	}
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > shownError {
		text = string(runes[:shownError]) + "…"
	}
	return text
}
