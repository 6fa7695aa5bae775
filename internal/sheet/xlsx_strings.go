package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/callboard/callboard"
)

// sharedStrings are the texts that the cells of a workbook refer to. Their places are in memory, and what they hold in a spool.
type sharedStrings struct {
	ends   []uint32 // of each text in the spool; a workbook unzips to less than 4 GB
	spool  spool
	blocks [stringBlocks]stringBlock // of the file
	text   []byte                    // of the last one that was asked for
}

// Texts are mostly asked for in the order in which they were written. So a small cache of the file makes nearly all reads
// of it reads of memory.
const (
	stringBlocks    = 256
	stringBlockSize = 8 << 10
)

type stringBlock struct {
	number int64 // from 1 on; 0: there is none
	data   []byte
}

func (s *sharedStrings) read(x *xmlReader) error {
	if err := x.root("sst"); err != nil {
		return err
	}
	var text []byte
	for {
		ok, err := x.child(1)
		if err != nil {
			return err
		}
		if !ok {
			return s.spool.flush()
		}
		if string(x.name) != "si" {
			if err := x.skip(); err != nil {
				return err
			}
			continue
		}
		if text, err = x.richText(text[:0]); errors.Is(err, errTokenTooLong) || len(text) > maxText {
			return callboard.Errorf(callboard.CodeInvalid, "the workbook has a text of more than %d KB", maxText>>10)
		}
		if err != nil {
			return err
		}
		if len(s.ends) == maxSharedStrings {
			return callboard.Errorf(callboard.CodeTooLarge, "the workbook has more than %d texts; save it as CSV", maxSharedStrings)
		}
		if bytes.IndexFunc(text, isVisible) < 0 { // as is the cell
			text = text[:0]
		}
		if err := s.spool.write(text); err != nil {
			return err
		}
		s.ends = append(s.ends, uint32(s.spool.size))
	}
}

// place returns where a text is in the spool, or false if there is no such text.
func (s *sharedStrings) place(i int) (start, end int64, ok bool) {
	if i < 0 || i >= len(s.ends) {
		return 0, 0, false
	}
	if i > 0 {
		start = int64(s.ends[i-1])
	}
	return start, int64(s.ends[i]), true
}

// at returns a text, which is valid until the next call.
func (s *sharedStrings) at(start, end int64) ([]byte, error) {
	if s.spool.file == nil {
		return s.spool.mem[start:end], nil
	}
	s.text = s.text[:0]
	for start < end {
		data, err := s.block(start / stringBlockSize)
		if err != nil {
			return nil, err
		}
		data = data[start%stringBlockSize:]
		data = data[:min(int64(len(data)), end-start)]
		s.text = append(s.text, data...)
		start += int64(len(data))
	}
	return s.text, nil
}

func (s *sharedStrings) block(n int64) ([]byte, error) {
	b := &s.blocks[n%stringBlocks]
	if b.number == n+1 {
		return b.data, nil
	}
	if b.data == nil {
		b.data = make([]byte, stringBlockSize)
	}
	b.number = 0
	size := min(stringBlockSize, s.spool.size-n*stringBlockSize)
	if _, err := io.ReadFull(io.NewSectionReader(s.spool.file, n*stringBlockSize, size), b.data[:size]); err != nil {
		return nil, spoolError{fmt.Errorf("unpack workbook: %w", err)}
	}
	b.number = n + 1
	return b.data[:size], nil
}

// richText adds the text of the element that has begun, whatever formats its runs have. How it is pronounced (rPh) is no part of it.
func (x *xmlReader) richText(dst []byte) ([]byte, error) {
	depth, before := x.depth(), len(dst)
	for {
		token, err := x.next()
		if err != nil {
			return dst, err
		}
		switch {
		case token == xmlEnd && x.depth() < depth:
			return dst, nil
		case token == xmlStart && string(x.name) == "t":
			at := len(dst)
			if dst, err = x.content(dst); err == nil && len(dst)-before > maxXMLToken {
				err = errTokenTooLong
			}
			dst = decodeEscapes(dst, at)
		case token == xmlStart && (string(x.name) != "r" || x.depth() > depth+1):
			err = x.skip()
		}
		if err != nil {
			return dst, err
		}
	}
}

// decodeEscapes replaces escapes such as _x000D_ behind the first bytes of a text (ECMA-376, part 1, 22.9.2.19, ST_Xstring). Each
// stands for a unit of UTF-16.
func decodeEscapes(text []byte, from int) []byte {
	if !bytes.Contains(text[from:], []byte("_x")) {
		return text
	}
	out := text[:from]
	for in := text[from:]; len(in) > 0; {
		unit, ok := escapedUnit(in)
		if !ok {
			out = append(out, in[0])
			in = in[1:]
			continue
		}
		in = in[escapeSize:]
		r := rune(unit)
		if utf16.IsSurrogate(r) {
			low, ok := escapedUnit(in)
			if r = utf16.DecodeRune(r, rune(low)); ok && r != utf8.RuneError {
				in = in[escapeSize:]
			}
		}
		out = utf8.AppendRune(out, r) // shorter than the escape
	}
	return out
}

const escapeSize = len("_x000D_")

func escapedUnit[T string | []byte](text T) (uint16, bool) {
	if len(text) < escapeSize || text[0] != '_' || text[1] != 'x' || text[escapeSize-1] != '_' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:escapeSize-1]), 16, 16)
	return uint16(unit), err == nil
}
