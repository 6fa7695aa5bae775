package sqldb

import (
	"database/sql"
	"fmt"
)

// Scanner is a row that can be scanned: of many, or the only one.
type Scanner interface{ Scan(dest ...any) error }

// Each calls fn for each row of a query, and closes the rows. err is that of the query; an error of it or of the reading says
// what was to be done.
func Each(rows *sql.Rows, err error, what string, fn func(Scanner) error) error {
	if err == nil {
		defer rows.Close()
		for err == nil && rows.Next() {
			err = fn(rows)
		}
		if err == nil {
			err = rows.Err()
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, MapError(err))
	}
	return nil
}

// Collect reads all rows of a query with scan, as Each does. An error comes without rows.
func Collect[T any](rows *sql.Rows, err error, what string, scan func(Scanner) (T, error)) ([]T, error) {
	var all []T
	err = Each(rows, err, what, func(row Scanner) error {
		v, err := scan(row)
		all = append(all, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// CollectValues is Collect for rows of one column.
func CollectValues[T any](rows *sql.Rows, err error, what string) ([]T, error) {
	return Collect(rows, err, what, func(row Scanner) (value T, err error) {
		err = row.Scan(&value)
		return value, err
	})
}
