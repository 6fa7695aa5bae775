package job

import (
	"context"
	"slices"

	"callboard"
	"callboard/sqldb"
)

// Filter narrows a list of jobs. Zero fields do not filter.
type Filter struct {
	Status    Status
	Kind      string
	EpisodeID string
	OwnerID   string
}

// List returns jobs, newest first: those of the actor, and for an admin all.
func (s *Service) List(ctx context.Context, f Filter, page callboard.Page) (callboard.List[Job], error) {
	w, err := f.where(callboard.ActorFrom(ctx))
	if err != nil {
		return callboard.List[Job]{}, err
	}
	if page.Cursor != "" {
		var before string
		if err := callboard.DecodeCursor(page.Cursor, &before); err != nil {
			return callboard.List[Job]{}, err
		}
		w.And("id < ?", before)
	}
	jobs, err := selectJobs(ctx, s.db, &w, page.Size()+1)
	if err != nil {
		return callboard.List[Job]{}, err
	}
	return callboard.NewList(jobs, page.Size(), func(j Job) any { return j.ID }), nil
}

func (f Filter) where(actor callboard.Actor) (w sqldb.Where, err error) {
	var v callboard.Invalid
	v.Check(f.Status == "" || slices.Contains(Statuses(), f.Status), "status", "must be one of pending, processing, completed, failed, cancelled")
	if actor.Role != callboard.RoleAdmin {
		w.And("owner_id = ?", actor.ID)
	}
	for column, value := range map[string]string{
		"status": string(f.Status), "kind": f.Kind, "episode_id": f.EpisodeID, "owner_id": f.OwnerID,
	} {
		if value != "" {
			w.And(column+" = ?", value)
		}
	}
	return w, v.Err()
}

// Lines returns the log lines of a job, oldest first. See Get for who may read them.
func (s *Service) Lines(ctx context.Context, id string, page callboard.Page) (callboard.List[LogLine], error) {
	after, err := s.traceOf(ctx, id, page)
	if err != nil {
		return callboard.List[LogLine]{}, err
	}
	lines, err := selectLines(ctx, s.db, id, after, page.Size()+1)
	if err != nil {
		return callboard.List[LogLine]{}, err
	}
	return callboard.NewList(lines, page.Size(), func(l LogLine) any { return l.Seq }), nil
}

// traceOf checks that the actor may read the traces of a job, and returns where the page begins.
func (s *Service) traceOf(ctx context.Context, id string, page callboard.Page) (after int64, err error) {
	if _, err := s.Get(ctx, id); err != nil {
		return 0, err
	}
	if page.Cursor != "" {
		err = callboard.DecodeCursor(page.Cursor, &after)
	}
	return after, err
}

// problemsPage is how many problems are read, and held in memory, at a time.
const problemsPage = 500

// EachProblem calls do with each item that the job could not take, in the order in which it came to them.
func (s *Service) EachProblem(ctx context.Context, id string, do func(Problem) error) error {
	if _, err := s.Get(ctx, id); err != nil {
		return err
	}
	for after := int64(0); ; {
		problems, err := selectProblems(ctx, s.db, id, after, problemsPage)
		if err != nil {
			return err
		}
		for _, p := range problems {
			after = p.seq
			if err := do(p.Problem); err != nil {
				return err
			}
		}
		if len(problems) < problemsPage {
			return nil
		}
	}
}
