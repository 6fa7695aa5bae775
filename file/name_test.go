package file_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/callboard/callboard/file"
)

func TestCleanName(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"cut 3.mov":           "cut 3.mov",
		"Épisode: «Un».mov":   "Épisode: «Un».mov",
		"../../etc/passwd":    "passwd",
		`..\..\windows\x.exe`: "x.exe",
		`C:\Users\a\b.txt`:    "b.txt",
		"a/b\\":               "file.bin",
		"":                    "file.bin",
		"...":                 "file.bin",
		" . ":                 "file.bin",
		".htaccess":           "htaccess",
		"a\x00b.txt":          "ab.txt",
		"a\r\nSet-Cookie: x":  "aSet-Cookie: x",
		"exe\u202egpj.png":    "exegpj.png",
		"\u2066x\u2069\ufeff": "x",
		"trailing. ":          "trailing",
		"con":                 "_con",
		"CON.txt":             "_CON.txt",
		"com1.tar.gz":         "_com1.tar.gz",
		"LPT¹":                "_LPT¹",
		"console.txt":         "console.txt",
		"com.txt":             "com.txt",
		"bad\xff\xfeutf.txt":  "badutf.txt",
		"नमस्\u200dते.txt":    "नमस्\u200dते.txt",
	} {
		if got := file.CleanName(sent, ".bin"); got != want {
			t.Errorf("%q: %q, want %q", sent, got, want)
		}
	}
	for _, sent := range []string{
		strings.Repeat("x", 10_000) + ".mov", strings.Repeat("ä", 5_000) + ".mov", strings.Repeat("x", 251) + "€.mov",
	} {
		if got := file.CleanName(sent, ""); len(got) > 255 || !utf8.ValidString(got) || !strings.HasSuffix(got, ".mov") {
			t.Errorf("%d bytes became %q", len(sent), got)
		}
	}
	if got := file.CleanName("x."+strings.Repeat("y", 10_000), ""); len(got) != 255 {
		t.Errorf("an endless extension became %d bytes", len(got))
	}
}

func FuzzCleanName(f *testing.F) {
	f.Add("../a\x00\u202e.txt", ".bin")
	f.Fuzz(func(t *testing.T, sent, _ string) {
		name := file.CleanName(sent, ".bin")
		if name == "" || len(name) > 255 || !utf8.ValidString(name) || strings.ContainsAny(name, `/\`) || name[0] == '.' {
			t.Errorf("%q became %q", sent, name)
		}
		if strings.ContainsFunc(name, unicode.IsControl) {
			t.Errorf("%q became %q", sent, name)
		}
		if again := file.CleanName(name, ".bin"); again != name {
			t.Errorf("%q became %q, and that %q", sent, name, again)
		}
	})
}
