package episode

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

func (s *Service) bulkRoute(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "bulk-change-episodes", Method: http.MethodPost, Path: path + "/bulk", Tag: tag, Access: httpapi.Editor,
		Message: "Operations carried out; each has its result",
		Example: `{"operations":[{"op":"update","id":"0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17","version":3,"changes":{"status":"approved","air_date":"2026-03-14"}},` +
			`{"op":"delete","id":"0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94"}]}`,
		Emits: []string{
			callboard.EpisodeUpdated.Name, callboard.EpisodePublished.Name, callboard.EpisodeArchived.Name,
			callboard.EpisodeDeleted.Name, callboard.EpisodeRestored.Name,
		},
		Summary: "Change, delete and restore up to 200 episodes",
		Description: "In the given order, each as if it were a request of its own: with its event, or refused without touching the others. The answer is 200 " +
			"also where all were refused: see the results, which are in the order of the operations. What a show needs " +
			"thousands of is for the jobs data-import and batch-delete.",
	}, s.postBulk)
}

// operation is one Operation on the wire.
type operation struct {
	Op      Op         `json:"op" enum:"update,delete,restore" doc:"What to do."`
	ID      string     `json:"id" format:"uuid" doc:"ID of the episode."`
	Version int64      `json:"version,omitempty" minimum:"1" doc:"The version that was read. When the episode has changed since, nothing is done to it. Left out: whatever it is."`
	Changes *patchBody `json:"changes,omitempty" doc:"The fields to change, as in PATCH; with update alone."`
}

type bulkInput struct {
	Body struct {
		Operations []operation `json:"operations" minItems:"1" maxItems:"200" nullable:"false" doc:"What to do; with each episode one thing."`
	}
}

// result is what came of an operation.
type result struct {
	ID      string           `json:"id" doc:"ID of the episode."`
	Status  int              `json:"status" doc:"The HTTP status that a request of its own would have had, but for 200 in the place of 204." example:"200"`
	Episode *view            `json:"episode,omitempty" doc:"The episode as it is now. Absent where the operation was refused."`
	Problem *httpapi.Refusal `json:"problem,omitempty" doc:"Why it was refused. Absent where it was carried out."`
}

type bulkResults struct {
	Done    int      `json:"done" doc:"How many operations were carried out, or had nothing to change."`
	Refused int      `json:"refused" doc:"How many were refused."`
	Results []result `json:"results" nullable:"false" doc:"One for each operation, in their order."`
}

func (s *Service) postBulk(ctx context.Context, in *bulkInput) (*httpapi.Body[bulkResults], error) {
	operations, err := operationsOf(in.Body.Operations)
	if err != nil {
		return nil, err
	}
	outcomes, err := s.ChangeMany(ctx, operations)
	if err != nil {
		return nil, err
	}
	episodes := make([]Episode, len(outcomes))
	for i, o := range outcomes {
		episodes[i] = o.Episode
	}
	views := s.views(ctx, episodes...)
	answer := bulkResults{Results: make([]result, len(outcomes))}
	for i, o := range outcomes {
		r := result{ID: operations[i].ID, Status: http.StatusOK}
		if o.Err != nil {
			r.Problem = httpapi.RefusalOf(o.Err)
			r.Status = r.Problem.Status
			answer.Refused++
		} else {
			r.Episode = &views[i]
			answer.Done++
		}
		answer.Results[i] = r
	}
	return httpapi.OK(answer), nil
}

func operationsOf(body []operation) ([]Operation, error) {
	var v callboard.Validator
	operations, seen := make([]Operation, len(body)), map[string]bool{}
	for i, o := range body {
		field := fmt.Sprintf("body.operations[%d]", i)
		v.Check(!seen[o.ID], field+".id", "is there twice")
		seen[o.ID] = true
		v.Check((o.Op == OpUpdate) == (o.Changes != nil), field+".changes", "goes together with op: update")
		operations[i] = Operation{Op: o.Op, ID: o.ID, Version: o.Version}
		if o.Changes != nil {
			operations[i].Changes = Patch(*o.Changes)
		}
	}
	return operations, v.Err()
}
