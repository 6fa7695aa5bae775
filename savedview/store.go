package savedview

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

const columns = `id, owner_id, name, address, created_by, created_at, updated_at`

func scanView(row sqldb.Scanner) (View, error) {
	var (
		v                View
		created, updated sqldb.Time
	)
	err := row.Scan(&v.ID, &v.owner, &v.Name, &v.Address, &v.CreatedBy, &created, &updated)
	v.Team, v.CreatedAt, v.UpdatedAt = v.owner == "", created.Time, updated.Time
	return v, err
}

func selectView(ctx context.Context, q sqldb.Querier, id string) (View, error) {
	v, err := scanView(q.QueryRowContext(ctx, `SELECT `+columns+` FROM callboard_saved_views WHERE id = $1`, id))
	if errors.Is(err, sql.ErrNoRows) {
		return View{}, callboard.NotFound("saved view")
	}
	if err != nil {
		return View{}, fmt.Errorf("read saved view: %w", err)
	}
	return v, nil
}

// selectOf returns the views of an owner in their order, "" for those of the team.
func selectOf(ctx context.Context, q sqldb.Querier, owner string) ([]View, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+columns+` FROM callboard_saved_views WHERE owner_id = $1 ORDER BY place, id`, owner)
	views, err := sqldb.Collect(rows, err, "read saved views", scanView)
	for i := range views {
		views[i].Position = i
	}
	return views, err
}

// lockOf is selectOf that keeps others from changing views until tx ends: their order and number concern all of an owner.
func (s *Service) lockOf(ctx context.Context, tx *sqldb.Tx, owner string) ([]View, error) {
	if tx.Dialect() == sqldb.Postgres { // on SQLite there is one writer
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, s.db.LockKey("saved views")); err != nil {
			return nil, fmt.Errorf("lock saved views: %w", err)
		}
	}
	return selectOf(ctx, tx, owner)
}

// insert inserts a view behind all others. Their places may have gaps.
func (s *Service) insert(ctx context.Context, tx *sqldb.Tx, v View, all []View) error {
	if err := place(ctx, tx, all); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO callboard_saved_views (`+columns+`, place) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		v.ID, v.owner, v.Name, v.Address, v.CreatedBy, sqldb.Time{Time: v.CreatedAt}, sqldb.Time{Time: v.UpdatedAt}, v.Position)
	if err != nil {
		return fmt.Errorf("insert saved view: %w", err)
	}
	return nil
}

// update writes a view, and its place among all.
func update(ctx context.Context, tx *sqldb.Tx, v View, all []View) error {
	_, err := tx.ExecContext(ctx, `UPDATE callboard_saved_views SET name = $2, address = $3, updated_at = $4 WHERE id = $1`,
		v.ID, v.Name, v.Address, sqldb.Time{Time: v.UpdatedAt})
	if err != nil {
		return fmt.Errorf("update saved view: %w", err)
	}
	others := slices.DeleteFunc(slices.Clone(all), func(other View) bool { return other.ID == v.ID })
	return place(ctx, tx, slices.Insert(others, v.Position, v))
}

// place gives views the places that they have in the slice.
func place(ctx context.Context, tx *sqldb.Tx, views []View) error {
	for i, v := range views {
		if _, err := tx.ExecContext(ctx, `UPDATE callboard_saved_views SET place = $2 WHERE id = $1 AND place <> $2`, v.ID, i); err != nil {
			return fmt.Errorf("order saved views: %w", err)
		}
	}
	return nil
}

func deleteView(ctx context.Context, tx *sqldb.Tx, id string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM callboard_saved_views WHERE id = $1`, id); err != nil {
		return fmt.Errorf("delete saved view: %w", err)
	}
	return nil
}
