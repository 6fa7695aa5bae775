package httpapi

import "context"

// WaitInput lets a caller read what follows from a write of its own.
type WaitInput struct {
	Wait bool `query:"wait" doc:"Wait for what follows from all that was written before the request, for a second at most."`
}

// Await calls await where the caller asks to wait.
func (in WaitInput) Await(ctx context.Context, await func(context.Context) error) error {
	if !in.Wait {
		return nil
	}
	return await(ctx)
}
