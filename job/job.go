// Package job runs work in the background: jobs that survive a crash, show their progress, are retried with backoff, and
// can be cancelled and retried by hand.
//
// The table of jobs is the record: every change of a job's state is one transaction with its event, so that the log has
// each exactly once. River is the engine beneath (internal/riverqueue): it gives what is due to one worker at a time. Where
// the two contradict each other, after a crash above all, reconciling repairs them (see reconcile.go).
//
// A handler runs at least once. What it commits through Run.Write and Run.AtCompletion happens once: both work only while
// the attempt holds the job, and the progress of the work can be saved in the same transaction (Run.SaveCheckpoint).
package job

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/callboard/callboard"
)

// Status is where a job stands.
type Status string

// The statuses. A job that failed and will be tried again is pending, with an error and a time of the next attempt.
const (
	Pending    Status = "pending"
	Processing Status = "processing"
	Completed  Status = "completed"
	Failed     Status = "failed"
	Cancelled  Status = "cancelled"
)

// Statuses lists all statuses in the order of a job's life.
func Statuses() []Status { return []Status{Pending, Processing, Completed, Failed, Cancelled} }

// Done reports whether the job has come to its end. It can be retried by hand unless it is completed.
func (s Status) Done() bool { return slices.Contains([]Status{Completed, Failed, Cancelled}, s) }

// Job is one piece of work, in the form of the API.
type Job struct {
	ID           string          `json:"id" doc:"ID of the job."`
	Kind         string          `json:"kind" doc:"What it does; GET /jobs/kinds lists the kinds."`
	Status       Status          `json:"status" enum:"pending,processing,completed,failed,cancelled" doc:"A job that failed and will be tried again is pending, with error and next_run_at."`
	Priority     int             `json:"priority" doc:"1 to 4, among the jobs of one owner; 1 comes first."`
	Args         json.RawMessage `json:"args" doc:"As the schema of the kind says."`
	EpisodeID    *string         `json:"episode_id" doc:"The episode that it belongs to."`
	OwnerID      string          `json:"owner_id" doc:"ID of who asked for it."`
	OwnerName    string          `json:"owner_name" doc:"Name of who asked for it."`
	Attempt      int             `json:"attempt" doc:"Counts from 1; 0 before the first. A retry by hand starts anew."`
	MaxAttempts  int             `json:"max_attempts" doc:"How often it is tried, 1 to 25."`
	Progress     float64         `json:"progress" doc:"0 to 100."`
	Message      string          `json:"message" doc:"What it is at." example:"writing rows"`
	EstimatedEnd *time.Time      `json:"estimated_end" doc:"When it will be done if it goes on like this; null while that is not known."`
	Result       json.RawMessage `json:"result" doc:"What came of it, as its kind says; null until it is completed. A job that has failed may have one, too."`
	Error        *string         `json:"error" doc:"Why the last attempt failed."`
	Problems     int64           `json:"problems" doc:"Items that it could not take, or about which there is something to say; GET /jobs/{id}/report lists them."`
	CreatedAt    time.Time       `json:"created_at" doc:"When it was asked for."`
	QueuedAt     time.Time       `json:"queued_at" doc:"When it was queued last."`
	StartedAt    *time.Time      `json:"started_at" doc:"Of the last attempt."`
	NextRunAt    *time.Time      `json:"next_run_at" doc:"When the next attempt is due, while it waits for one."`
	FinishedAt   *time.Time      `json:"finished_at" doc:"When it came to its end."`

	ownerRole callboard.Role
	told      string // what the event of a failure says of Error
	outcome   string // what the event of its completion says came of it
	uniqueKey *string
	runID     string // the attempt that holds it
	queueID   int64  // its row in the queue
	saved     bool   // an attempt has saved a checkpoint
}

// around returns what the job belongs to.
func (j Job) around() callboard.Relations {
	around := callboard.Relations{Owner: j.OwnerID}
	if j.EpisodeID != nil {
		around.Parent = callboard.Resource{Type: "episode", ID: *j.EpisodeID}
	}
	return around
}

// owner returns the one who asked for the job, as it was then; of an attempt, as it was when that began.
func (j Job) owner() callboard.Actor {
	return callboard.Actor{ID: j.OwnerID, Name: j.OwnerName, Role: j.ownerRole}
}

func (j Job) data() callboard.JobData {
	d := callboard.JobData{
		Kind: j.Kind, Status: string(j.Status), OwnerID: j.OwnerID, EpisodeID: j.EpisodeID,
		Attempt: j.Attempt, MaxAttempts: j.MaxAttempts, NextRunAt: j.NextRunAt, Error: j.told, Outcome: j.outcome,
	}
	if j.StartedAt != nil && j.FinishedAt != nil {
		d.DurationMS = new(j.FinishedAt.Sub(*j.StartedAt).Milliseconds())
	}
	return d
}

// Problem is an item that a job could not take, such as a bad row of an import, or about which there is something to say.
type Problem struct {
	Item    string // which one: "line 698", an ID
	Outcome string // what became of it, where a kind distinguishes more than that it was not taken: "refused", "skipped"
	Reason  string // for people
}

// LogLine is a line that the handler of a job has logged.
type LogLine struct {
	Seq     int64     `json:"seq" doc:"Counts the lines of the job."`
	Attempt int       `json:"attempt" doc:"The attempt that logged it."`
	At      time.Time `json:"at" doc:"When it was logged."`
	Level   string    `json:"level" doc:"debug, info, warn or error."`
	Line    string    `json:"line" doc:"The text."`
}
