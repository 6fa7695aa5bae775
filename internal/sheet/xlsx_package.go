package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/callboard/callboard"
)

// xlsxPackage is the archive that a workbook is, with its parts by name. Relationships between the parts say what they are: their names
// say nothing.
type xlsxPackage struct {
	source *archiveReader
	parts  map[string]*zip.File
	limit  int64 // bytes that the parts may unzip to
	left   int64
}

func openPackage(r io.ReaderAt, size int64) (*xlsxPackage, error) {
	source := &archiveReader{r: r, left: maxDirectory}
	archive, err := zip.NewReader(source, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // parts are never files
		return nil, source.damaged(err)
	}
	source.left = -1
	limit := min(max(minUnzipped, maxRatio*size), MaxUnzipped)
	p := &xlsxPackage{source: source, parts: map[string]*zip.File{}, limit: limit, left: limit}
	for _, file := range archive.File {
		if name := partName(file.Name); p.parts[name] == nil {
			p.parts[name] = file
		}
	}
	return p, nil
}

// partName returns how the parts are named in this package: case makes no difference, and some programs write backslashes.
func partName(name string) string {
	return strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(name, `\`, "/")), "/")
}

// reserve takes from the bytes that parts may unzip to. The archive keeps each part to what it says of itself.
func (p *xlsxPackage) reserve(names ...string) error {
	for _, name := range names {
		file := p.parts[name]
		if file == nil {
			continue
		}
		if size := file.UncompressedSize64; size > uint64(p.left) {
			return callboard.Errorf(callboard.CodeTooLarge, "the workbook unzips to more than %d MB, which is more than %d times its size; save it as CSV",
				p.limit>>20, maxRatio)
		}
		p.left -= int64(file.UncompressedSize64)
	}
	return nil
}

// read reads a part to its end, where the archive finds out whether it is whole.
func (p *xlsxPackage) read(name string, fn func(x *xmlReader) error) error {
	file := p.parts[name]
	if file == nil {
		return p.source.damaged(fmt.Errorf("sheet: there is no part %q", name))
	}
	if file.Flags&1 != 0 {
		return callboard.Errorf(callboard.CodeInvalid, "the workbook is locked with a password; save it without one")
	}
	content, err := file.Open()
	if err != nil {
		return p.source.damaged(err)
	}
	defer content.Close()
	x, err := newXMLReader(content)
	if err == nil {
		err = fn(x)
	}
	for err == nil {
		_, err = x.next()
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return p.source.damaged(err)
}

// readSmall is read for a part that is neither rows nor shared strings.
func (p *xlsxPackage) readSmall(name string, fn func(x *xmlReader) error) error {
	if file := p.parts[name]; file != nil && file.UncompressedSize64 > maxPart {
		return callboard.Errorf(callboard.CodeTooLarge,
			"the workbook has more than %d MB beside its rows; save it as CSV", maxPart>>20)
	}
	return p.read(name, fn)
}

// relation is what a part says of another one.
type relation struct {
	kind   string // the last word of its type, such as worksheet
	target string // name of the other part
}

// relations returns those of a part by their IDs. The part without a name is the package itself.
func (p *xlsxPackage) relations(part string) (map[string]relation, error) {
	folder, base := path.Split(part)
	name := folder + "_rels/" + base + ".rels"
	relations := map[string]relation{}
	if p.parts[name] == nil {
		return relations, nil
	}
	return relations, p.readSmall(name, func(x *xmlReader) error {
		if err := x.root("Relationships"); err != nil {
			return err
		}
		return x.each("Relationship", func() error {
			attrs, err := x.texts()
			if err != nil || attrs["TargetMode"] == "External" {
				return err
			}
			target := attrs["Target"]
			if !strings.HasPrefix(target, "/") {
				target = path.Join(folder, target)
			}
			kind := attrs["Type"]
			relations[attrs["Id"]] = relation{kind[strings.LastIndexByte(kind, '/')+1:], partName(target)}
			return nil
		})
	})
}

// texts returns the attributes of the element that has begun.
func (x *xmlReader) texts() (map[string]string, error) {
	texts := map[string]string{}
	for {
		name, value, err := x.attr()
		if err != nil || len(name) == 0 {
			return texts, err
		}
		text, err := appendXML(nil, value, false)
		if err != nil {
			return nil, err
		}
		texts[string(name)] = string(text)
	}
}

// noWorkbook says what an archive is that is no XLSX workbook.
func (p *xlsxPackage) noWorkbook() error {
	const copyTable = "copy its table into a spreadsheet and save that as XLSX or CSV"
	for _, kind := range []struct{ part, what, instead string }{
		{"xl/workbook.bin", "a binary workbook (.xlsb)", saveAs},
		{"word/document.xml", "a Word document (.docx)", copyTable},
		{"ppt/presentation.xml", "a PowerPoint presentation (.pptx)", exportList},
		{"index/document.iwa", "a document of Apple Numbers or Pages", "export it as Excel or CSV"},
		{"index.zip", "a document of Apple Numbers or Pages", "export it as Excel or CSV"},
	} {
		if p.parts[kind.part] != nil {
			return errKind(kind.what, kind.instead)
		}
	}
	if p.parts["content.xml"] == nil {
		return errKind("a ZIP archive that holds no workbook", unpack)
	}
	head := make([]byte, 128)
	n, _ := p.source.ReadAt(head, 0) // the archive has been read
	if media := []byte("application/vnd.oasis.opendocument."); bytes.Contains(head[:n], media) && !bytes.Contains(head[:n], append(media, "spreadsheet"...)) {
		return errKind("an OpenDocument text or drawing", copyTable)
	}
	return errKind("an OpenDocument spreadsheet (.ods)", saveAs)
}

// archiveReader limits how much of an archive is read for its directory, and tells a file that cannot be read from one that is damaged.
type archiveReader struct {
	r    io.ReaderAt
	left int // less than zero: no limit
	err  error
}

func (a *archiveReader) ReadAt(p []byte, offset int64) (int, error) {
	if offset < 0 { // the archive says so, and files answer with an error of their own
		return 0, io.ErrUnexpectedEOF
	}
	if a.left >= 0 {
		if a.left -= len(p); a.left < 0 {
			return 0, fmt.Errorf("sheet: the directory of the archive has more than %d bytes", maxDirectory)
		}
	}
	n, err := a.r.ReadAt(p, offset)
	if err != nil && !errors.Is(err, io.EOF) {
		a.err = err
	}
	return n, err
}

// damaged returns what to say of an error that came up while the workbook was read.
func (a *archiveReader) damaged(cause error) error {
	var spooling spoolError
	switch {
	case a.err != nil:
		return fmt.Errorf("read sheet: %w", a.err)
	case errors.As(cause, &spooling), callboard.CodeOf(cause) != callboard.CodeInternal:
		return cause
	}
	return callboard.Wrap(cause, callboard.CodeInvalid, "the workbook is damaged: it cannot be unpacked or read")
}
