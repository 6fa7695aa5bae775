package apptest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// JobsPath is where jobs are.
const JobsPath = "/api/v1/jobs"

// Job is a job as the API shows it.
type Job struct {
	ID          string          `json:"id"`
	Kind        string          `json:"kind"`
	Status      string          `json:"status"`
	Args        json.RawMessage `json:"args"`
	Attempt     int             `json:"attempt"`
	MaxAttempts int             `json:"max_attempts"`
	Progress    float64         `json:"progress"`
	Message     string          `json:"message"`
	Result      json.RawMessage `json:"result"`
	Error       string          `json:"error"`
	Problems    int             `json:"problems"`
	NextRunAt   *time.Time      `json:"next_run_at"`
}

// Done reports whether the job has come to its end.
func (j Job) Done() bool {
	return j.Status == "completed" || j.Status == "failed" || j.Status == "cancelled"
}

// QueueJob queues a job as the user of a token.
func (s *Site) QueueJob(token, kind string, args any) Job {
	s.t.Helper()
	var j Job
	s.Want(http.StatusCreated, http.MethodPost, JobsPath, token, map[string]any{"kind": kind, "args": args}, &j)
	return j
}

// Job returns a job as an admin sees it.
func (s *Site) Job(id string) Job {
	s.t.Helper()
	var j Job
	s.Want(http.StatusOK, http.MethodGet, JobsPath+"/"+id, s.Users.Admin.Token, nil, &j)
	return j
}

// AwaitJob waits until a job is as wanted. Meanwhile the server may be unable to tell.
func (s *Site) AwaitJob(id, what string, ok func(Job) bool) Job {
	s.t.Helper()
	var j Job
	Eventually(s.t, "the job is "+what, func() error {
		r, err := s.Try(s.t.Context(), http.MethodGet, JobsPath+"/"+id, s.Users.Admin.Token, nil)
		if err == nil && r.Status != http.StatusOK {
			err = fmt.Errorf("answer %d %.300s", r.Status, r.Body)
		}
		if err == nil {
			j = Job{}
			err = r.JSON(&struct{ Data any }{&j})
		}
		if err == nil && !ok(j) {
			err = fmt.Errorf("it is %+v", j)
		}
		return err
	})
	return j
}

// AwaitJobStatus waits until a job has a status.
func (s *Site) AwaitJobStatus(id, status string) Job {
	s.t.Helper()
	return s.AwaitJob(id, status, func(j Job) bool { return j.Status == status })
}

// AwaitDone waits until a job has come to its end.
func (s *Site) AwaitDone(id string) Job {
	s.t.Helper()
	return s.AwaitJob(id, "done", Job.Done)
}

// Jobs returns all jobs, newest first.
func (s *Site) Jobs() []Job {
	s.t.Helper()
	var all []Job
	for cursor := ""; ; {
		var page struct {
			Data       []Job `json:"data"`
			Pagination struct {
				NextCursor string `json:"next_cursor"`
			} `json:"pagination"`
		}
		r := s.Do(http.MethodGet, JobsPath+"?limit=200&cursor="+cursor, s.Users.Admin.Token, nil)
		if err := r.JSON(&page); err != nil || r.Status != http.StatusOK {
			s.t.Fatalf("list jobs: %d %s", r.Status, r.Body)
		}
		all = append(all, page.Data...)
		if cursor = page.Pagination.NextCursor; cursor == "" {
			return all
		}
	}
}
