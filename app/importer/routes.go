package importer

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/job"
)

const tag = "Imports"

// Routes adds the routes of imports to a. The import itself is a job of the kind data-import.
func (s *Service) Routes(a huma.API, jobs *job.Service) {
	httpapi.Register(a, httpapi.Route{
		ID: "plan-import", Method: http.MethodPost, Path: "/api/v1/imports/plan", Tag: tag, Access: httpapi.Editor, Heavy: true, Lasting: true,
		Errors:  []int{http.StatusRequestEntityTooLarge, http.StatusConflict},
		Message: "Nothing was written: this is what an import would do",
		Example: `{"file_id":"01890a5d-ac96-774b-bcce-b302099a8057","show_title":"The Lamp Room"}`,
		Summary: "Say how a sheet would be read, and what would become of its rows",
		Description: "The file was uploaded before. The same body, as the arguments of a job of the kind data-import, does what the plan says, " +
			"row by row, unless the episodes change meanwhile.",
	}, s.postPlan)
	httpapi.Register(a, httpapi.Route{
		ID: "get-refused-rows", Method: http.MethodGet, Path: "/api/v1/imports/{id}/refused", Tag: tag, Access: httpapi.SignedIn, Heavy: true,
		Lasting: true, Summary: "Download the rows that an import refused, to be mended and imported again",
		Description: "The rows are in the shape and format of their file, with one more column that says why. The id is that of the job; " +
			"the file must still be there. A dry run has all of them, too.",
		Document: httpapi.Streamed("title,air_date,refused because\r\nPilot,soon,\"air_date \"\"soon\"\" is not a date\"\r\n", "text/csv"),
	}, func(ctx context.Context, in *httpapi.IDInput) (*huma.StreamResponse, error) {
		return s.getRefused(ctx, jobs, in.ID)
	})
	const mapping = "/api/v1/shows/{id}/import-mapping"
	httpapi.Register(a, httpapi.Route{
		ID: "get-import-mapping", Method: http.MethodGet, Path: mapping, Tag: tag, Access: httpapi.SignedIn,
		Summary: "Get the mapping that imports into a show go by when they name none",
	}, s.getMapping)
	httpapi.Register(a, httpapi.Route{
		ID: "put-import-mapping", Method: http.MethodPut, Path: mapping, Tag: tag, Access: httpapi.Editor,
		Message: "Mapping saved successfully", Example: `{"mapping":{"title":["Episode"],"air_date":["TX Date"]}}`,
		Summary: "Save a mapping for the files of a show",
	}, s.putMapping)
	httpapi.Register(a, httpapi.Route{
		ID: "delete-import-mapping", Method: http.MethodDelete, Path: mapping, Tag: tag, Access: httpapi.Editor,
		Summary: "Take the saved mapping of a show away",
	}, s.deleteMapping)
}

// JobKind is the name of the kind of jobs that import.
const JobKind = "data-import"

// Request is a file and how it is to be imported.
type Request struct {
	FileID string `json:"file_id" format:"uuid" doc:"A sheet that was uploaded: CSV, NDJSON or XLSX."`
	Options
}

// planProblems is how many rows a plan lists.
const planProblems = 100

func (s *Service) postPlan(ctx context.Context, in *struct{ Body Request }) (*httpapi.Body[Report], error) {
	f, content, err := s.cfg.Files.Open(ctx, in.Body.FileID)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return nil, fieldError("file_id", "is not the ID of a file that you may read")
	}
	if err != nil {
		return nil, err
	}
	defer content.Close()
	report, err := s.Plan(ctx, io.NewSectionReader(content, 0, f.Size), f.Size, in.Body.Options, Hooks{})
	if err != nil {
		return nil, err
	}
	report.Problems = report.FirstProblems(planProblems)
	return httpapi.OK(report.Brief()), nil
}

// getRefused reads the file of the import again: nothing of it is kept twice, and what was refused before a crash is there too.
func (s *Service) getRefused(ctx context.Context, jobs *job.Service, id string) (*huma.StreamResponse, error) {
	request, ran, reasons, err := refusedBy(ctx, jobs, id)
	if err != nil {
		return nil, err
	}
	f, content, err := s.cfg.Files.Open(ctx, request.FileID)
	if err != nil {
		return nil, err
	}
	t, _, err := s.open(ctx, content, f.Size, request.Options, ran.Saved)
	if err != nil {
		return nil, errors.Join(err, content.Close())
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		defer content.Close()
		defer func() { _ = t.close() }() // it was only read
		format := t.Layout.Format
		out.SetHeader("Content-Type", format.ContentType())
		out.SetHeader("Content-Disposition", `attachment; filename="refused`+format.Extension()+`"`)
		if err := t.writeRefused(out.Context(), NewRefusedWriter(out.BodyWriter(), format), reasons); err != nil {
			httpapi.BreakOff(err)
		}
	}}, nil
}

// refusedBy returns what a job was asked to import, how it did, and by line why it refused rows.
func refusedBy(ctx context.Context, jobs *job.Service, id string) (request Request, ran State, reasons map[int]string, err error) {
	j, err := jobs.Get(ctx, id)
	if err != nil {
		return Request{}, State{}, nil, err
	}
	if j.Kind != JobKind || json.Unmarshal(j.Args, &request) != nil {
		return Request{}, State{}, nil, callboard.NotFound("import")
	}
	if _, err := jobs.Checkpoint(ctx, id, &ran); err != nil {
		return Request{}, State{}, nil, err
	}
	reasons = map[int]string{}
	err = jobs.EachProblem(ctx, id, func(p job.Problem) error {
		if line, ok := lineOf(p.Item); ok && p.Outcome == string(Refused) {
			reasons[line] = p.Reason
		}
		return nil
	})
	return request, ran, reasons, err
}

func (s *Service) getMapping(ctx context.Context, in *httpapi.IDInput) (*httpapi.Body[SavedMapping], error) {
	saved, err := s.Mapping(ctx, in.ID)
	return httpapi.OK(saved), err
}

type mappingInput struct {
	httpapi.IDInput
	Body struct {
		Mapping Mapping `json:"mapping" doc:"Columns by field, by name or by position (#3)."`
	}
}

func (s *Service) putMapping(ctx context.Context, in *mappingInput) (*httpapi.Body[SavedMapping], error) {
	saved, err := s.SaveMapping(ctx, in.ID, in.Body.Mapping)
	return httpapi.OK(saved), err
}

func (s *Service) deleteMapping(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
	return nil, s.ForgetMapping(ctx, in.ID)
}

// lineOf returns the line that an item of a job's report stands for, as Item writes it.
func lineOf(item string) (int, bool) {
	number, ok := strings.CutPrefix(item, "line ")
	line, err := strconv.Atoi(number)
	return line, ok && err == nil
}

// Item names the row in the report of a job.
func (p Problem) Item() string { return "line " + strconv.Itoa(p.Line) }
