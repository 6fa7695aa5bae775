package sqldb

import (
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Taking back a migration sets aside what it drops where its text says "-- kept": a table of that name with kept_ in it has the rows until
// the migration is applied again, which puts them back in the same transaction. Versions of before know nothing of it.
const keptToken = tableToken + "kept_"

// droppedPattern finds what the downward text of a migration drops: a table, or a column of one, and whether it is kept.
var droppedPattern = regexp.MustCompile(`(?im)^\s*(?:DROP TABLE (?:IF EXISTS )?(\w+)|ALTER TABLE (\w+) DROP COLUMN (\w+))[^;\n]*;?([ \t]*-- kept[ \t]*$)?`)

// dropped is a table, or a column of it, that taking back a migration drops.
type dropped struct {
	table, column string // as migrations call them; no column where the table goes
	kept          bool
}

func droppedBy(down string) []dropped {
	var all []dropped
	for _, m := range droppedPattern.FindAllStringSubmatch(down, -1) {
		all = append(all, dropped{table: m[1] + m[2], column: m[3], kept: m[4] != ""})
	}
	return all
}

// keeper names the table that has the rows meanwhile.
func (d dropped) keeper() string {
	name := keptToken + strings.TrimPrefix(d.table, tableToken)
	if d.column != "" {
		name += "_" + d.column
	}
	return name
}

// rows is the part of a query that has what is dropped.
func (d dropped) rows() string {
	if d.column == "" {
		return " FROM " + d.table
	}
	return " FROM " + d.table + " WHERE " + d.column + " IS NOT NULL"
}

// keeping returns a set whose migrations set rows aside as they are taken back, and put them back as they are applied again. What they do
// depends on the tables that are there now.
func (db *DB) keeping(ctx context.Context, set Migrations) (Migrations, error) {
	names, err := fs.Glob(set.files(db.dialect), "*.sql")
	if err != nil {
		return set, fmt.Errorf("list the migrations of %s: %w", set.Name, err)
	}
	texts, some := map[string]string{}, false
	for _, name := range names {
		up, down, err := set.read(db.dialect, name)
		if err != nil {
			return set, err
		}
		var back, aside strings.Builder
		for _, d := range droppedBy(down) {
			if !d.kept {
				continue
			}
			some = true
			if err := db.keep(ctx, d, &back, &aside); err != nil {
				return set, err
			}
		}
		texts[name] = upMark + "\n" + up + back.String() + "\n" + downMark + "\n" + aside.String() + down
	}
	if !some {
		return set, nil
	}
	files, err := FilesOf(texts)
	set.SQLite, set.Postgres = files, files
	return set, err
}

// keep writes the statements that put something back, and those that set it aside.
func (db *DB) keep(ctx context.Context, d dropped, back, aside *strings.Builder) error {
	isKept, err := db.tableExists(ctx, db.Qualify(d.keeper()))
	if err != nil {
		return err
	}
	there, err := db.columns(ctx, d.table)
	if err != nil {
		return err
	}
	key := there.key
	if isKept {
		kept, err := db.columns(ctx, d.keeper())
		if err != nil {
			return err
		}
		key = slices.DeleteFunc(kept.all, func(c string) bool { return c == d.column })
	}
	what := "*"
	if d.column != "" {
		what = strings.Join(append(slices.Clone(key), d.column), ", ")
	}
	switch {
	case isKept && d.column == "":
		// What the migration itself has put in is of now, and what is kept is what was there.
		fmt.Fprintf(back, "\nDELETE FROM %[1]s;\nINSERT INTO %[1]s SELECT * FROM %[2]s;\nDROP TABLE %[2]s;\n", d.table, d.keeper())
	case isKept:
		same := make([]string, len(key))
		for i, c := range key {
			same[i] = fmt.Sprintf("kept.%[2]s = %[1]s.%[2]s", d.table, c)
		}
		fmt.Fprintf(back, "\nUPDATE %[1]s SET %[2]s = kept.%[2]s FROM %[3]s AS kept WHERE %[4]s;\nDROP TABLE %[3]s;\n",
			d.table, d.column, d.keeper(), strings.Join(same, " AND "))
	}
	if len(there.all) > 0 {
		fmt.Fprintf(aside, "DROP TABLE IF EXISTS %[1]s;\nCREATE TABLE %[1]s AS SELECT %[2]s%[3]s;\n", d.keeper(), what, d.rows())
	}
	return nil
}

// tableColumns are the columns of a table, and those of its primary key.
type tableColumns struct{ all, key []string }

// columns returns those of a table, or none where it is not there.
func (db *DB) columns(ctx context.Context, table string) (c tableColumns, err error) {
	query := "SELECT name, pk > 0 FROM pragma_table_info($1) ORDER BY cid"
	if db.dialect == Postgres {
		query = `SELECT a.attname, EXISTS (SELECT 1 FROM pg_index i WHERE i.indrelid = a.attrelid AND i.indisprimary AND a.attnum = ANY (i.indkey))
			FROM pg_attribute a WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`
	}
	rows, err := db.QueryContext(ctx, query, db.Qualify(table))
	err = Each(rows, err, "read the columns of "+table, func(row Scanner) error {
		var name string
		var key bool
		err := row.Scan(&name, &key)
		if c.all = append(c.all, name); key {
			c.key = append(c.key, name)
		}
		return err
	})
	return c, err
}
