package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Limits of the XML of a part.
const (
	maxXMLToken = 1 << 20 // bytes of a tag, a comment, or a text between two tags; all of it is kept in memory
	maxXMLDepth = 100     // elements within each other
)

var errTokenTooLong = errors.New("sheet: a tag or a text is too long")

// xmlReader is a pull parser for the XML of workbooks. It gives out names without their prefixes, and takes no document types, so that
// nothing expands. encoding/xml allocates for each tag: with it, the rows below take five times as long.
type xmlReader struct {
	r          io.Reader
	err        error // of r
	buf        []byte
	start, end int   // of what has not been parsed
	gone       int64 // bytes that were in buf before

	name   []byte // of the element that begins or ends, without prefix
	attrs  []byte // of the element that begins
	raw    []byte // of a text
	cdata  bool   // raw has no entities
	closes bool   // the element that begins is empty, and ends with the next token
	open   []byte // names of the elements around, one after the other
	depths []int  // where each of them begins in open
	rooted bool   // there was an element
}

// xmlToken is what an xmlReader has come to.
type xmlToken int

const (
	xmlStart xmlToken = iota
	xmlEnd
	xmlText
)

func newXMLReader(r io.Reader) (*xmlReader, error) {
	x := &xmlReader{r: r, buf: make([]byte, 64<<10)}
	for x.end < 3 && x.err == nil {
		_ = x.fill()
	}
	switch head := x.buf[:x.end]; {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		x.start = 3
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		whole := io.MultiReader(bytes.NewReader(bytes.Clone(head)), r)
		x.r = transform.NewReader(whole, unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder())
		x.end, x.err = 0, nil
	}
	if x.err != nil && !errors.Is(x.err, io.EOF) {
		return nil, x.err
	}
	return x, nil
}

// fill reads more behind what is there. It returns what keeps it from that.
func (x *xmlReader) fill() error {
	if x.err != nil {
		return x.err
	}
	if x.start > 0 {
		x.gone += int64(x.start)
		copy(x.buf, x.buf[x.start:x.end])
		x.start, x.end = 0, x.end-x.start
	}
	if x.end == len(x.buf) {
		if len(x.buf) >= maxXMLToken {
			return errTokenTooLong
		}
		x.buf = append(x.buf, make([]byte, len(x.buf))...)
	}
	n, err := x.r.Read(x.buf[x.end:])
	x.end += n
	x.err = err
	if n > 0 {
		return nil
	}
	return err
}

// offset returns how many bytes have been parsed.
func (x *xmlReader) offset() int64 { return x.gone + int64(x.start) }

// depth returns how many elements are open. One that begins is, and one that ends is not.
func (x *xmlReader) depth() int { return len(x.depths) }

// next returns the next token, or io.EOF behind the root. What it leaves in x is valid until the next call.
func (x *xmlReader) next() (xmlToken, error) {
	if x.closes {
		x.closes = false
		x.pop()
		return xmlEnd, nil
	}
	for {
		if x.start == x.end {
			if err := x.fill(); err != nil {
				return 0, x.atEnd(err)
			}
			continue
		}
		if x.buf[x.start] != '<' {
			n, err := x.find([]byte("<"), 0)
			if errors.Is(err, io.EOF) {
				n = x.end - x.start
			} else if err != nil {
				return 0, err
			}
			x.raw, x.cdata = x.buf[x.start:x.start+n], false
			x.start += n
			if x.depth() > 0 {
				return xmlText, nil
			}
			if len(bytes.TrimSpace(x.raw)) > 0 {
				return 0, errors.New("sheet: text outside of the root of a part")
			}
			continue
		}
		token, ok, err := x.markup()
		if ok || err != nil {
			return token, err
		}
	}
}

func (x *xmlReader) atEnd(err error) error {
	if errors.Is(err, io.EOF) && (x.depth() > 0 || !x.rooted) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// find returns how many bytes there are before the next mark that is at least from bytes ahead.
func (x *xmlReader) find(mark []byte, from int) (int, error) {
	for {
		if from < x.end-x.start {
			if i := bytes.Index(x.buf[x.start+from:x.end], mark); i >= 0 {
				return from + i, nil
			}
			from = max(from, x.end-x.start-len(mark)+1)
		}
		if err := x.fill(); err != nil {
			return 0, err
		}
	}
}

// markup parses what begins with <. Comments and instructions are no tokens.
func (x *xmlReader) markup() (token xmlToken, ok bool, err error) {
	for x.end-x.start < len("<![CDATA[") && x.err == nil {
		if err := x.fill(); err != nil && !errors.Is(err, io.EOF) {
			return 0, false, err
		}
	}
	switch head := x.buf[x.start:x.end]; {
	case bytes.HasPrefix(head, []byte("<?")):
		return 0, false, x.instruction()
	case bytes.HasPrefix(head, []byte("<!--")):
		return 0, false, x.skipTo("-->", len("<!--"))
	case bytes.HasPrefix(head, []byte("<![CDATA[")) && x.depth() > 0:
		n, err := x.find([]byte("]]>"), len("<![CDATA["))
		if err != nil {
			return 0, false, cutOff(err)
		}
		x.raw, x.cdata = x.buf[x.start+len("<![CDATA["):x.start+n], true
		x.start += n + len("]]>")
		return xmlText, true, nil
	case bytes.HasPrefix(head, []byte("<!")):
		return 0, false, errors.New("sheet: a part has a document type")
	}
	tag, err := x.tag()
	if err != nil {
		return 0, false, err
	}
	if tag[0] == '/' {
		return xmlEnd, true, x.endTag(trimRight(tag[1:]))
	}
	return xmlStart, true, x.startTag(tag)
}

func isXMLSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// trimLeft and trimRight do what those of bytes do, which look up all characters to be trimmed anew each time.
func trimLeft(b []byte) []byte {
	for len(b) > 0 && isXMLSpace(b[0]) {
		b = b[1:]
	}
	return b
}

func trimRight(b []byte) []byte {
	for len(b) > 0 && isXMLSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// cutOff is an end of the file where there must not be one.
func cutOff(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

func (x *xmlReader) skipTo(mark string, from int) error {
	n, err := x.find([]byte(mark), from)
	x.start += n
	if err != nil {
		return cutOff(err)
	}
	x.start += len(mark)
	return nil
}

// instruction passes over one. That at the beginning may name another encoding, which is none of those that Excel reads.
func (x *xmlReader) instruction() error {
	n, err := x.find([]byte("?>"), len("<?"))
	if err != nil {
		return cutOff(err)
	}
	head := bytes.ToLower(x.buf[x.start : x.start+n])
	if i := bytes.Index(head, []byte("encoding")); i >= 0 && bytes.HasPrefix(head, []byte("<?xml ")) &&
		!bytes.Contains(head[i:], []byte("utf")) && !bytes.Contains(head[i:], []byte("ascii")) {
		return fmt.Errorf("sheet: a part is neither UTF-8 nor UTF-16: %q", head)
	}
	x.start += n + len("?>")
	return nil
}

// tag takes a tag, and returns what is between its brackets.
func (x *xmlReader) tag() ([]byte, error) {
	quote, i := byte(0), 1
	for {
		for held := x.buf[x.start:x.end]; i < len(held); i++ {
			switch c := held[i]; {
			case c > '>':
			case c == '<':
				return nil, errors.New("sheet: a tag within a tag")
			case c == quote:
				quote = 0
			case quote != 0:
			case c == '"' || c == '\'':
				quote = c
			case c == '>' && i == 1:
				return nil, errors.New("sheet: a tag without name")
			case c == '>':
				x.start += i + 1
				return held[1:i], nil
			}
		}
		if err := x.fill(); err != nil {
			return nil, cutOff(err)
		}
	}
}

func (x *xmlReader) startTag(tag []byte) error {
	if x.depth() == 0 && x.rooted {
		return errors.New("sheet: a part has two roots")
	}
	if x.depth() == maxXMLDepth {
		return errors.New("sheet: too many elements within each other")
	}
	if tag[len(tag)-1] == '/' {
		x.closes = true
		tag = tag[:len(tag)-1]
	}
	n := 0
	for n < len(tag) && tag[n] > ' ' && tag[n] != '=' && tag[n] != '"' && tag[n] != '\'' && tag[n] != '/' {
		n++
	}
	if n == 0 || n < len(tag) && tag[n] > ' ' {
		return fmt.Errorf("sheet: a tag without a good name: %.40q", tag)
	}
	x.rooted = true
	x.depths = append(x.depths, len(x.open))
	x.open = append(x.open, tag[:n]...)
	x.name, x.attrs = local(tag[:n]), tag[n:]
	return nil
}

func local(name []byte) []byte { return name[bytes.LastIndexByte(name, ':')+1:] }

func (x *xmlReader) endTag(name []byte) error {
	if x.depth() == 0 || !bytes.Equal(name, x.open[x.depths[x.depth()-1]:]) {
		return fmt.Errorf("sheet: an element ends that has not begun: %.40q", name)
	}
	x.pop()
	return nil
}

func (x *xmlReader) pop() {
	last := x.depths[x.depth()-1]
	x.name = local(x.open[last:])
	x.open, x.depths = x.open[:last], x.depths[:x.depth()-1]
}

// attr takes the next attribute of the element that has begun. It returns no name when there is none, and the value as it is written.
func (x *xmlReader) attr() (name, value []byte, err error) {
	attrs := trimLeft(x.attrs)
	if len(attrs) == 0 {
		return nil, nil, nil
	}
	n := bytes.IndexByte(attrs, '=')
	if n <= 0 {
		return nil, nil, fmt.Errorf("sheet: an attribute without value: %.40q", attrs)
	}
	name, attrs = trimRight(attrs[:n]), trimLeft(attrs[n+1:])
	if len(attrs) < 2 || attrs[0] != '"' && attrs[0] != '\'' {
		return nil, nil, fmt.Errorf("sheet: an attribute without quotes: %.40q", attrs)
	}
	if n = bytes.IndexByte(attrs[1:], attrs[0]); n < 0 {
		return nil, nil, fmt.Errorf("sheet: an attribute without end: %.40q", attrs)
	}
	x.attrs = attrs[n+2:]
	return local(name), attrs[1 : n+1], nil
}

// skip passes over the rest of the element that has begun.
func (x *xmlReader) skip() error {
	for depth := x.depth() - 1; x.depth() > depth; {
		if _, err := x.next(); err != nil {
			return err
		}
	}
	return nil
}

// child goes to the next element within the one of the given depth, or returns false at its end.
func (x *xmlReader) child(depth int) (bool, error) {
	for {
		token, err := x.next()
		if err != nil {
			return false, err
		}
		if token == xmlStart {
			return true, nil
		}
		if token == xmlEnd && x.depth() < depth {
			return false, nil
		}
	}
}

// each calls fn for each element of the given name within the one that has begun, and goes to its end.
func (x *xmlReader) each(name string, fn func() error) error {
	depth := x.depth()
	for {
		ok, err := x.child(depth)
		if err != nil || !ok {
			return err
		}
		if string(x.name) == name {
			if err := fn(); err != nil {
				return err
			}
		}
		if x.depth() > depth {
			if err := x.skip(); err != nil {
				return err
			}
		}
	}
}

// root goes to the root of a part, which must have the given name.
func (x *xmlReader) root(name string) error {
	if _, err := x.next(); err != nil {
		return cutOff(err)
	}
	if string(x.name) != name {
		return fmt.Errorf("sheet: a part is no %s but a %.40q", name, x.name)
	}
	return nil
}

// appendText adds the text that was read.
func (x *xmlReader) appendText(dst []byte) ([]byte, error) {
	return appendXML(dst, x.raw, x.cdata)
}

// appendXML adds a text or a value of an attribute, with its entities replaced.
func appendXML(dst, raw []byte, cdata bool) ([]byte, error) {
	if !utf8.Valid(raw) {
		return dst, errors.New("sheet: a part is not UTF-8")
	}
	plain := true
	for _, c := range raw {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return dst, errors.New("sheet: a part has a character that XML cannot hold")
		}
		plain = plain && c != '&' && c != '\r'
	}
	if plain {
		return append(dst, raw...), nil
	}
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '\r': // a line break, which XML reads as \n however it is written
			if i+1 == len(raw) || raw[i+1] != '\n' {
				dst = append(dst, '\n')
			}
		case c == '&' && !cdata:
			end := bytes.IndexByte(raw[i:min(len(raw), i+12)], ';')
			if end < 0 {
				return dst, errors.New("sheet: an entity without end")
			}
			r, ok := entity(string(raw[i+1 : i+end]))
			if !ok {
				return dst, fmt.Errorf("sheet: an unknown entity: %q", raw[i:i+end])
			}
			dst = utf8.AppendRune(dst, r)
			i += end
		default:
			dst = append(dst, c)
		}
	}
	return dst, nil
}

func entity(name string) (rune, bool) {
	switch name {
	case "amp":
		return '&', true
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	number, ok := strings.CutPrefix(name, "#")
	if !ok {
		return 0, false
	}
	base := 10
	if digits, ok := strings.CutPrefix(number, "x"); ok {
		number, base = digits, 16
	}
	r, err := strconv.ParseUint(number, base, 31)
	return rune(r), err == nil && r > 0 && utf8.ValidRune(rune(r))
}

// content adds the text of the element that has begun, and goes to its end. Elements within it are passed over.
func (x *xmlReader) content(dst []byte) ([]byte, error) {
	depth, before := x.depth(), len(dst)
	for {
		token, err := x.next()
		switch {
		case err != nil:
			return dst, err
		case token == xmlStart:
			err = x.skip()
		case token == xmlEnd:
			return dst, nil
		default:
			dst, err = x.appendText(dst)
		}
		if err == nil && len(dst)-before > maxXMLToken {
			err = errTokenTooLong
		}
		if err != nil || x.depth() < depth {
			return dst, err
		}
	}
}
