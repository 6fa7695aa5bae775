package job

import (
	"context"
	"errors"
	"fmt"
)

// Run works on jobs until ctx ends, and returns when it has stopped: nothing new is begun, what runs gets StopGrace to end,
// then its contexts end, and what has not come to its end waits for the next start. leads tells whether this node does what
// one node does for all.
func (s *Service) Run(ctx context.Context, leads func() bool) error {
	alive, stopAlive := context.WithCancel(context.WithoutCancel(ctx))
	defer stopAlive()
	held, err := s.node.hold(alive)
	if err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	defer held()
	defer stopAlive()
	if err := s.reconcileAtStart(ctx); err != nil {
		return fmt.Errorf("start jobs: %w", err)
	}
	if err := s.client.Start(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("start the job queue: %w", err)
	}
	if err := s.admin.Start(ctx); err != nil {
		return fmt.Errorf("start the pages of the job queue: %w", errors.Join(err, s.stop()))
	}
	s.reconcileLoop(ctx, leads)
	return s.stop()
}

// stop ends the work: gently for StopGrace, then by ending the contexts of what still runs.
func (s *Service) stop() error {
	stopped := make(chan error, 1)
	go func() { stopped <- s.client.Stop(context.Background()) }()
	grace, cancel := context.WithTimeout(context.Background(), s.cfg.StopGrace)
	defer cancel()
	select {
	case err := <-stopped:
		return err
	case <-grace.Done():
	}
	s.stopping.Store(true)
	patience, cancel := context.WithTimeout(context.Background(), s.cfg.AbandonAfter+s.cfg.StopGrace)
	defer cancel()
	return s.client.StopAndCancel(patience)
}
