package importer

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// SavedMapping is a mapping that is kept for the files of a show. An import into the show that names no mapping goes by it, and says so.
type SavedMapping struct {
	Mapping   Mapping   `json:"mapping" doc:"Columns by field."`
	UpdatedBy string    `json:"updated_by" doc:"ID of who saved it." example:"01890a5d-ac96-774b-bcce-b302099a8057"`
	UpdatedAt time.Time `json:"updated_at" doc:"When it was saved."`
}

// Mapping returns the mapping that is saved for a show, or CodeNotFound.
func (s *Service) Mapping(ctx context.Context, showID string) (SavedMapping, error) {
	if _, err := s.cfg.Shows.Get(ctx, showID); err != nil {
		return SavedMapping{}, err
	}
	var saved SavedMapping
	var text string
	var at sqldb.Time
	err := s.cfg.DB.QueryRowContext(ctx, `SELECT mapping, updated_by, updated_at FROM callboard_import_mappings WHERE show_id = $1`, showID).
		Scan(&text, &saved.UpdatedBy, &at)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return SavedMapping{}, callboard.NotFound("saved mapping")
	case err == nil:
		saved.UpdatedAt = at.Time
		err = json.Unmarshal([]byte(text), &saved.Mapping)
	}
	if err != nil {
		return SavedMapping{}, fmt.Errorf("read the mapping of a show: %w", err)
	}
	return saved, nil
}

// SaveMapping keeps a mapping for the files of a show, in place of the one before.
func (s *Service) SaveMapping(ctx context.Context, showID string, m Mapping) (SavedMapping, error) {
	if err := m.Check(); err != nil {
		return SavedMapping{}, fieldError("mapping", "cannot be saved: %s", reasonOf(err))
	}
	if len(m) == 0 {
		return SavedMapping{}, fieldError("mapping", "names no field; to go without one, delete what is saved")
	}
	text, err := json.Marshal(m)
	if err != nil {
		return SavedMapping{}, fmt.Errorf("encode a mapping: %w", err)
	}
	saved := SavedMapping{Mapping: m, UpdatedBy: callboard.ActorFrom(ctx).Ref().ID, UpdatedAt: callboard.Now()}
	err = s.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := s.cfg.Shows.Lock(ctx, tx, showID, false); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO callboard_import_mappings (show_id, mapping, updated_by, updated_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (show_id) DO UPDATE SET mapping = $2, updated_by = $3, updated_at = $4`,
			showID, string(text), saved.UpdatedBy, sqldb.Time{Time: saved.UpdatedAt})
		return err
	})
	return saved, err
}

// ForgetMapping takes the saved mapping of a show away. That there is none is no error.
func (s *Service) ForgetMapping(ctx context.Context, showID string) error {
	return s.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := s.cfg.Shows.Lock(ctx, tx, showID, false); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM callboard_import_mappings WHERE show_id = $1`, showID)
		return err
	})
}

// savedFor returns the mapping that is saved for the show of opts, or nil.
func (s *Service) savedFor(ctx context.Context, opts Options) (Mapping, error) {
	var showID string
	switch {
	case opts.Mapping != nil:
		return nil, nil
	case opts.ShowID != nil:
		showID = *opts.ShowID
	case opts.ShowTitle != nil:
		found, err := s.cfg.Shows.FindByTitle(ctx, *opts.ShowTitle)
		if callboard.CodeOf(err) == callboard.CodeNotFound || callboard.CodeOf(err) == callboard.CodeInvalid {
			return nil, nil // newShows says so
		}
		if err != nil {
			return nil, err
		}
		showID = found.ID
	default:
		return nil, nil
	}
	saved, err := s.Mapping(ctx, showID)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return nil, nil
	}
	return saved.Mapping, err
}
