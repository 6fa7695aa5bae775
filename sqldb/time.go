package sqldb

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Time is a time as the database keeps it: a BIGINT of microseconds since 1970 in UTC, NULL for the zero Time. What is
// finer than a microsecond is cut off.
type Time struct{ time.Time }

// OptionalTime returns what t points to, NULL for nil.
func OptionalTime(t *time.Time) Time {
	if t == nil {
		return Time{}
	}
	return Time{*t}
}

// Ptr returns nil for the zero Time.
func (t Time) Ptr() *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}

// Value implements driver.Valuer.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UnixMicro(), nil
}

// Scan implements sql.Scanner.
func (t *Time) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		t.Time = time.Time{}
	case int64:
		t.Time = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("sqldb: a time is kept as a BIGINT of microseconds, and not as %T", src)
	}
	return nil
}
