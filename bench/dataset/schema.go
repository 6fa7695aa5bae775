package dataset

import (
	"context"
	"database/sql"
	"fmt"
)

// relation is a table or an index as the migrations made it.
type relation struct {
	name    string
	root    uint32
	columns []string // of an index: all that its entries hold, the number of the row at last as "pos"
}

// activitySchema is the table of the log and its indexes.
type activitySchema struct {
	table   relation
	indexes []relation
	sums    []relation // the tables that are made of the log
}

// sumTables names the tables that are made of the log, but for the full text.
func sumTables() []string {
	return []string{"activity_kinds", "activity_spans", "activity_daily", "activity_user_days"}
}

func readActivitySchema(ctx context.Context, db *sql.Conn) (s activitySchema, err error) {
	if s.table, err = readTable(ctx, db, "activity"); err != nil {
		return s, err
	}
	for _, name := range sumTables() {
		t, err := readTable(ctx, db, name)
		if err != nil {
			return s, err
		}
		s.sums = append(s.sums, t)
	}
	names, err := texts(ctx, db, `SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'activity' ORDER BY name`)
	if err != nil {
		return s, err
	}
	for _, name := range names {
		index := relation{name: name}
		if index.root, err = rootOf(ctx, db, name); err != nil {
			return s, err
		}
		index.columns, err = texts(ctx, db, `SELECT coalesce(name, 'pos') FROM pragma_index_xinfo('`+name+`') ORDER BY seqno`)
		if err != nil {
			return s, err
		}
		s.indexes = append(s.indexes, index)
	}
	return s, nil
}

func readTable(ctx context.Context, db *sql.Conn, name string) (t relation, err error) {
	t.name = name
	if t.root, err = rootOf(ctx, db, name); err != nil {
		return t, err
	}
	var rows int
	if err := db.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM `+name+` LIMIT 1)`).Scan(&rows); err != nil {
		return t, fmt.Errorf("look into the table %s: %w", name, err)
	}
	if rows > 0 {
		return t, fmt.Errorf("the table %s is not empty", name)
	}
	t.columns, err = texts(ctx, db, `SELECT name FROM pragma_table_info('`+name+`') ORDER BY cid`)
	return t, err
}

func rootOf(ctx context.Context, db *sql.Conn, name string) (root uint32, err error) {
	if err := db.QueryRowContext(ctx, `SELECT rootpage FROM sqlite_master WHERE name = $1`, name).Scan(&root); err != nil {
		return 0, fmt.Errorf("find %s in the schema: %w", name, err)
	}
	return root, nil
}

func texts(ctx context.Context, db *sql.Conn, query string) ([]string, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("read the schema: %w", err)
		}
		all = append(all, s)
	}
	return all, rows.Err()
}
