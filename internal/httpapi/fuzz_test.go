package httpapi

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
)

// FuzzCheck holds checkJSON against the standard decoder: what it accepts can be read, also by what reads it afterwards and with
// the same result, and it never fails but with an error for the caller.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1}`, `{"a":1,"a":2}`, `[{"b":[1,2,{"c":":\"\\"}]}]`, `1e999`, `"\u0000"`, `{"a":{"\u0000":""}}`, "\xff",
		`{"a":"\ud800"}`, `{"\u0061":1,"a":2}`, `[[[[]]]]`, `nul`, ` {"a" : null } `, `{"":{"":""}}`, `-0`, `{"c":[1,"x"]}`, `{"c": "y" }`,
	} {
		f.Add([]byte(seed))
	}
	a := New(Config{})
	choice := &huma.Schema{OneOf: []*huma.Schema{{Type: huma.TypeString}, {Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeInteger}}}}
	f.Fuzz(func(t *testing.T, body []byte) {
		schema := &huma.Schema{Properties: map[string]*huma.Schema{"c": choice}}
		if err := a.checkJSON(schema, "body", bytes.NewReader(body), bytes.NewBuffer(body)); err != nil {
			if code := callboard.CodeOf(err); code != callboard.CodeMalformed && code != callboard.CodeInvalid {
				t.Fatalf("code %q for %q", code, body)
			}
			return
		}
		var got, want any
		if err := json.Unmarshal(body, &want); err != nil || !utf8.Valid(body) {
			t.Fatalf("accepted %q: standard error %v", body, err)
		}
		if err := unmarshalInto(body, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is %v, error %v; want %v", body, got, err, want)
		}
	})
}

func FuzzIfMatch(f *testing.F) {
	for _, seed := range []string{``, `*`, `"v1"`, `W/"v1"`, `"v-1"`, `"v01"`, `v1`, `"`, `"v1", "v2"`, `"v9223372036854775808"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		version, err := IfMatchInput{IfMatch: header}.Version()
		switch {
		case err != nil:
			if callboard.CodeOf(err) != callboard.CodeMalformed {
				t.Fatalf("code %q for %q", callboard.CodeOf(err), header)
			}
		case version == 0, version == NoVersion:
		default:
			again, err := IfMatchInput{IfMatch: ETag(version)}.Version()
			if version < 0 || again != version || err != nil {
				t.Fatalf("%q is version %d, whose tag reads %d %v", header, version, again, err)
			}
		}
	})
}
