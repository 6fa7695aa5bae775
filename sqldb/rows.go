package sqldb

import (
	"database/sql"
	"errors"
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

// pageBytes is how much CollectPage reads beyond its first row.
const pageBytes = 1 << 20

var errPageFull = errors.New("sqldb: the page is full")

// CollectPage is Collect for a page of size rows whose query asks for one more. Rows that are large by what weigh says, in bytes,
// make the page shorter: a caller may ask for hundreds, by many requests at once. It returns the size that the page has come to.
func CollectPage[T any](rows *sql.Rows, err error, what string, scan func(Scanner) (T, error), weigh func(T) int, size int) ([]T, int, error) {
	var page []T
	weight := 0
	err = Each(rows, err, what, func(row Scanner) error {
		v, err := scan(row)
		if page = append(page, v); err != nil {
			return err
		}
		if weight += weigh(v); weight > pageBytes && len(page) > 1 {
			return errPageFull
		}
		return nil
	})
	if errors.Is(err, errPageFull) {
		return page, min(size, len(page)-1), nil
	}
	if err != nil {
		return nil, 0, err
	}
	return page, size, nil
}

// CollectValues is Collect for rows of one column.
func CollectValues[T any](rows *sql.Rows, err error, what string) ([]T, error) {
	return Collect(rows, err, what, func(row Scanner) (value T, err error) {
		err = row.Scan(&value)
		return value, err
	})
}
