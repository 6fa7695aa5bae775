package jobkinds

import (
	"context"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
)

// DeleteArgs are the arguments of batch-delete: IDs, or a filter.
type DeleteArgs struct {
	IDs    []string       `json:"ids,omitempty" minItems:"1" maxItems:"5000" nullable:"false" doc:"Episodes to delete."`
	Filter *EpisodeFilter `json:"filter,omitempty" doc:"Which episodes to delete, with one condition at least."`
	DryRun bool           `json:"dry_run,omitempty" doc:"Count the episodes and delete none."`
}

// Kind implements job.Args.
func (DeleteArgs) Kind() string { return "batch-delete" }

// DeleteResult is the result of batch-delete.
type DeleteResult struct {
	Matched int  `json:"matched"` // episodes that were found
	Deleted int  `json:"deleted"`
	Missing int  `json:"missing"` // of the IDs: no such episode, or deleted already
	DryRun  bool `json:"dry_run"`
}

// deleteState is how far a deletion has come.
type deleteState struct {
	DeleteResult
	Total  int    `json:"total"`
	Done   int    `json:"done"`             // of the IDs
	Cursor string `json:"cursor,omitempty"` // of the list
}

type deletions struct{ Parts }

// deleteChunk is how many episodes are deleted in one transaction: it must not keep others from writing for long.
const deleteChunk = 50

// batchDelete deletes episodes, each with its own event, as if somebody had deleted them one by one.
func batchDelete(p Parts) job.Kind {
	d := deletions{p}
	return job.Define(job.Definition[DeleteArgs]{
		Settings: job.Settings{
			Title: "Deletion", Summary: "Deletes episodes by their IDs or by a filter. They can be restored one by one.", Timeout: time.Hour, PerOwner: 10,
		},
		Check: d.check, Work: d.work,
	})
}

func (deletions) check(ctx context.Context, args DeleteArgs) (job.Placement, error) {
	if err := needScopes(ctx, "episodes:write"); err != nil {
		return job.Placement{}, err
	}
	var v callboard.Validator
	v.Check((len(args.IDs) > 0) != (args.Filter != nil), "args.ids", "must be given, or else args.filter, and not both")
	v.Check(args.Filter == nil || args.Filter.narrows(), "args.filter", "must have one condition at least")
	args.Filter.check(&v, "args.filter")
	checkIDs(&v, "args.ids", args.IDs, "an episode")
	return job.Placement{}, v.Err()
}

func (d deletions) work(ctx context.Context, run *job.Run, args DeleteArgs) (any, error) {
	var state deleteState
	resumed, err := run.LoadCheckpoint(ctx, &state)
	if err != nil {
		return nil, err
	}
	if !resumed {
		if state, err = d.count(ctx, args); err != nil || args.DryRun {
			return state.DeleteResult, err
		}
	}
	for {
		ids, next, err := d.next(ctx, args, state)
		if err != nil {
			return nil, err
		}
		if len(ids) > 0 {
			if state, err = d.deleteSome(ctx, run, ids, next); err != nil {
				return nil, err
			}
			run.Progress(percent(state.Deleted+state.Missing, state.Total), fmt.Sprintf("%d of %d deleted", state.Deleted, state.Total))
		}
		if len(ids) < deleteChunk {
			return state.DeleteResult, nil
		}
	}
}

func (d deletions) count(ctx context.Context, args DeleteArgs) (deleteState, error) {
	state := deleteState{DeleteResult: DeleteResult{DryRun: args.DryRun}}
	if args.Filter != nil {
		n, err := d.Episodes.Count(ctx, args.Filter.filter())
		state.Matched, state.Total = n, n
		return state, err
	}
	state.Total = len(args.IDs)
	if !args.DryRun {
		return state, nil
	}
	for _, id := range args.IDs {
		_, err := d.Episodes.Get(ctx, id)
		switch {
		case err == nil:
			state.Matched++
		case callboard.CodeOf(err) == callboard.CodeNotFound:
			state.Missing++
		default:
			return state, err
		}
	}
	return state, nil
}

// next returns the episodes of the next chunk, and the state that their deletion leads to.
func (d deletions) next(ctx context.Context, args DeleteArgs, state deleteState) ([]string, deleteState, error) {
	if args.Filter == nil {
		ids := args.IDs[min(state.Done, len(args.IDs)):]
		ids = ids[:min(deleteChunk, len(ids))]
		state.Done += len(ids)
		return ids, state, nil
	}
	list, err := d.Episodes.List(ctx, args.Filter.filter(), episode.ByCreated, callboard.Page{Limit: deleteChunk, Cursor: state.Cursor})
	if err != nil {
		return nil, state, err
	}
	ids := make([]string, len(list.Items))
	for i, e := range list.Items {
		ids[i] = e.ID
	}
	if list.NextCursor != "" {
		state.Cursor = list.NextCursor
	}
	return ids, state, nil
}

// deleteSome deletes a chunk, and saves how far it has come in the same transaction.
func (d deletions) deleteSome(ctx context.Context, run *job.Run, ids []string, next deleteState) (after deleteState, err error) {
	err = run.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		after = next // anew each time, as the transaction may run more than once
		for _, id := range ids {
			err := d.Episodes.DeleteTx(ctx, tx, id, 0)
			switch {
			case err == nil:
				after.Deleted++
			case callboard.CodeOf(err) == callboard.CodeNotFound:
				after.Missing++
			default:
				return err
			}
		}
		after.Matched = max(after.Matched, after.Deleted)
		return run.SaveCheckpoint(ctx, tx, after)
	})
	return after, err
}
