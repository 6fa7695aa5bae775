package callboard

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Code says what kind of error an Error is. Services choose a code; internal/httpapi alone maps codes to HTTP statuses.
type Code string

// The codes, with the HTTP status that each becomes.
const (
	CodeMalformed          Code = "malformed"              // 400: the request cannot be read
	CodeUnauthenticated    Code = "unauthenticated"        // 401: nobody is signed in
	CodeSecondFactor       Code = "second_factor_required" // 401: the password is right, and a code is missing or wrong
	CodeForbidden          Code = "forbidden"              // 403: signed in, but not allowed
	CodeNotFound           Code = "not_found"              // 404
	CodeConflict           Code = "conflict"               // 409: clashes with what is there
	CodeGone               Code = "gone"                   // 410: was there, no longer kept
	CodePreconditionFailed Code = "precondition_failed"    // 412: changed since the caller read it
	CodeTooLarge           Code = "too_large"              // 413
	CodeUnsupported        Code = "unsupported"            // 415: not a media type that is understood
	CodeInvalid            Code = "invalid"                // 422: readable, but a field breaks a rule
	CodeRateLimited        Code = "rate_limited"           // 429: comes with RetryAfter
	CodeUnavailable        Code = "unavailable"            // 503: a part is full or away; trying again helps
	CodeSwitchedOff        Code = "switched_off"           // 503: a part is switched off; trying again soon does not help
	CodeInternal           Code = "internal"               // 500: a defect; the message is never shown
)

// Codes returns all codes.
func Codes() []Code {
	return []Code{
		CodeMalformed, CodeUnauthenticated, CodeSecondFactor, CodeForbidden, CodeNotFound, CodeConflict, CodeGone, CodePreconditionFailed,
		CodeTooLarge, CodeUnsupported, CodeInvalid, CodeRateLimited, CodeUnavailable, CodeSwitchedOff, CodeInternal,
	}
}

// Error is the one error type that crosses package borders. Message and Fields are shown to people: they never repeat a
// submitted value and never name internals. Err is the cause, for the log only.
type Error struct {
	Code       Code
	Message    string
	Fields     []FieldError
	RetryAfter time.Duration
	Err        error
}

// FieldError names one field of the input and the rule that it breaks.
type FieldError struct {
	Field   string // as in the JSON document or the query: "title", "categories[2]"
	Message string
}

// Error returns the message, the fields and the cause, for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Message)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Field, f.Message)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an Error whose message is meant for people. Use Wrap to keep a cause for the log.
func Errorf(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// Wrap returns an Error with the given message for people and err as its cause.
func Wrap(err error, code Code, message string) *Error {
	return &Error{Code: code, Message: message, Err: err}
}

// NotFound returns the error for a thing that does not exist, or that the caller may not know of.
func NotFound(what string) *Error { return Errorf(CodeNotFound, "no such %s", what) }

// CodeOf returns the code of the first Error in err's chain, "" for nil and CodeInternal for any other error.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}
