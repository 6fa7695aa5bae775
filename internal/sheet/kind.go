package sheet

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"regexp"

	"golang.org/x/text/encoding/unicode"

	"github.com/callboard/callboard"
)

// checkKind refuses what is neither a workbook nor text, with what it is and how to save it instead.
func checkKind(r io.ReaderAt, size int64) (isWorkbook bool, err error) {
	head := make([]byte, min(max(size, 0), 4<<10))
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("read sheet: %w", err)
	}
	head = head[:n]
	switch {
	case n == 0:
		return false, errEmpty()
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return true, nil
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return false, errCompound(r, head)
	}
	for _, kind := range kinds() {
		if len(head) > kind.at && bytes.HasPrefix(head[kind.at:], []byte(kind.magic)) {
			return false, errKind(kind.what, kind.instead)
		}
	}
	return false, nil
}

const (
	exportList = "export the list as CSV or XLSX"
	saveAs     = "open it in a spreadsheet program and save it as XLSX or CSV"
	unpack     = "unpack it, and import the CSV or XLSX file that is in it"
)

func errKind(what, instead string) error {
	return callboard.Errorf(callboard.CodeInvalid, "the file is %s; %s", what, instead)
}

// kind is a kind of file that has no rows, or none that can be read here.
type kind struct {
	at            int // where its magic stands
	magic         string
	what, instead string
}

func kinds() []kind {
	return []kind{
		{0, "%PDF-", "a PDF", exportList},
		{0, "\x89PNG\r\n", "a picture (PNG)", exportList},
		{0, "\xff\xd8\xff", "a picture (JPEG)", exportList},
		{0, "GIF8", "a picture (GIF)", exportList},
		{0, "II*\x00", "a picture (TIFF)", exportList},
		{0, "MM\x00*", "a picture (TIFF)", exportList},
		{8, "WEBP", "a picture (WebP)", exportList},
		{4, "ftyp", "a video, a sound or a picture", exportList},
		{0, "{\\rtf", "an RTF document", "copy its table into a spreadsheet and save that as XLSX or CSV"},
		{0, "\x1f\x8b", "compressed (gzip)", unpack},
		{0, "BZh", "compressed (bzip2)", unpack},
		{0, "\xfd7zXZ\x00", "compressed (xz)", unpack},
		{0, "\x28\xb5\x2f\xfd", "compressed (zstd)", unpack},
		{0, "7z\xbc\xaf\x27\x1c", "a 7z archive", unpack},
		{0, "Rar!\x1a\x07", "a RAR archive", unpack},
		{0, "SQLite format 3\x00", "an SQLite database", exportList},
		{0, "\x09\x04\x06\x00", "a workbook of Excel 4 (.xls)", saveAs},
		{0, "\x09\x02\x06\x00", "a workbook of Excel 3 (.xls)", saveAs},
		{0, "\x09\x00\x04\x00", "a workbook of Excel 2 (.xls)", saveAs},
	}
}

// errCompound says which of the Microsoft formats before 2007 a file has.
func errCompound(r io.ReaderAt, head []byte) error {
	directory := make([]byte, 4<<10)
	if len(head) >= 52 { // [MS-CFB] 2.2: the size of a sector, and the first one of the directory
		shift, first := binary.LittleEndian.Uint16(head[30:]), binary.LittleEndian.Uint32(head[48:])
		n, _ := r.ReadAt(directory, (int64(first)+1)<<min(shift, 12))
		directory = directory[:n]
	}
	has := func(name string) bool {
		encoded, _ := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(name)
		return bytes.Contains(directory, []byte(encoded))
	}
	switch {
	case has("EncryptedPackage"):
		return errKind("a workbook or document that is locked with a password", "save it as XLSX without a password")
	case has("WordDocument"):
		return errKind("a Word document (.doc)", "copy its table into a spreadsheet and save that as XLSX or CSV")
	case has("PowerPoint Document"):
		return errKind("a PowerPoint presentation (.ppt)", exportList)
	}
	return errKind("a workbook in the format of Excel 97 (.xls)", saveAs)
}

// checkMarkup refuses texts that are documents: reports that call themselves .xls are often HTML or XML.
func checkMarkup(head []byte) error {
	const start = `(?i)^\s*(?:<!--[^>]*-->\s*)*`
	switch {
	case regexp.MustCompile(start + `<(?:!doctype html|html|head|meta|body|style|table|div)\b`).Match(head):
		return errKind("an HTML page, whatever its name says", saveAs)
	case regexp.MustCompile(start + `MIME-Version:`).Match(head):
		return errKind("a web page in a MIME archive, whatever its name says", saveAs)
	case !regexp.MustCompile(start + `<(?:\?xml|rss|feed|Workbook)\b`).Match(head):
		return nil
	case bytes.Contains(head, []byte("urn:schemas-microsoft-com:office:spreadsheet")):
		return errKind("an XML spreadsheet of Excel 2003, whatever its name says", saveAs)
	case bytes.Contains(head, []byte("urn:oasis:names:tc:opendocument")):
		return errKind("an OpenDocument spreadsheet as XML (.fods)", saveAs)
	case bytes.Contains(head, []byte("<rss")), bytes.Contains(head, []byte("<feed")):
		return errKind("a feed (RSS or Atom)", "save its list of episodes as CSV or XLSX")
	}
	return errKind("an XML document", exportList)
}
