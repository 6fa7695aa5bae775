package httpapi

import (
	"encoding/json"
	"reflect"
	"testing"
	"unicode/utf8"

	"callboard"
)

// FuzzDecode holds decodeJSON against the standard decoder: what it accepts it reads the same, and it never fails but
// with an error for the caller.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"a":1}`, `{"a":1,"a":2}`, `[{"b":[1,2,{"c":":\"\\"}]}]`, `1e999`, `"\u0000"`, `{"a":{"\u0000":""}}`, "\xff",
		`{"a":"\ud800"}`, `{"\u0061":1,"a":2}`, `[[[[]]]]`, `nul`, ` {"a" : null } `, `{"":{"":""}}`, `-0`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := decodeJSON(body)
		var want any
		standard := json.Unmarshal(body, &want)
		if err == nil {
			if standard != nil || !utf8.Valid(body) || !reflect.DeepEqual(got, want) {
				t.Fatalf("accepted %q: standard error %v", body, standard)
			}
			return
		}
		switch code := callboard.CodeOf(err); code {
		case callboard.CodeMalformed, callboard.CodeInvalid:
		default:
			t.Fatalf("code %q for %q", code, body)
		}
	})
}

func FuzzIfMatch(f *testing.F) {
	for _, seed := range []string{``, `*`, `"v1"`, `W/"v1"`, `"v-1"`, `"v01"`, `v1`, `"`, `"v1", "v2"`, `"v9223372036854775808"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		version, anyVersion, err := ParseIfMatch(header)
		switch {
		case err != nil:
			if callboard.CodeOf(err) != callboard.CodeMalformed {
				t.Fatalf("code %q for %q", callboard.CodeOf(err), header)
			}
		case anyVersion:
			if version != 0 {
				t.Fatalf("version %d beside any for %q", version, header)
			}
		case version == NoVersion:
		default:
			again, anyAgain, err := ParseIfMatch(ETag(version))
			if version < 0 || again != version || anyAgain || err != nil {
				t.Fatalf("%q is version %d, whose tag reads %d %v %v", header, version, again, anyAgain, err)
			}
		}
	})
}
