package job

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const (
	adminPath = "/admin/jobs"
	// adminPolicy lets the pages load what they bring along, and nothing else.
	adminPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; " +
		"frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
	maxAdminBody = 64 << 10
)

// AdminRoutes adds River's pages for admins. What they do to jobs goes through the service, so that it leaves its events.
func (s *Service) AdminRoutes(a huma.API) {
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", adminPolicy)
		body, err := readAdminBody(w, r)
		if err == nil {
			err = s.checkPageRequest(r)
		}
		if err != nil {
			adminAnswer(w, err)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		s.queue.ServeHTTP(w, r)
	})
	raw := func(id, method, path string, h http.Handler, emits ...string) {
		httpapi.Raw(a, httpapi.Route{ID: id, Method: method, Path: adminPath + path, Access: httpapi.Admin, Tag: "Jobs", Hidden: true, Emits: emits}, h)
	}
	raw("job-admin", "", "/{path...}", pages)
	raw("job-admin-cancel", http.MethodPost, "/api/jobs/cancel", s.forEachRow(s.Cancel), callboard.JobCancelled.Name)
	raw("job-admin-retry", http.MethodPost, "/api/jobs/retry", s.forEachRow(s.Retry), callboard.JobQueued.Name)
	raw("job-admin-delete", http.MethodPost, "/api/jobs/delete", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		adminAnswer(w, callboard.Errorf(callboard.CodeConflict, "jobs are deleted when their time of keeping is over; cancel it instead"))
	}))
}

// readAdminBody reads all of the body: at its end it is asked again whether the caller still may.
func readAdminBody(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAdminBody))
	if refusal, ok := errors.AsType[*callboard.Error](err); ok {
		return nil, refusal
	}
	if err != nil {
		return nil, callboard.Wrap(err, callboard.CodeMalformed, "the body cannot be read, or is larger than 64 KB")
	}
	return body, nil
}

// checkPageRequest refuses what River's pages would panic over, fail at, or repeat in their answer.
func (s *Service) checkPageRequest(r *http.Request) error {
	path, ok := strings.CutPrefix(r.URL.Path, s.cfg.PathPrefix+adminPath+"/api/")
	if !ok {
		return nil
	}
	if r.Method == http.MethodPatch {
		return callboard.Errorf(callboard.CodeConflict, "the limits of a queue are settings of its kind of jobs, and cannot be changed here")
	}
	query := r.URL.Query()
	for name, most := range map[string]int64{"limit": 1000, "ids": math.MaxInt64, "priorities": 4} {
		for _, text := range query[name] {
			if n, err := strconv.ParseInt(text, 10, 64); err != nil || n < 1 || n > most {
				return callboard.Errorf(callboard.CodeInvalid, "query.%s: must be a whole number from 1 to %d", name, most)
			}
		}
	}
	if facet := query.Get("facet"); path == "autocomplete" && facet != "job_kind" && facet != "queue_name" {
		return callboard.Errorf(callboard.CodeInvalid, "query.facet: must be job_kind or queue_name")
	}
	if id, ok := strings.CutPrefix(path, "jobs/"); ok && r.Method != http.MethodPost {
		if _, err := strconv.ParseInt(id, 10, 64); err != nil {
			return callboard.NotFound("job in the queue")
		}
	}
	return nil
}

// forEachRow does to the jobs what the pages ask for by the rows of the queue.
func (s *Service) forEachRow(do func(context.Context, string) (Job, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			IDs []json.RawMessage `json:"ids"`
		}
		text, err := readAdminBody(w, r)
		if err == nil && (json.Unmarshal(text, &body) != nil || len(body.IDs) == 0) {
			err = callboard.Errorf(callboard.CodeMalformed, "the body must name ids")
		}
		if err != nil {
			adminAnswer(w, err)
			return
		}
		for _, raw := range body.IDs {
			if err := s.doToRow(r.Context(), raw, do); err != nil {
				adminAnswer(w, err)
				return
			}
		}
		adminAnswer(w, nil)
	})
}

func (s *Service) doToRow(ctx context.Context, raw json.RawMessage, do func(context.Context, string) (Job, error)) error {
	queueID, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	if err != nil {
		return callboard.Errorf(callboard.CodeMalformed, "the ids must be numbers")
	}
	var id string
	err = s.db.QueryRowContext(ctx, `SELECT j.id FROM callboard_river_job r JOIN callboard_jobs j ON j.id = r.args->>'job_id' AND j.queue_id = r.id
		WHERE r.id = $1`, queueID).Scan(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return callboard.Errorf(callboard.CodeNotFound, "the row no longer stands for a job")
	}
	if err != nil {
		return fmt.Errorf("find the job of a row: %w", err)
	}
	_, err = do(ctx, id)
	return err
}

// adminAnswer answers as River's pages expect it.
func adminAnswer(w http.ResponseWriter, err error) {
	status, answer := http.StatusOK, map[string]string{"status": "ok"}
	if err != nil {
		problem := httpapi.Problem(err)
		status, answer = problem.GetStatus(), map[string]string{"message": problem.Error()}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // fails only when the caller has gone away
}
