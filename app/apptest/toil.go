package apptest

import (
	"context"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/job"
)

// KindToil is a kind of jobs whose handler is the test's.
const KindToil = "toil"

type toilArgs struct {
	Text string `json:"text,omitempty" maxLength:"100"`
}

func (toilArgs) Kind() string { return KindToil }

// Toil is a handler of KindToil; text is the job's only argument.
type Toil func(ctx context.Context, run *job.Run, text string) (any, error)

// WithToil has the server run jobs of KindToil. newToil gets the app, for what the handler works with.
func WithToil(settings job.Settings, newToil func(*app.App) Toil) func(*app.Config) {
	return func(cfg *app.Config) {
		cfg.NotificationRateLimit = 1_000_000
		cfg.Kinds = func(a *app.App) []job.Kind {
			work := newToil(a)
			return []job.Kind{job.Define(job.Definition[toilArgs]{
				Settings: settings,
				Work: func(ctx context.Context, run *job.Run, args toilArgs) (any, error) {
					return work(ctx, run, args.Text)
				},
			})}
		}
	}
}

// Idler is a handler that does nothing until it is called off.
func Idler(*app.App) Toil {
	return func(ctx context.Context, _ *job.Run, _ string) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
}

// QueueToil queues a job of KindToil as the editor.
func (s *Site) QueueToil(text string) Job {
	s.t.Helper()
	return s.QueueJob(s.Users.Editor.Token, KindToil, map[string]string{"text": text})
}
