package sheet

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"github.com/callboard/callboard"
)

// charsetOf returns how a file is encoded: as it is called, or else as the content says.
func charsetOf(file *io.SectionReader, called string) (charset, error) {
	marked, err := byteOrderMark(file)
	if err != nil {
		return charset{}, err
	}
	if called != "" {
		named, err := charsetNamed(called)
		if err == nil && marked.name != "" && marked.name != named.name {
			err = callboard.Errorf(callboard.CodeInvalid, "the file begins with the byte order mark of %s: it is no text in another encoding", marked.name)
		}
		named.mark = marked.mark
		return named, err
	}
	if marked.name != "" {
		return marked, nil
	}
	return charset{name: "UTF-8"}, nil
}

func byteOrderMark(file *io.SectionReader) (charset, error) {
	head := make([]byte, 3)
	n, err := file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return charset{}, fmt.Errorf("read sheet: %w", err)
	}
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		return charset{name: "UTF-8", mark: 3}, nil
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return charset{name: "UTF-16LE", decoder: unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), mark: 2}, nil
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return charset{name: "UTF-16BE", decoder: unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), mark: 2}, nil
	}
	return charset{}, nil
}

func charsetNamed(called string) (charset, error) {
	var enc encoding.Encoding
	enc, err := htmlindex.Get(strings.ReplaceAll(called, "_", "-"))
	if err != nil {
		return charset{}, callboard.Errorf(callboard.CodeInvalid, "the encoding is not known; name it as in windows-1252, shift_jis or macintosh")
	}
	name, _ := htmlindex.Name(enc)
	if name == "utf-8" {
		return charset{name: "UTF-8"}, nil
	}
	return charset{name: name, decoder: enc}, nil
}

var _ = charmap.Windows1252
