package episode

import (
	"context"
	"slices"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Op is what an Operation does.
type Op string

// The operations.
const (
	OpUpdate  Op = "update"
	OpDelete  Op = "delete"
	OpRestore Op = "restore"
)

// Operation is one change of one episode, among many.
type Operation struct {
	Op      Op
	ID      string
	Version int64 // that the caller has seen; 0 is any
	Changes Patch // of OpUpdate
}

// Outcome is what came of an Operation: the episode as it is now, or why nothing was done to it.
type Outcome struct {
	Episode Episode
	Err     error
}

// operationsAtOnce is how many operations share a transaction: a few milliseconds on SQLite, where others wait for it, and few enough
// savepoints for PostgreSQL.
const operationsAtOnce = 20

// ChangeMany carries out operations in their order, each as if it were alone: with its event, or without any trace where its error is
// CodeNotFound, CodeInvalid, CodeConflict or CodePreconditionFailed. They are no transaction together. Another error, such as
// that the database is away, ends the work: it is that of the operations that were not carried out, or is returned where none was.
func (s *Service) ChangeMany(ctx context.Context, operations []Operation) ([]Outcome, error) {
	ctx = sqldb.LowPriority(ctx)
	outcomes := make([]Outcome, 0, len(operations))
	for chunk := range slices.Chunk(operations, operationsAtOnce) {
		done, err := sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) ([]Outcome, error) {
			return s.changeSome(ctx, tx, chunk)
		})
		if err != nil && len(outcomes) == 0 {
			return nil, err
		}
		if err != nil {
			for len(outcomes) < len(operations) {
				outcomes = append(outcomes, Outcome{Err: err})
			}
			break
		}
		outcomes = append(outcomes, done...)
	}
	return outcomes, nil
}

func (s *Service) changeSome(ctx context.Context, tx *sqldb.Tx, operations []Operation) ([]Outcome, error) {
	outcomes := make([]Outcome, len(operations))
	for i, o := range operations {
		err := tx.Savepoint(ctx, func(ctx context.Context) (err error) {
			outcomes[i].Episode, err = s.carryOut(ctx, tx, o)
			return err
		})
		switch callboard.CodeOf(err) {
		case "":
		case callboard.CodeNotFound, callboard.CodeInvalid, callboard.CodeConflict, callboard.CodePreconditionFailed:
			outcomes[i] = Outcome{Err: err}
		default:
			return nil, err
		}
	}
	return outcomes, nil
}

func (s *Service) carryOut(ctx context.Context, tx *sqldb.Tx, o Operation) (Episode, error) {
	switch o.Op {
	case OpUpdate:
		return s.UpdateTx(ctx, tx, o.ID, o.Changes, o.Version)
	case OpDelete:
		return s.deleteTx(ctx, tx, o.ID, o.Version)
	case OpRestore:
		return s.restoreTx(ctx, tx, o.ID, o.Version)
	}
	var v callboard.Validator
	v.Add("op", "must be update, delete or restore")
	return Episode{}, v.Err()
}
