package sqldb

import (
	"database/sql"
	"fmt"
)

// Scanner is a row that can be scanned: of many, or the only one.
type Scanner interface{ Scan(dest ...any) error }

// Collect reads all rows of a query with scan, and closes them. err is that of the query; an error of it or of the reading
// says what was to be done, and comes without rows.
func Collect[T any](rows *sql.Rows, err error, what string, scan func(Scanner) (T, error)) ([]T, error) {
	var all []T
	if err == nil {
		all, err = scanAll(rows, scan)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, MapError(err))
	}
	return all, nil
}

func scanAll[T any](rows *sql.Rows, scan func(Scanner) (T, error)) (all []T, err error) {
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}

// CollectValues is Collect for rows of one column.
func CollectValues[T any](rows *sql.Rows, err error, what string) ([]T, error) {
	return Collect(rows, err, what, func(row Scanner) (value T, err error) {
		err = row.Scan(&value)
		return value, err
	})
}
