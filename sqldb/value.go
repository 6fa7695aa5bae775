package sqldb

import "context"

// WriteValue is DB.Write for a function that also returns a value. On an error the value is zero.
func WriteValue[T any](ctx context.Context, db *DB, fn func(ctx context.Context, tx *Tx) (T, error)) (T, error) {
	var value T
	err := db.Write(ctx, func(ctx context.Context, tx *Tx) (err error) {
		value, err = fn(ctx, tx)
		return err
	})
	if err != nil {
		var zero T
		return zero, err
	}
	return value, nil
}
