package httpapi

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"
	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/callboard/callboard"
)

// fieldMark is in messages that pass through huma as text.
const fieldMark = "\x1ffield:" // before the path of a field; a second \x1f ends it

// overrideHuma sets what huma keeps in package variables. Its own errors would repeat submitted values, even secrets.
//
//nolint:gochecknoglobals // once per process, because huma's settings are per process
var overrideHuma = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true // or "Title" slips past the rules of "title" and is still decoded into it
	huma.DefaultArrayNullable = false
	huma.ErrorFormatter = formatMessage
	huma.NewError = newHumaError
	huma.NewErrorWithContext = func(_ huma.Context, status int, msg string, errs ...error) huma.StatusError {
		return newHumaError(status, msg, errs...)
	}
	overrideMessages()
})

func overrideMessages() {
	validation.MsgUnexpectedProperty = "is not a known field"
	validation.MsgExpectedRequiredProperty = "needs the field %s"
	validation.MsgExpectedRFC3339DateTime = "must be an RFC 3339 time, such as 2026-01-31T12:00:00Z"
	validation.MsgExpectedRFC3339Date = "must be a date, such as 2026-01-31"
	validation.MsgExpectedRFC5322Email = "must be an e-mail address"
	validation.MsgExpectedRFC3986URI = "must be a URI"
	validation.MsgExpectedRFC4122UUID = "must be a UUID"
	validation.MsgExpectedRegexp = "must be a regular expression"
	validation.MsgExpectedDuration = "must be a duration"
	validation.MsgExpectedBoolean = "must be true or false"
	validation.MsgExpectedNumber = "must be a number"
	validation.MsgExpectedInteger = "must be a whole number"
	validation.MsgExpectedString = "must be a string"
	validation.MsgExpectedArray = "must be an array"
	validation.MsgExpectedObject = "must be an object"
	validation.MsgExpectedArrayItemsUnique = "must not repeat items"
	validation.MsgExpectedMatchAtLeastOneSchema = "is of none of the kinds that are allowed here"
	validation.MsgExpectedMatchExactlyOneSchema = "is of none of the kinds that are allowed here"
	validation.MsgExpectedNotMatchSchema = "is not allowed here"
	validation.MsgExpectedOneOf = "must be one of %s"
	validation.MsgExpectedMinimumNumber = "must be at least %v"
	validation.MsgExpectedExclusiveMinimumNumber = "must be more than %v"
	validation.MsgExpectedMaximumNumber = "must be at most %v"
	validation.MsgExpectedExclusiveMaximumNumber = "must be less than %v"
	validation.MsgExpectedMinLength = "must have at least %d characters"
	validation.MsgExpectedMaxLength = "must have at most %d characters"
	validation.MsgExpectedBePattern = "must be %s"
	validation.MsgExpectedMatchPattern = "is not written as it has to be%.0s" // a regular expression is no text for people
	validation.MsgExpectedMinItems = "must have at least %d items"
	validation.MsgExpectedMaxItems = "must have at most %d items"
	validation.MsgExpectedMinProperties = "must have at least %d fields"
	validation.MsgExpectedMaxProperties = "must have at most %d fields"
}

// formatMessage is fmt.Sprintf, but leaves out causes: those of parsers quote what was submitted.
func formatMessage(format string, args ...any) string {
	for _, arg := range args {
		if _, ok := arg.(error); ok {
			text, _, _ := strings.Cut(format, ": %")
			return text
		}
	}
	return fmt.Sprintf(format, args...)
}

// newHumaError is the answer to what huma finds wrong: parameters, and values that do not fit their Go type.
func newHumaError(status int, msg string, errs ...error) huma.StatusError {
	code := callboard.CodeInvalid
	switch {
	case status >= http.StatusInternalServerError:
		return newProblem(status, string(callboard.CodeInternal), "something went wrong on the server")
	case status == http.StatusBadRequest:
		code = callboard.CodeMalformed
	}
	if msg == "validation failed" {
		msg = "the input is not valid"
	}
	p := newProblem(status, string(code), msg)
	for _, err := range errs {
		if detailer, ok := err.(huma.ErrorDetailer); ok {
			d := detailer.ErrorDetail()
			location, message := d.Location, d.Message // and not the value
			if rest, ok := strings.CutPrefix(message, fieldMark); ok {
				location, message, _ = strings.Cut(rest, "\x1f")
			} else if strings.HasPrefix(message, "required ") && strings.HasSuffix(message, "parameter is missing") {
				message = "is required"
			}
			p.Errors = append(p.Errors, fieldOf(location, message))
		}
	}
	p.sortErrors()
	return p
}

// unmarshalInto decodes a body that has been checked. What still fails does not fit its Go type, such as an integer out of
// range. The message is marked so that newHumaError finds the field in it.
func unmarshalInto(data []byte, v any) error {
	err := jsonv2.Unmarshal(data, v, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)) // neither is there
	if err == nil {
		return nil
	}
	field, message := "body", "holds a value that cannot be read"
	if misfit, ok := errors.AsType[*jsonv2.SemanticError](err); ok {
		field = location(field, misfit.JSONPointer)
		if misfit.JSONKind == '0' {
			message = "is out of range"
		}
	}
	if own, ok := errors.AsType[*callboard.Error](err); ok {
		message = own.Message
	}
	return errors.New(fieldMark + field + "\x1f" + message)
}
