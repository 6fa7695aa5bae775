package activity

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
)

// stored is a tree in memory.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = s[index]
	}
	return hashes, nil
}

// newKeys returns a private key and what trusts it.
func newKeys(t testing.TB) (private string, keys Keys) {
	t.Helper()
	private, err := NewSigningKey()
	if err != nil {
		t.Fatal(err)
	}
	public, err := PublicKey(private)
	if err != nil {
		t.Fatal(err)
	}
	if keys, err = ParseKeys(public); err != nil {
		t.Fatal(err)
	}
	return private, keys
}

// newBundle returns a bundle of so many entries, all of a log, and its lines.
func newBundle(t testing.TB, signingKey string, entries int) []string {
	t.Helper()
	var tree stored
	texts := make([][]byte, entries)
	salt := bytes.Repeat([]byte{7}, saltSize)
	private := Private{"203.0.113.7", "Test/1", salt}
	for i := range texts {
		e := Entry{
			Pos: int64(10 + i), EventID: callboard.NewID(), UserID: "ada", UserName: "Ada", Action: "created_episode", Source: FromCallboard,
			Resource: callboard.Resource{Type: "episode", ID: fmt.Sprint(i), Name: "Fog"}, Metadata: []byte(`{"n":1}`),
			CreatedAt: time.Date(2026, 3, 14, 9, 26, i, 0, time.UTC),
		}
		texts[i] = e.canonical(privateHash(salt, private.IP, private.UserAgent))
		hashes, err := tlog.StoredHashes(int64(i), texts[i], tree)
		if err != nil {
			t.Fatal(err)
		}
		tree = append(tree, hashes...)
	}
	c := Checkpoint{Size: int64(entries), SignedAt: time.Date(2026, 3, 14, 10, 0, 0, 0, time.UTC)}
	var err error
	if c.Root, err = tlog.TreeHash(c.Size, tree); err != nil {
		t.Fatal(err)
	}
	if err := c.sign(signingKey); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := newBundleWriter(&out, c)
	for i := range slices.Backward(texts) {
		p := Proof{Leaf: int64(i), Entry: texts[i], Private: &private}
		if p.Hashes, err = tlog.ProveRecord(c.Size, p.Leaf, tree); err != nil {
			t.Fatal(err)
		}
		w.write([]Proof{p}, 0)
	}
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	return strings.SplitAfter(strings.TrimSuffix(out.String(), "\n"), "\n")
}

// verifyBundle returns what is found, a line each, and how many faults.
func verifyBundle(t testing.TB, keys Keys, bundle string) (found string, faults int) {
	t.Helper()
	var b strings.Builder
	err := VerifyBundle(t.Context(), strings.NewReader(bundle), keys, func(v outbox.Verified) {
		if v.Fault {
			faults++
		}
		fmt.Fprintln(&b, v.Place, v.Text)
	})
	if err != nil {
		t.Errorf("an error of reading: %v", err)
	}
	return b.String(), faults
}

func TestBundle(t *testing.T) {
	t.Parallel()
	key, keys := newKeys(t)
	_, others := newKeys(t)
	lines := newBundle(t, key, 7)
	foreign := newBundle(t, key, 9) // another log with the same key
	if found, faults := verifyBundle(t, keys, strings.Join(lines, "")); faults > 0 || !strings.Contains(found, "7 entries are as they were signed") {
		t.Fatalf("as it was: %s", found)
	}
	edit := func(line int, from, to string) []string {
		edited := slices.Clone(lines)
		edited[line] = strings.Replace(edited[line], from, to, 1)
		if edited[line] == lines[line] {
			t.Fatalf("%q is not in %s", from, lines[line])
		}
		return edited
	}
	swapped := slices.Clone(lines)
	swapped[2], swapped[3] = swapped[3], swapped[2]
	for _, tt := range []struct {
		name, text string
		lines      []string
		keys       Keys
	}{
		{"another key", "not trusted", lines, others},
		{"no key", "not trusted", lines, Keys{}},
		{"an edited entry", "line 3 the entry at position", edit(2, `"entry":"AQAAAAAAAAAP`, `"entry":"AQAAAAAAAABP`), keys},
		{"an edited end of an entry", "line 3", edit(2, `=","private"`, `","private"`), keys},
		{"an edited address", "another address", edit(2, "203.0.113.7", "203.0.113.8"), keys},
		{"another leaf", "line 3", edit(2, `"leaf":5`, `"leaf":4`), keys},
		{"a leaf beyond the tree", "not in the tree", edit(2, `"leaf":5`, `"leaf":7`), keys},
		{"a negative leaf", "not in the tree", edit(2, `"leaf":5`, `"leaf":-5`), keys},
		{"fewer hashes", "line 3", edit(2, `"hashes":[`, `"hashes":[],"more":[`), keys},
		{"a hash that is none", "line 3 is no line", edit(2, `"hashes":["`, `"hashes":["AA`), keys},
		{"an edited size", "its form is not right", edit(0, `\n7\n`, `\n8\n`), keys},
		{"another format", "this is no bundle", edit(0, bundleFormat, "callboard-activity-bundle-2"), keys},
		{"a dropped entry", "has 6 entries and was made with 7", slices.Delete(slices.Clone(lines), 3, 4), keys},
		{"a dropped beginning", "this is no bundle", lines[1:], keys},
		{"the first alone", "cut off", lines[:1], keys},
		{"all but the end", "cut off", lines[:len(lines)-1], keys},
		{"an entry twice", "is there again, or out of order", slices.Insert(slices.Clone(lines), 3, lines[2]), keys},
		{"another order", "is there again, or out of order", swapped, keys},
		{"an entry of another log", "line 3", slices.Insert(slices.Clone(lines), 2, foreign[2]), keys},
		{"more behind the end", "goes on behind its end", append(slices.Clone(lines), "\n"+lines[1]), keys},
		{"nothing", "cut off", nil, keys},
		{"other bytes", "this is no bundle", []string{"\x7fELF\x02\x01\x01\x00\n\x00\x00"}, keys},
		{"a line without end", "longer than any", []string{lines[0], strings.Repeat("x", maxBundleLine+1)}, keys},
		{"deep JSON", "line 2 is no line", []string{lines[0], strings.Repeat("[", 20_000), "\n", lines[len(lines)-1]}, keys},
	} {
		found, faults := verifyBundle(t, tt.keys, strings.Join(tt.lines, ""))
		if faults == 0 || !strings.Contains(found, tt.text) {
			t.Errorf("%s: found is %q, want %q", tt.name, found, tt.text)
		}
	}
	whole := strings.Join(lines, "")
	for end := range len(whole) - 2 {
		if _, faults := verifyBundle(t, keys, whole[:end]); faults == 0 {
			t.Fatalf("cut off after %d of %d bytes it is whole", end, len(whole))
		}
	}
}

// wantOriginal fails where a bundle in which no fault was found proves an entry that is not in the lines of the original one.
func wantOriginal(t *testing.T, lines []string, bundle string) {
	t.Helper()
	parse := func(line string) (parsed bundleLine) {
		_ = json.Unmarshal([]byte(line), &parsed) // what cannot be read proves nothing
		return parsed
	}
	originals := map[string]*Private{}
	for _, line := range lines {
		parsed := parse(line)
		originals[string(parsed.Entry)] = parsed.Private
	}
	for line := range strings.Lines(bundle) {
		parsed := parse(line)
		private, is := originals[string(parsed.Entry)]
		if !is || parsed.Private != nil && !cmp.Equal(parsed.Private, private) {
			t.Errorf("it proves %q", line)
		}
	}
}

// Whatever single byte is changed: an entry that is still proven is one that was there.
func TestBundleFlippedBits(t *testing.T) {
	t.Parallel()
	key, keys := newKeys(t)
	lines := newBundle(t, key, 3)
	whole := strings.Join(lines, "")
	for i := range len(whole) {
		for _, flip := range []byte{0x01, 0x20, 0x80} {
			b := []byte(whole)
			b[i] ^= flip
			if _, faults := verifyBundle(t, keys, string(b)); faults == 0 {
				wantOriginal(t, lines, string(b))
			}
		}
	}
}

func FuzzBundle(f *testing.F) {
	key, keys := newKeys(f)
	lines := newBundle(f, key, 5)
	f.Add(strings.Join(lines[1:], ""))
	f.Add(lines[2] + lines[1])
	f.Add(`{"leaf":0,"entry":"AQ==","hashes":[]}` + "\n" + `{"entries":0}`)
	f.Fuzz(func(t *testing.T, rest string) {
		if _, faults := verifyBundle(t, keys, lines[0]+rest); faults == 0 {
			wantOriginal(t, lines, lines[0]+rest)
		}
		verifyBundle(t, keys, rest)
	})
}

// Nothing that is not signed is opened, whatever it looks like.
func FuzzCheckpoint(f *testing.F) {
	key, keys := newKeys(f)
	c := Checkpoint{Size: 1042, SignedAt: time.Date(2026, 3, 14, 10, 0, 0, 0, time.UTC)}
	if err := c.sign(key); err != nil {
		f.Fatal(err)
	}
	f.Add(c.Note)
	f.Add(strings.Replace(c.Note, "1042", "-1042", 1))
	f.Add(`{"data":{"note":` + strconv.Quote(c.Note) + `}}`)
	f.Fuzz(func(t *testing.T, text string) {
		body, _, _ := strings.Cut(text, "\n\n")
		if parsed, err := parseCheckpoint(text, body+"\n"); err == nil && parsed.Size < 1 {
			t.Errorf("a checkpoint of %d entries", parsed.Size)
		}
		opened, err := keys.Open(NoteOf(text))
		if err == nil && (opened.Size != c.Size || opened.Root != c.Root || !opened.SignedAt.Equal(c.SignedAt)) {
			t.Errorf("opened %+v", opened)
		}
	})
}

// A checkpoint that was kept in a mail or with another editor is still one, and a private key is nowhere repeated.
func TestKeptCheckpointAndKeys(t *testing.T) {
	t.Parallel()
	private, keys := newKeys(t)
	c := Checkpoint{Size: 3, SignedAt: time.Date(2026, 3, 14, 9, 26, 0, 0, time.UTC)}
	if err := c.sign(private); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"as it is": c.Note, "CRLF": strings.ReplaceAll(c.Note, "\n", "\r\n"), "no end": strings.TrimSpace(c.Note), "BOM": "\ufeff" + c.Note, "more lines": c.Note + "\r\n\r\n",
	} {
		if opened, err := keys.Open(NoteOf(text)); err != nil || opened.Size != 3 {
			t.Errorf("%s: %v, %v", name, opened, err)
		}
	}
	if _, err := ParseKeys(private); err == nil || strings.Contains(err.Error(), private[len(private)-20:]) || !strings.Contains(err.Error(), "private key") {
		t.Errorf("a private key: %v", err)
	}
	public, err := PublicKey(private)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ParseKeys(public + "\r\n"); err != nil {
		t.Errorf("with an end of line: %v", err)
	}
}
