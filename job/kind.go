package job

import (
	"cmp"
	"context"
	"encoding/json"
	"reflect"
	"time"

	"github.com/callboard/callboard"
)

// Args are the arguments of a kind of jobs: a struct whose JSON form is what a caller sends. Its tags are those of the
// REST API (`doc`, `format`, `maxLength` and so on).
type Args interface {
	// Kind returns the name of the kind, in kebab-case: "thumbnail-generation". It is called on the zero value.
	Kind() string
}

// Limits of a kind.
const (
	MaxAttempts        = 25
	maxTimeout         = 24 * time.Hour
	defaultConcurrency = 2
	defaultTimeout     = 10 * time.Minute
	defaultAttempts    = 5
	defaultBackoff     = 2 * time.Second
)

// Settings say how jobs of a kind run. The zero value means what the comments say.
type Settings struct {
	Title       string        // for people, in notifications: "Thumbnails". Default: the name of the kind
	Summary     string        // what it does, for the list of kinds
	Concurrency int           // how many run at the same time on one node; 0 means 2
	PerOwner    int           // how many a user may have pending and processing; 0 means no limit
	Timeout     time.Duration // of one attempt; 0 means 10 minutes, at most a day
	MaxAttempts int           // unless the caller chooses; 0 means 5
	Backoff     time.Duration // wait after the first failure, doubled after each further one; 0 means 2 s
}

func (s Settings) withDefaults(name string) Settings {
	return Settings{
		Title: cmp.Or(s.Title, name), Summary: s.Summary, Concurrency: cmp.Or(s.Concurrency, defaultConcurrency), PerOwner: s.PerOwner,
		Timeout:     min(cmp.Or(s.Timeout, defaultTimeout), maxTimeout),
		MaxAttempts: min(max(cmp.Or(s.MaxAttempts, defaultAttempts), 1), MaxAttempts),
		Backoff:     cmp.Or(s.Backoff, defaultBackoff),
	}
}

// Placement is where a job belongs, as the check of its arguments found it.
type Placement struct {
	EpisodeID string // the episode it belongs to; empty for none
	// Unique, when set, is what this job is about: while a job of the kind with the same Unique is pending or processing,
	// another one is refused with CodeConflict.
	Unique string
}

// Definition is a kind of jobs, as its developer writes it. Work is required.
type Definition[A Args] struct {
	Settings
	// Check, when set, looks at the arguments before the job is queued, as the one who asks for it: an error, for people,
	// refuses it.
	Check func(ctx context.Context, args A) (Placement, error)
	// Work does the job, and returns its result: a value that encodes to at most 64 KB of JSON, or nil. The actor of ctx is
	// the owner of the job, with the role that it has when the attempt begins. An owner who is disabled, or has lost a role, fails
	// the job at the next attempt or write. Work returns soon when ctx ends.
	//
	// An error fails the attempt. One that says that the input is at fault (a *callboard.Error such as CodeInvalid or
	// CodeNotFound) fails the job; after any other it is tried again. Only the message of a *callboard.Error is shown to
	// people. A result beside the error is kept when the job has failed with it.
	Work func(ctx context.Context, run *Run, args A) (any, error)
}

// Kind is a kind of jobs that a Service can run.
type Kind struct {
	Settings
	Name string

	args  reflect.Type
	check func(ctx context.Context, args json.RawMessage) (Placement, error)
	work  func(ctx context.Context, run *Run, args json.RawMessage) (any, error)
}

// Define makes a Kind of its definition. It panics on one that cannot work, as a program that starts so is wrong.
func Define[A Args](d Definition[A]) Kind {
	var zero A
	name := zero.Kind()
	if !callboard.ValidName(name) || d.Work == nil {
		panic("job: the definition of a kind needs a name of letters, digits and hyphens, and its work")
	}
	return Kind{
		Settings: d.withDefaults(name), Name: name, args: reflect.TypeFor[A](),
		check: func(ctx context.Context, raw json.RawMessage) (Placement, error) {
			args, err := decodeArgs[A](raw)
			if err != nil || d.Check == nil {
				return Placement{}, err
			}
			return d.Check(ctx, args)
		},
		work: func(ctx context.Context, run *Run, raw json.RawMessage) (any, error) {
			args, err := decodeArgs[A](raw)
			if err != nil {
				return nil, err
			}
			return d.Work(ctx, run, args)
		},
	}
}

func decodeArgs[A Args](raw json.RawMessage) (args A, err error) {
	if err := json.Unmarshal(raw, &args); err != nil {
		return args, callboard.Wrap(err, callboard.CodeInvalid, "the arguments do not fit the kind of job")
	}
	return args, nil
}
