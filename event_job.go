package callboard

import "time"

// The events of jobs.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var (
	JobQueued = Define[JobData](EventType{Name: "job_queued", Action: "queued_job",
		Channels: []string{ownChannel, parentChannel, owner},
		Summary:  "A job waits for its turn, for the first time or because somebody retried it."})
	JobStarted = Define[JobData](EventType{Name: "job_started", Action: "started_job",
		Channels: []string{BroadcastChannel, ownChannel}, Summary: "An attempt of a job began."})
	JobProgress = Define[ProgressData](EventType{Name: "job_progress",
		Channels: []string{ownChannel, parentChannel}, Ephemeral: true, Summary: "How far a job has come, at most five times a second."})
	JobCompleted = Define[JobData](EventType{Name: "job_completed", Action: "completed_job",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{owner},
		Message: "{resource} is {data.outcome}", Summary: "A job did what it was asked for."})
	JobRetry = Define[JobData](EventType{Name: "job_retry", Action: "retried_job",
		Channels: []string{BroadcastChannel, ownChannel}, Summary: "An attempt of a job failed or was interrupted, and another one follows."})
	JobFailed = Define[JobData](EventType{Name: "job_failed", Action: "failed_job",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{owner, AudienceRole(RoleAdmin)},
		Message: "{resource} failed", Summary: "A job failed for good."})
	JobCancelled = Define[JobData](EventType{Name: "job_cancelled", Action: "cancelled_job",
		Channels: []string{BroadcastChannel, ownChannel}, Notify: []string{owner},
		Message: "{actor} cancelled {resource}", Summary: "Somebody called a job off. Nothing of it is committed after this."})
)

// JobData is the payload of the job events: the job as it is after the change. Its arguments and its result are not in it, nor is what
// its handler says of them, but for Outcome: they are for those who may read the job.
type JobData struct {
	Kind        string     `json:"kind" doc:"What the job does."`
	Status      string     `json:"status" doc:"pending, processing, completed, failed or cancelled."`
	OwnerID     string     `json:"owner_id" doc:"ID of who asked for it."`
	EpisodeID   *string    `json:"episode_id,omitempty" doc:"The episode that it belongs to."`
	Attempt     int        `json:"attempt" doc:"Counts from 1; 0 while the job has not been started."`
	MaxAttempts int        `json:"max_attempts" doc:"How often it is tried."`
	Error       string     `json:"error,omitempty" doc:"Why the attempt failed, for people. Where the reason may quote what the job worked on, only the job itself tells it."`
	Outcome     string     `json:"outcome,omitempty" doc:"What came of a job that is completed, in a few words that everybody may read: done, or 862 rows in, 1 refused."`
	NextRunAt   *time.Time `json:"next_run_at,omitempty" doc:"When it is tried again."`
	DurationMS  *int64     `json:"duration_ms,omitempty" doc:"How long the attempt ran."`
}

// ProgressData is the payload of job_progress.
type ProgressData struct {
	Kind         string     `json:"kind" doc:"What the job does."`
	Attempt      int        `json:"attempt" doc:"The attempt that is under way."`
	Progress     float64    `json:"progress" doc:"0 to 100."`
	Message      string     `json:"message,omitempty" doc:"What it is at."`
	EstimatedEnd *time.Time `json:"estimated_end,omitempty" doc:"When it will be done if it goes on like this; absent while that cannot be told."`
}
