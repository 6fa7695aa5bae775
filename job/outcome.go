package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/riverqueue/river/rivertype"

	"callboard"
)

const maxError = 2000 // characters of an error that is shown

// verdict is what becomes of an attempt.
type verdict int

const (
	succeeded   verdict = iota
	failed              // and will be tried again, if attempts are left
	refused             // will not be tried again
	interrupted         // the server stops; the attempt does not count
	lost                // the attempt no longer has the job: there is nothing to write
)

type outcome struct {
	verdict verdict
	result  json.RawMessage
	reason  string // for people
	cause   error  // for the log
}

func (s *Service) outcomeOf(ctx context.Context, run *Run, result any, err error) outcome {
	if err == nil {
		return encodeResult(result)
	}
	cause := run.end()
	switch {
	case errors.Is(cause, errCancelled), errors.Is(cause, rivertype.ErrJobCancelledRemotely), errors.Is(err, ErrLost):
		return outcome{verdict: lost, cause: err}
	case errors.Is(cause, context.DeadlineExceeded):
		return outcome{verdict: failed, cause: err, reason: "took longer than " + run.kind.Timeout.String()}
	case ctx.Err() != nil && s.stopping.Load():
		return outcome{verdict: interrupted, cause: err, reason: "interrupted: the server was stopped"}
	}
	return outcomeOfError(err)
}

func outcomeOfError(err error) outcome {
	if _, panicked := errors.AsType[*panicError](err); panicked || errors.Is(err, errGoexit) {
		return outcome{verdict: failed, cause: err, reason: "the handler of the job crashed; the log of the server tells more"}
	}
	return outcome{verdict: verdictOf(err), cause: err, reason: reasonOf(err)}
}

func encodeResult(result any) outcome {
	if result == nil {
		return outcome{}
	}
	b, err := json.Marshal(result)
	switch {
	case err != nil:
		return outcome{verdict: refused, cause: err, reason: "the result of the job cannot be kept"}
	case len(b) > maxResult:
		return outcome{verdict: refused, reason: fmt.Sprintf("the result of the job is larger than %d KB", maxResult>>10)}
	}
	return outcome{result: b}
}

// verdictOf tells an error that will not go away by trying again, since the input is at fault, from one that may.
func verdictOf(err error) verdict {
	switch callboard.CodeOf(err) {
	case callboard.CodeUnavailable, callboard.CodeRateLimited, callboard.CodeInternal:
		return failed
	}
	return refused
}

// reasonOf returns what people are told of an error: nothing internal.
func reasonOf(err error) string {
	e, ok := errors.AsType[*callboard.Error](err)
	if !ok || e.Code == callboard.CodeInternal {
		return "failed by an internal error; the log of the server tells more"
	}
	parts := []string{e.Message}
	for _, f := range e.Fields {
		parts = append(parts, f.Field+" "+f.Message)
	}
	return clip(strings.Join(parts, "; "), maxError)
}

// atCompletionError is what the functions that run at the completion leave: it fails the attempt, not the writing.
type atCompletionError struct{ error }

func (e atCompletionError) Unwrap() error { return e.error }

func faultOf(err error) *outcome {
	at, ok := errors.AsType[atCompletionError](err)
	if !ok || errors.Is(err, ErrLost) || callboard.CodeOf(err) == callboard.CodeUnavailable {
		return nil // it is written once what is away is back
	}
	return new(outcomeOfError(at.error))
}

func isAtCompletion(err error) bool {
	_, ok := errors.AsType[atCompletionError](err)
	return ok
}
