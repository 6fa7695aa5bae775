package callboard

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of texts that people write, in characters.
const (
	MaxTitle       = 255
	MaxDescription = 10_000
	MaxURL         = 2_048
)

// Validator collects field errors while input is checked. Its zero value is ready to use.
type Validator struct{ fields []FieldError }

// Add notes that field breaks a rule.
func (v *Validator) Add(field, format string, args ...any) {
	v.fields = append(v.fields, FieldError{Field: field, Message: fmt.Sprintf(format, args...)})
}

// Check notes the message for field unless ok.
func (v *Validator) Check(ok bool, field, format string, args ...any) {
	if !ok {
		v.Add(field, format, args...)
	}
}

// Blank reports whether nothing of text can be seen: it is empty, or has only spaces, control characters and characters
// without a width.
func Blank(text string) bool {
	const brailleBlank = '\u2800' // a symbol to Unicode
	return !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsPrint(r) && r != ' ' && r != brailleBlank &&
			!unicode.In(r, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
	})
}

// Title checks a name that people give: 1 to MaxTitle characters, and not only spaces.
func (v *Validator) Title(field, text string) {
	n := utf8.RuneCountInString(text)
	v.Check(!Blank(text) && n <= MaxTitle, field, "must be 1 to %d characters, and not only spaces", MaxTitle)
	v.encoding(field, text)
}

// Name checks a name that callers choose; see ValidName.
func (v *Validator) Name(field, name string) { v.Check(ValidName(name), field, tokenRule, MaxName) }

// ResourceID checks the ID of a resource; see ValidResourceID.
func (v *Validator) ResourceID(field, id string) {
	v.Check(ValidResourceID(id), field, tokenRule, MaxResourceID)
}

// Resource checks the type and ID of a resource, as fields that begin with prefix. The ID of a user is as users have it.
func (v *Validator) Resource(prefix string, res Resource) {
	typeField, idField := prefix+"resource_type", prefix+"resource_id"
	if res.Type == "" {
		v.Add(typeField, required)
	} else {
		v.Name(typeField, res.Type)
	}
	switch {
	case res.ID == "":
		v.Add(idField, required)
	case res.Type == userType:
		v.UserID(idField, res.ID)
	default:
		v.ResourceID(idField, res.ID)
	}
}

const required = "is required"

// Text checks an optional text of at most limit characters.
func (v *Validator) Text(field string, text *string, limit int) {
	if text == nil {
		return
	}
	v.Check(utf8.RuneCountInString(*text) <= limit, field, "must be at most %d characters", limit)
	v.encoding(field, *text)
}

// URL checks an optional link; see ValidURL.
func (v *Validator) URL(field string, link *string) {
	v.Check(link == nil || ValidURL(*link), field, "must be an http or https URL of at most %d characters", MaxURL)
}

// ValidURL reports whether s is a link: absolute, http or https, at most MaxURL characters.
func ValidURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && utf8.RuneCountInString(s) <= MaxURL
}

// encoding refuses what PostgreSQL cannot store, so that both databases take the same texts.
func (v *Validator) encoding(field, text string) {
	v.Check(utf8.ValidString(text) && !strings.ContainsRune(text, 0), field, "must be UTF-8 without NUL characters")
}

// Err returns nil when nothing was noted, and else an Error with CodeInvalid that names every field.
func (v *Validator) Err() error {
	if len(v.fields) == 0 {
		return nil
	}
	return &Error{Code: CodeInvalid, Message: "the input is not valid", Fields: v.fields}
}
