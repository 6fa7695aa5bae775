package job

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/internal/sheet"
)

const (
	tag  = "Jobs"
	path = "/api/v1/jobs"
)

// Routes adds the routes of jobs to a.
func (s *Service) Routes(a huma.API) {
	shapes := map[string]httpapi.Shape{}
	for name, kind := range s.kinds {
		shapes[name] = httpapi.ShapeOf(a, kind.args)
	}
	s.readRoutes(a, shapes)
	s.writeRoutes(a, shapes)
	s.traceRoutes(a)
}

func (s *Service) readRoutes(a huma.API, shapes map[string]httpapi.Shape) {
	httpapi.Register(a, httpapi.Route{
		ID: "list-jobs", Method: http.MethodGet, Path: path, Tag: tag, Access: httpapi.SignedIn,
		Summary: "List jobs, newest first", Description: "One's own jobs; admins see all.",
	}, s.getList)
	httpapi.Register(a, httpapi.Route{
		ID: "list-job-kinds", Method: http.MethodGet, Path: path + "/kinds", Tag: tag, Access: httpapi.SignedIn,
		Summary: "The kinds of jobs, and what arguments they take",
	}, func(context.Context, *struct{}) (*httpapi.Body[[]kindView], error) { return s.getKinds(shapes), nil })
	httpapi.Register(a, httpapi.Route{
		ID: "job-stats", Method: http.MethodGet, Path: path + "/stats", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Counts and durations by kind", Description: "Of one's own jobs; admins see all.",
	}, s.getStats)
	httpapi.Register(a, httpapi.Route{
		ID: "get-job", Method: http.MethodGet, Path: path + "/{id}", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Get a job of one's own; admins get any", Description: "Its progress is the current one, also for who has missed live messages.",
	}, one(s.Get))
}

func (s *Service) writeRoutes(a huma.API, shapes map[string]httpapi.Shape) {
	refs := map[string]*huma.Schema{} // without a reference the document would leave the arguments out
	for name, shape := range shapes {
		refs[name] = shape.Reference()
	}
	httpapi.Register(a, httpapi.Route{
		ID: "queue-job", Method: http.MethodPost, Path: path, Tag: tag, Access: httpapi.Editor, Status: http.StatusCreated,
		Message: "Job queued successfully", Errors: []int{http.StatusNotFound, http.StatusTooManyRequests}, Example: `{"kind":"bulk-export","args":{"what":"episodes","format":"csv"}}`,
		Emits: []string{callboard.JobQueued.Name}, Summary: "Queue a job",
		Description: "GET /jobs/kinds lists the kinds and the schemas of their arguments. A job that does the same as one that " +
			"is under way, such as the thumbnails of one file, is refused with 409, and one beyond what its kind allows a user to have " +
			"under way with 429.",
		Document: func(op *huma.Operation) { op.Extensions[httpapi.ExtensionArgs] = refs },
	}, func(ctx context.Context, in *struct{ Body queueBody }) (*httpapi.Body[view], error) {
		return s.post(ctx, in.Body, shapes)
	})
	httpapi.Register(a, httpapi.Route{
		ID: "cancel-job", Method: http.MethodPost, Path: path + "/{id}/cancel", Tag: tag, Access: httpapi.SignedIn,
		Message: "Job cancelled successfully",
		Emits:   []string{callboard.JobCancelled.Name}, Summary: "Call a job off",
		Description: "At once, also one that is being processed: it commits nothing from then on. What it has committed stays.",
	}, one(s.Cancel))
	httpapi.Register(a, httpapi.Route{
		ID: "retry-job", Method: http.MethodPost, Path: path + "/{id}/retry", Tag: tag, Access: httpapi.Editor,
		Message: "Job queued again successfully", Errors: []int{http.StatusTooManyRequests},
		Emits: []string{callboard.JobQueued.Name}, Summary: "Start a job once more that failed or was cancelled",
		Description: "It goes on from what it has saved of its work, with all its attempts before it. A job that waits for its " +
			"next attempt gets it now, which emits nothing.",
	}, one(s.Retry))
}

// view is a job on the wire.
type view Job

func viewOf(j Job) view { return view(j) }

// one answers with the job that the request names, after do.
func one(do func(ctx context.Context, id string) (Job, error)) func(context.Context, *httpapi.IDInput) (*httpapi.Body[view], error) {
	return func(ctx context.Context, in *httpapi.IDInput) (*httpapi.Body[view], error) {
		j, err := do(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		return httpapi.OK(view(j)), nil
	}
}

type listInput struct {
	Status    string `query:"status" enum:"pending,processing,completed,failed,cancelled" doc:"Only those with this status."`
	Kind      string `query:"kind" maxLength:"64" doc:"Only those of this kind."`
	EpisodeID string `query:"episode_id" format:"uuid" doc:"Only those of this episode."`
	OwnerID   string `query:"owner_id" maxLength:"128" doc:"Only those of this user; others' need the admin role."`
	httpapi.PageInput
}

func (s *Service) getList(ctx context.Context, in *listInput) (*httpapi.ListBody[view], error) {
	f := Filter{Status: Status(in.Status), Kind: in.Kind, EpisodeID: in.EpisodeID, OwnerID: in.OwnerID}
	list, err := s.List(ctx, f, in.Page())
	return httpapi.ListViews(list, err, in.Page(), viewOf)
}

type queueBody struct {
	Kind        string         `json:"kind" minLength:"1" maxLength:"64" doc:"One of GET /jobs/kinds."`
	Args        map[string]any `json:"args,omitempty" doc:"As the schema of the kind says."`
	EpisodeID   *string        `json:"episode_id,omitempty" format:"uuid" doc:"The episode that it belongs to. A job about a file belongs to that of the file."`
	Priority    int            `json:"priority,omitempty" minimum:"1" maximum:"4" default:"2" doc:"Among the jobs of one owner: 1 comes first."`
	MaxAttempts int            `json:"max_attempts,omitempty" minimum:"1" maximum:"25" doc:"How often it is tried; default: as its kind says."`
}

func (s *Service) post(ctx context.Context, b queueBody, shapes map[string]httpapi.Shape) (*httpapi.Body[view], error) {
	if b.Args == nil {
		b.Args = map[string]any{}
	}
	if shape, known := shapes[b.Kind]; known {
		if err := shape.Check("args", b.Args); err != nil {
			return nil, err
		}
	}
	j, err := s.Queue(ctx, Request{
		Kind: b.Kind, Args: b.Args, EpisodeID: b.EpisodeID, Priority: b.Priority, MaxAttempts: b.MaxAttempts,
	})
	if err != nil {
		return nil, err
	}
	return httpapi.OK(view(j)), nil
}

// kindView is a kind of jobs on the wire.
type kindView struct {
	Kind           string `json:"kind" doc:"What to name in a job."`
	Title          string `json:"title" doc:"Name for people." example:"Bulk export"`
	Summary        string `json:"summary" doc:"What it does."`
	TimeoutSeconds int    `json:"timeout_seconds" doc:"Of one attempt."`
	MaxAttempts    int    `json:"max_attempts" doc:"How often it is tried unless the job says otherwise."`
	Concurrency    int    `json:"concurrency" doc:"How many run at the same time on one node."`
	PerOwner       int    `json:"per_owner" doc:"How many one user may have pending and processing; 429 for more. 0 is no limit."`
	ArgsSchema     any    `json:"args_schema" doc:"JSON schema of the arguments. What it refers to is in the OpenAPI document."`
}

func (s *Service) getKinds(shapes map[string]httpapi.Shape) *httpapi.Body[[]kindView] {
	views := make([]kindView, 0, len(s.kinds))
	for name, k := range s.kinds {
		views = append(views, kindView{
			Kind: name, Title: k.Title, Summary: k.Summary, TimeoutSeconds: int(k.Timeout.Seconds()), MaxAttempts: k.MaxAttempts,
			Concurrency: k.Concurrency, PerOwner: k.PerOwner, ArgsSchema: shapes[name].Schema(),
		})
	}
	slices.SortFunc(views, func(a, b kindView) int { return strings.Compare(a.Kind, b.Kind) })
	return httpapi.OK(views)
}

type statsInput struct {
	WindowHours int `query:"window_hours" minimum:"1" maximum:"720" default:"24" doc:"How far back to look, in hours."`
}

// statsView are the figures of one kind on the wire.
type statsView struct {
	Kind       string         `json:"kind" doc:"The kind."`
	Counts     map[Status]int `json:"counts" doc:"By status: those under way, and those that ended within the window."`
	P50Seconds *float64       `json:"p50_seconds" doc:"Median of how long completed jobs ran; null when there are none."`
	P95Seconds *float64       `json:"p95_seconds" doc:"95th percentile of the same."`
}

func (s *Service) getStats(ctx context.Context, in *statsInput) (*httpapi.Body[[]statsView], error) {
	stats, err := s.Stats(ctx, time.Duration(in.WindowHours)*time.Hour)
	if err != nil {
		return nil, err
	}
	views := make([]statsView, len(stats))
	for i, k := range stats {
		views[i] = statsView{Kind: k.Kind, Counts: map[Status]int{}}
		for _, status := range Statuses() {
			views[i].Counts[status] = k.Counts[status]
		}
		if k.Counts[Completed] > 0 {
			views[i].P50Seconds, views[i].P95Seconds = new(k.P50.Seconds()), new(k.P95.Seconds())
		}
	}
	return httpapi.OK(views), nil
}

// traceRoutes adds what a job leaves behind: log lines, and the report of what it could not take.
func (s *Service) traceRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "job-logs", Method: http.MethodGet, Path: path + "/{id}/logs", Tag: tag, Access: httpapi.SignedIn,
		Summary: "What a job has logged, oldest first",
	}, s.getLogs)
	httpapi.Register(a, httpapi.Route{
		ID: "job-report", Lasting: true, Method: http.MethodGet, Path: path + "/{id}/report", Tag: tag, Access: httpapi.SignedIn, Heavy: true,
		Summary:     "Download what a job could not take, as CSV",
		Description: "One line for each item, such as a bad row of an import, with the reason. It can be read while the job runs.",
		Document:    httpapi.Streamed("item,reason,outcome\r\nline 698,title is missing,refused\r\n", "text/csv"),
	}, s.getReport)
}

type reportInput struct {
	httpapi.IDInput
	BOM bool `query:"bom" default:"true" doc:"The file begins with a byte order mark, by which Excel knows UTF-8."`
}

func (s *Service) getReport(ctx context.Context, in *reportInput) (*huma.StreamResponse, error) {
	if _, err := s.Get(ctx, in.ID); err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		out.SetHeader("Content-Type", sheet.CSV.ContentType())
		out.SetHeader("Content-Disposition", `attachment; filename="report.csv"`)
		if err := s.writeReport(out.Context(), out.BodyWriter(), in.ID, sheet.Options{Inert: true, NoBOM: !in.BOM}); err != nil {
			httpapi.BreakOff(err)
		}
	}}, nil
}

func (s *Service) writeReport(ctx context.Context, w io.Writer, id string, opts sheet.Options) error {
	out, err := sheet.NewWriter(w, sheet.CSV, []string{"item", "reason", "outcome"}, opts)
	if err != nil {
		return err
	}
	if err := s.EachProblem(ctx, id, func(p Problem) error { return out.Write([]any{p.Item, p.Reason, p.Outcome}) }); err != nil {
		return err
	}
	return out.Close()
}

// lineView is a log line on the wire.
type lineView LogLine

type logsInput struct {
	httpapi.IDInput
	httpapi.PageInput
}

func (s *Service) getLogs(ctx context.Context, in *logsInput) (*httpapi.ListBody[lineView], error) {
	list, err := s.Lines(ctx, in.ID, in.Page())
	return httpapi.ListViews(list, err, in.Page(), func(l LogLine) lineView { return lineView(l) })
}
