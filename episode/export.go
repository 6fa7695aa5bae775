package episode

import (
	"context"
	"io"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sheet"
)

// Export writes all episodes that pass f to w, in the given order, as a sheet that an import reads back with every field the
// same, the show by its title, and its columns unasked. A text that an import would take for "no value", or not take as it is, has an apostrophe in front. Memory does not grow with
// the number of episodes, and no transaction is held: see Each.
//
// Progress, unless it is nil, is called now and then with the number of episodes written so far. What the format cannot hold
// is CodeTooLarge; the file is not whole then, nor after any other error.
func (s *Service) Export(
	ctx context.Context, w io.Writer, opts callboard.SheetOptions, f Filter, sort Sort, progress func(episodes int),
) error {
	out, err := sheet.NewWriter(w, opts.Format, exportColumns(), sheet.Options{Inert: true, NoBOM: opts.NoBOM})
	if err != nil {
		return err
	}
	defer out.Discard()
	written, titles := 0, map[string]string{} // of shows
	err = s.Each(ctx, f, sort, func(e Episode) error {
		if written++; progress != nil && written%walkPage == 0 {
			progress(written)
		}
		if e.ShowID == nil {
			return out.Write(e.exportCells(nil))
		}
		title, known := titles[*e.ShowID]
		if !known {
			if title, err = s.cfg.Shows.TitleOf(ctx, *e.ShowID); err != nil && callboard.CodeOf(err) != callboard.CodeNotFound {
				return err
			}
			titles[*e.ShowID] = title
		}
		return out.Write(e.exportCells(sheet.Mark(title)))
	})
	if err != nil {
		return err
	}
	if progress != nil {
		progress(written)
	}
	return out.Close()
}

func exportColumns() []string {
	return []string{
		"title", "description", "air_date", "season_number", "episode_number", "status", "categories", "thumbnail_url",
		"show", "id", "show_id", "created_at", "updated_at",
	}
}

// exportCells returns the cells of e in the order of exportColumns.
func (e Episode) exportCells(show any) []any {
	return []any{
		sheet.Mark(e.Title), markOrNil(e.Description), orNil((*sheet.Day)(e.AirDate)), orNil(e.SeasonNumber), orNil(e.EpisodeNumber),
		string(e.Status), e.Categories, markOrNil(e.ThumbnailURL), show, e.ID, orNil(e.ShowID), e.CreatedAt, e.UpdatedAt,
	}
}

func markOrNil(text *string) any {
	if text == nil {
		return nil
	}
	return sheet.Mark(*text)
}

func orNil[T any](value *T) any {
	if value == nil {
		return nil
	}
	return *value
}
