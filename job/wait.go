package job

import (
	"context"
	"time"

	"callboard/outbox"
)

// waitPoll is how often a wait looks when nothing is signalled: for a job that another process works on.
const waitPoll = 500 * time.Millisecond

// Wait returns the job once it has come to its end, or ctx's error. See Get for who may read it.
func (s *Service) Wait(ctx context.Context, id string) (Job, error) {
	changes, stop := s.db.Listen(outbox.Topic)
	defer stop()
	for {
		j, err := s.Get(ctx, id)
		if err != nil || j.Status.Done() {
			return j, err
		}
		if err := awaitChange(ctx, changes); err != nil {
			return Job{}, err
		}
	}
}

func awaitChange(ctx context.Context, changes <-chan struct{}) error {
	timer := time.NewTimer(waitPoll)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-changes:
	case <-timer.C:
	}
	return nil
}
