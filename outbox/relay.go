package outbox

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"callboard"
	"callboard/sqldb"
)

// Handler derives rows from events: stage 1. It is called inside the relay's transaction, in a savepoint of its own, with
// events in position order, and must do its work in a number of statements that does not grow with the batch.
//
// When Handle returns an error, all that it did in this call is rolled back and it is called again for each event alone;
// an event that still fails is parked and tried again later. So Handle may see an event more than once, but what it
// wrote for it is committed once.
type Handler interface {
	Name() string
	Handle(ctx context.Context, tx *sqldb.Tx, events []callboard.Event) error
}

// Publisher sends committed events out: stage 2. It is called in position order, without gaps. After an error, and after
// a crash, it is called again from the first event that is not known to be out: at least once. Publishers do not wait for
// each other: one that fails falls behind alone.
//
// A Handler that is a Publisher too is published along with the others, and again for an event that was parked when its
// turn came and was handled later.
type Publisher interface {
	Publish(ctx context.Context, events []callboard.Event) error
}

// Config is what a Relay needs. Only DB is required.
type Config struct {
	DB         *sqldb.DB
	Handlers   []Handler
	Publishers []Publisher
	Logger     *slog.Logger
	Metrics    prometheus.Registerer
	Now        func() time.Time

	BatchSize  int           // events per transaction at the most; 0 means 256
	Poll       time.Duration // how often to look without being woken; 0 means 200 ms
	RetryFirst time.Duration // delay before a parked event is first tried again; 0 means 500 ms. It doubles each time
	RetryMax   time.Duration // longest delay between two tries; 0 means 15 s
	Retention  time.Duration // how long events are kept for GET /events; 0 means 7 days
}

func (c Config) withDefaults() Config {
	setDefault(&c.BatchSize, 256)
	setDefault(&c.Poll, 200*time.Millisecond)
	setDefault(&c.RetryFirst, 500*time.Millisecond)
	setDefault(&c.RetryMax, 15*time.Second)
	setDefault(&c.Retention, 7*24*time.Hour)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = callboard.Now
	}
	return c
}

func setDefault[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// Relay moves events from the outbox to the handlers and the publishers. Many processes may run one on the same
// database; at any time one of them leads and does the work.
type Relay struct {
	cfg     Config
	log     *slog.Logger
	metrics *metrics

	batch     int           // events that the next transaction takes; stage 1's own
	batchTime time.Duration // how long it should take
	leading   atomic.Bool
	committed sqldb.Wakeup // stage 1 has committed something for stage 2
	fresh     fresh        // what it was

	// Progress of stage 2 that stage 1 has yet to save. Only stage 1 writes to the database, since on PostgreSQL both
	// share the leader's connection.
	mu          sync.Mutex
	published   int64
	republished []parkedEvent

	waiters waiters
}

// New returns a relay. Run makes it work.
func New(cfg Config) *Relay {
	cfg = cfg.withDefaults()
	r := &Relay{cfg: cfg, log: cfg.Logger, batch: min(smallBatch, cfg.BatchSize), batchTime: batchTimeSQLite, committed: sqldb.NewWakeup()}
	if cfg.DB != nil && cfg.DB.Dialect() == sqldb.Postgres {
		r.batchTime = batchTimePostgres
	}
	for _, h := range cfg.Handlers {
		if p, ok := h.(Publisher); ok {
			r.cfg.Publishers = append(r.cfg.Publishers, p)
		}
	}
	r.metrics = newMetrics(r)
	return r
}

// Leading reports whether this process does the work at the moment.
func (r *Relay) Leading() bool { return r.leading.Load() }

// Run works until ctx ends, and returns when both stages have stopped. Losing the database or the leadership is not an
// error: it is logged and tried again.
func (r *Relay) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		lead, err := elect(ctx, r.cfg.DB, r.log)
		if err != nil {
			if ctx.Err() == nil {
				r.log.Warn("relay cannot stand for election", "error", err)
				sqldb.Wait(ctx, time.Second)
			}
			continue
		}
		r.lead(ctx, lead)
		lead.resign()
	}
	return nil
}

// lead runs both stages until ctx ends or the leadership is lost.
func (r *Relay) lead(ctx context.Context, lead leader) {
	s, err := readState(ctx, r.cfg.DB, "")
	if err != nil {
		r.log.Warn("relay cannot read its state", "error", err)
		sqldb.Wait(ctx, time.Second)
		return
	}
	r.fresh.forget() // others may have led meanwhile
	r.mu.Lock()
	r.published, r.republished = s.published, nil
	r.mu.Unlock()
	r.leading.Store(true)
	defer r.leading.Store(false)
	r.log.Info("relay leads", "pos", s.last, "published", s.published)

	ctx, cancel := context.WithCancel(ctx)
	var stage2 sync.WaitGroup
	stage2.Go(func() { r.publishLoop(ctx) })
	r.dispatchLoop(ctx, lead)
	cancel()
	stage2.Wait()
	r.saveCursor(lead)
}

// outlive returns a context that ends the given time after ctx does.
func outlive(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		sqldb.Wait(longer, grace)
		cancel()
	})
	return longer, func() {
		stop()
		cancel()
	}
}
