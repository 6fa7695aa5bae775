package dataset

import (
	"context"
	"errors"
	"fmt"
)

// writeLog writes the entries with their indexes and daily counts into the file at path, page by page.
func writeLog(ctx context.Context, path string, s activitySchema, e *entries) (err error) {
	p, err := openPages(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }()
	if err := writeTable(ctx, p, s.table, e); err != nil {
		return err
	}
	for _, index := range s.indexes {
		if err := writeIndex(ctx, p, index, e); err != nil {
			return fmt.Errorf("index %s: %w", index.name, err)
		}
	}
	return writeSums(p, s.sums, e)
}

// checkEvery is after how many rows it is looked whether to go on.
const checkEvery = 1 << 16

func writeTable(ctx context.Context, p *pages, table relation, e *entries) error {
	columns := make([]column, len(table.columns))
	for i, name := range table.columns {
		var err error
		if columns[i], err = entryColumn(name); err != nil {
			return err
		}
		if name == "pos" { // it is the number of the row, and not repeated within
			columns[i] = func(_ *entries, _ *entry, r *record) { r.null() }
		}
	}
	t := newTree(p, table.root, true, e.count)
	var r record
	for pos := 1; pos <= e.count; pos++ {
		if pos%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		made := e.at(pos)
		if err := t.addRow(made.pos, encode(columns, e, &made, &r)); err != nil {
			return err
		}
	}
	return t.finish()
}

func encode(columns []column, e *entries, made *entry, r *record) []byte {
	r.reset()
	for _, c := range columns {
		c(e, made, r)
	}
	return r.encoded()
}

func writeIndex(ctx context.Context, p *pages, index relation, e *entries) error {
	columns := make([]column, len(index.columns))
	var leading []string // what the order of the positions does not give
	for i, name := range index.columns {
		var err error
		if columns[i], err = entryColumn(name); err != nil {
			return err
		}
		if ordered := name == "pos" || name == "created_at"; !ordered && len(leading) == i {
			leading = append(leading, name)
		}
	}
	order, err := e.sorted(leading)
	if err != nil {
		return err
	}
	t := newTree(p, index.root, false, e.count)
	var r record
	for i, pos := range order {
		if i%checkEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		made := e.at(int(pos))
		if err := t.addKey(encode(columns, e, &made, &r)); err != nil {
			return err
		}
	}
	return t.finish()
}
