package suite

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"callboard/bench/report"
	"callboard/bench/sockets"
)

const (
	// Jobs are queued so far apart that one is done before the next, and never in step with anything that runs at fixed times.
	jobEvery, jobJitter = 20 * time.Millisecond, 30 * time.Millisecond
	jobsBefore          = 5 // that do not count
	startTimeout        = 10 * time.Second
)

// startDelay measures on an idle server how soon everybody who listens knows that a job has started.
func (s *Suite) startDelay(ctx context.Context, j *jobServer) (f report.Figure, err error) {
	swarm, err := sockets.Open(ctx, j.URL, sockets.Centrifuge(), []string{j.Tokens["vic"]}, 1)
	if err != nil {
		return f, fmt.Errorf("%s: %w", j.name, err)
	}
	defer swarm.Close()
	started := arrivals{at: map[string]time.Time{}, came: make(chan struct{}, 1)}
	swarm.Hear(started.take)
	n := 200
	if s.Quick {
		n = 40
	}
	random := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // shall be the same each time
	var fromAnswer, fromRequest []float64
	for i := range jobsBefore + n {
		if err := pause(ctx, jobEvery+time.Duration(random.Int64N(int64(jobJitter)))); err != nil {
			return f, err
		}
		sent, answered, at, err := j.startOne(ctx, &started)
		if err != nil {
			return f, err
		}
		if i >= jobsBefore {
			fromAnswer = append(fromAnswer, max(0, at.Sub(answered).Seconds()*1000)) // it may even be there before
			fromRequest = append(fromRequest, at.Sub(sent).Seconds()*1000)
		}
	}
	if err := j.finish(ctx); err != nil {
		return f, err
	}
	f = single(report.Figure{
		ID: "job_start_" + j.id, Name: "job queued → job_started on a socket, idle server on " + j.database + ": p99", Unit: "ms",
		Target: report.Target{AtMost: j.startMS},
		Note:   "The clock starts when the answer to the request is there, which is sent once the job is committed.",
		Parts: map[string]float64{
			"jobs": float64(n), "p50 ms": report.Median(fromAnswer), "most ms": slices.Max(fromAnswer), "p99 ms since the request left": percentile99(fromRequest),
			"p50 ms since the request left": report.Median(fromRequest),
		},
	}, []float64{percentile99(fromAnswer)})
	s.Log("%s: a job starts within %.1f ms (p50), %.1f ms (p99), %.1f ms (most)", j.name, f.Parts["p50 ms"], f.Value, f.Parts["most ms"])
	return f, j.checkJobs(ctx)
}

// startOne queues a job and waits for the message that it has started.
func (j *jobServer) startOne(ctx context.Context, started *arrivals) (sent, answered, at time.Time, err error) {
	var answer struct{ Data struct{ ID string } }
	sent = time.Now()
	err = j.ask(ctx, http.MethodPost, "/api/v1/jobs", "edgar", noOpBody, &answer)
	answered = time.Now()
	if err != nil {
		return sent, answered, at, err
	}
	j.jobs.Add(answer.Data.ID)
	at, err = started.await(ctx, answer.Data.ID)
	return sent, answered, at, err
}

// arrivals are the jobs of which a socket has told that they have started, and when it did.
type arrivals struct {
	mutex sync.Mutex
	at    map[string]time.Time
	came  chan struct{}
}

// take looks for a job that has started in a message.
func (a *arrivals) take(at time.Time, message []byte) {
	if !bytes.Contains(message, []byte(`"event":"job_started"`)) {
		return
	}
	_, rest, _ := bytes.Cut(message, []byte(`"resource":{"type":"job","id":"`))
	id, _, found := bytes.Cut(rest, []byte(`"`))
	if !found {
		return
	}
	a.mutex.Lock()
	a.at[string(id)] = at
	a.mutex.Unlock()
	select {
	case a.came <- struct{}{}:
	default: // it is raised
	}
}

func (a *arrivals) await(ctx context.Context, id string) (time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for {
		a.mutex.Lock()
		at, there := a.at[id]
		a.mutex.Unlock()
		if there {
			return at, nil
		}
		select {
		case <-a.came:
		case <-ctx.Done():
			return at, fmt.Errorf("job %s has not started within %s", id, startTimeout)
		}
	}
}
