package activity

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/callboard/callboard/outbox"
)

// A bundle is entries with their proofs as lines of JSON: first a bundleHead, then a bundleLine per entry, and a bundleEnd, without which
// it has been cut off.
type bundleHead struct {
	Format     string `json:"format"`
	Checkpoint string `json:"checkpoint"` // a signed note
}

type bundleLine struct {
	Leaf    *int64      `json:"leaf"`
	Entry   []byte      `json:"entry"` // the canonical form, in base64
	Private *Private    `json:"private,omitempty"`
	Hashes  []tlog.Hash `json:"hashes"`
}

type bundleEnd struct {
	Entries   *int64 `json:"entries"`
	NotSigned int64  `json:"not_signed"` // entries that came after the checkpoint, and are left out
}

const bundleFormat = "callboard-activity-bundle-1"

// bundleWriter writes a bundle. After an error it does nothing more.
type bundleWriter struct {
	out *bufio.Writer
	enc *json.Encoder
	end bundleEnd
	err error
}

func newBundleWriter(w io.Writer, c Checkpoint) *bundleWriter {
	out := bufio.NewWriter(w)
	b := &bundleWriter{out: out, enc: json.NewEncoder(out), end: bundleEnd{Entries: new(int64)}}
	b.put(bundleHead{bundleFormat, c.Note})
	return b
}

func (b *bundleWriter) put(line any) {
	if b.err == nil {
		b.err = b.enc.Encode(line)
	}
}

// write writes a page of entries, and counts those of it that have no proof yet.
func (b *bundleWriter) write(proofs []Proof, notSigned int) {
	for _, p := range proofs {
		b.put(bundleLine{&p.Leaf, p.Entry, p.Private, p.Hashes})
	}
	*b.end.Entries += int64(len(proofs))
	b.end.NotSigned += int64(notSigned)
	if b.err == nil {
		b.err = b.out.Flush()
	}
}

func (b *bundleWriter) close() error {
	b.put(b.end)
	return errors.Join(b.err, b.out.Flush())
}

// maxBundleLine bounds a line of a bundle in memory, in bytes: an entry may be as long as the payload of an event, in base64.
const maxBundleLine = 1 << 20

// VerifyBundle checks a bundle without a database: its checkpoint against the keys, and each entry against the checkpoint. Faults are told
// with the number of their line; the error is that of reading.
func VerifyBundle(ctx context.Context, r io.Reader, keys Keys, tell outbox.Tell) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 64<<10), maxBundleLine)
	v := bundleVerifier{keys: keys, tell: tell, before: math.MaxInt64}
	n := 1
	for ; lines.Scan() && ctx.Err() == nil && !v.broken; n++ {
		v.line(fmt.Sprintf("line %d", n), lines.Bytes())
	}
	err := errors.Join(lines.Err(), ctx.Err())
	if errors.Is(err, bufio.ErrTooLong) {
		tell.Fault(fmt.Sprintf("line %d", n), "is longer than any of a bundle")
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the bundle: %w", err)
	}
	switch {
	case v.broken:
	case !v.ended:
		tell.Fault("end", "the bundle was cut off: its last line is missing")
	default:
		tell.OK("%d entries are as they were signed on %s, in a log of %d; %d that came later are not in the bundle",
			v.entries-v.bad, v.checkpoint.SignedAt.Format("2006-01-02 15:04:05"), v.checkpoint.Size, v.notSigned)
	}
	return nil
}

type bundleVerifier struct {
	keys         Keys
	tell         outbox.Tell
	checkpoint   Checkpoint
	before       int64 // position of the entry before, for the newest is the first
	entries, bad int64
	notSigned    int64
	broken       bool // nothing that comes can be checked
	ended        bool
}

func (v *bundleVerifier) line(place string, text []byte) {
	if v.checkpoint.Size == 0 {
		v.head(place, text)
		return
	}
	var line struct {
		bundleLine
		bundleEnd
	}
	err := json.Unmarshal(text, &line)
	switch {
	case v.ended:
		v.tell.Fault(place, "the bundle goes on behind its end")
		v.broken = true
	case err != nil || (line.Leaf == nil) == (line.Entries == nil):
		v.tell.Fault(place, "is no line of a bundle")
		v.entries, v.bad = v.entries+1, v.bad+1
	case line.Entries != nil:
		v.ended, v.notSigned = true, line.NotSigned
		if *line.Entries != v.entries {
			v.tell.Fault(place, "the bundle has %d entries and was made with %d", v.entries, *line.Entries)
		}
	default:
		v.entries++
		p := Proof{Leaf: *line.Leaf, Entry: line.Entry, Private: line.Private, Hashes: line.Hashes}
		e, err := p.check(v.checkpoint)
		if err == nil && e.Pos >= v.before {
			err = errors.New("is there again, or out of order")
		}
		if err != nil {
			v.bad++
			v.tell.Fault(place, "the entry at position %d %v", e.Pos, err)
			return
		}
		v.before = e.Pos
	}
}

func (v *bundleVerifier) head(place string, text []byte) {
	var head bundleHead
	err := json.Unmarshal(text, &head)
	if err != nil || head.Format != bundleFormat {
		v.tell.Fault(place, "this is no bundle of an activity log")
		v.broken = true
		return
	}
	if v.checkpoint, err = v.keys.Open(head.Checkpoint); err != nil {
		v.tell.Fault(place, "the checkpoint is not to be trusted: %v", err)
		v.broken = true
	}
}
