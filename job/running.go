package job

import (
	"context"
	"sync"
)

// running are the attempts of this process. A job can have two at once only while one of them no longer has it.
type running struct {
	mu      sync.Mutex
	cancels map[string]map[*context.CancelCauseFunc]struct{}
}

// add notes an attempt; the function that it returns takes it away.
func (r *running) add(jobID string, cancel context.CancelCauseFunc) (remove func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.cancels == nil {
		r.cancels = map[string]map[*context.CancelCauseFunc]struct{}{}
	}
	if r.cancels[jobID] == nil {
		r.cancels[jobID] = map[*context.CancelCauseFunc]struct{}{}
	}
	r.cancels[jobID][&cancel] = struct{}{}
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.cancels[jobID], &cancel)
		if len(r.cancels[jobID]) == 0 {
			delete(r.cancels, jobID)
		}
	}
}

// cancel ends the attempts of a job, if they run here. Those on other nodes are told by the queue.
func (r *running) cancel(jobID string, cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for cancel := range r.cancels[jobID] {
		(*cancel)(cause)
	}
}
