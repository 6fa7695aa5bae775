package job

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"callboard/internal/httpapi"
	"callboard/internal/sheet"
)

// traceRoutes adds what a job leaves behind: log lines, and the report of what it could not take.
func (s *Service) traceRoutes(a *httpapi.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "job-logs", Method: http.MethodGet, Path: path + "/{id}/logs", Tag: tag, Access: httpapi.SignedIn,
		Summary: "What a job has logged, oldest first",
	}, s.getLogs)
	httpapi.Register(a, httpapi.Route{
		ID: "job-report", Method: http.MethodGet, Path: path + "/{id}/report", Tag: tag, Access: httpapi.SignedIn,
		Summary:     "Download what a job could not take, as CSV",
		Description: "One line for each item, such as a bad row of an import, with the reason. It can be read while the job runs.",
	}, s.getReport)
}

func (s *Service) getReport(ctx context.Context, in *httpapi.IDInput) (*huma.StreamResponse, error) {
	if _, err := s.Get(ctx, in.ID); err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		out.SetHeader("Content-Type", sheet.CSV.ContentType())
		out.SetHeader("Content-Disposition", `attachment; filename="report.csv"`)
		if err := s.writeReport(out.Context(), out.BodyWriter(), in.ID); err != nil {
			// The answer has begun; breaking it off is how the client learns that it is not whole.
			panic(http.ErrAbortHandler)
		}
	}}, nil
}

func (s *Service) writeReport(ctx context.Context, w io.Writer, id string) error {
	out, err := sheet.NewWriter(w, sheet.CSV, []string{"item", "reason"}, sheet.Options{Inert: true})
	if err != nil {
		return err
	}
	if err := s.EachProblem(ctx, id, func(p Problem) error { return out.Write([]any{p.Item, p.Reason}) }); err != nil {
		return err
	}
	return out.Close()
}

// lineView is a log line on the wire.
type lineView struct {
	Seq     int64     `json:"seq"`
	Attempt int       `json:"attempt"`
	At      time.Time `json:"at"`
	Level   string    `json:"level"`
	Line    string    `json:"line"`
}

type logsInput struct {
	httpapi.IDInput
	httpapi.PageInput
}

func (s *Service) getLogs(ctx context.Context, in *logsInput) (*httpapi.ListBody[lineView], error) {
	list, err := s.Lines(ctx, in.ID, in.Page())
	return httpapi.ListViews(list, err, in.Page(), func(l LogLine) lineView { return lineView(l) })
}
