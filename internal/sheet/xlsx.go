package sheet

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"callboard"
)

// Limits within an XLSX file, in bytes.
const (
	maxDirectory = 2 << 20 // the directory of the archive, all of which is kept in memory while it is read
	maxPart      = 8 << 20 // a part that is kept in memory: the list of worksheets, the styles
	maxRowXML    = 4 << 20 // the XML of a row, or of a shared text
)

// workbook is an XLSX file. It is read straight from the archive, and so in constant memory; a library that unpacks first
// would have to trust the sizes that the archive gives.
type workbook struct {
	parts map[string]*zip.File // by name, in lower case
}

func openXLSX(r io.ReaderAt, size int64) (*Reader, error) {
	if size > MaxArchive {
		return nil, callboard.Errorf(callboard.CodeTooLarge, "an XLSX file may have at most %d MB; save it as CSV", MaxArchive>>20)
	}
	book, err := openWorkbook(r, size)
	if err != nil {
		return nil, err
	}
	target, date1904, err := book.firstSheet()
	if err != nil {
		return nil, err
	}
	dates, err := book.dateStyles()
	if err != nil {
		return nil, err
	}
	texts, err := book.sharedTexts()
	if err != nil {
		return nil, err
	}
	rows := &worksheet{texts: texts, dates: dates, date1904: date1904}
	s := &Reader{format: XLSX, source: rows, read: &counter{}, close: rows.close}
	if err := rows.open(target); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.header = rows.header
	return s, nil
}

func openWorkbook(r io.ReaderAt, size int64) (*workbook, error) {
	directory := &meter{r: r, left: maxDirectory, limited: true}
	archive, err := zip.NewReader(directory, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged(err)
	}
	directory.limited = false
	book := &workbook{parts: map[string]*zip.File{}}
	var unzipped uint64
	for _, file := range archive.File {
		if unzipped += file.UncompressedSize64; unzipped > MaxUnzipped || file.UncompressedSize64 > MaxUnzipped {
			return nil, callboard.Errorf(callboard.CodeTooLarge, "the workbook unzips to more than %d MB", MaxUnzipped>>20)
		}
		book.parts[partName("", file.Name)] = file
	}
	return book, nil
}

// partName returns the name by which a part is found, of a target that is named by a part in folder.
func partName(folder, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if !strings.HasPrefix(target, "/") {
		target = folder + "/" + target
	}
	return strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))
}

func damaged(cause error) error {
	if callboard.CodeOf(cause) != callboard.CodeInternal {
		return cause
	}
	return callboard.Wrap(cause, callboard.CodeInvalid, "the workbook is damaged: it cannot be unpacked or read")
}

func errNoWorkbook() error {
	return callboard.Errorf(callboard.CodeInvalid, "the archive is not an XLSX workbook")
}

// open returns the content of a part. archive/zip reads no more than the size that the directory gives, which counts.
func (b *workbook) open(name string) (io.ReadCloser, error) {
	file, ok := b.parts[name]
	if !ok {
		return nil, errNoWorkbook()
	}
	if file.Flags&1 != 0 {
		return nil, callboard.Errorf(callboard.CodeInvalid, "the workbook is locked with a password; save it without one")
	}
	content, err := file.Open()
	if err != nil {
		return nil, damaged(err)
	}
	return content, nil
}

// decode reads a small part into v.
func (b *workbook) decode(name string, v any) error {
	content, err := b.open(name)
	if err != nil {
		return err
	}
	defer content.Close()
	if b.parts[name].UncompressedSize64 > maxPart {
		return callboard.Errorf(callboard.CodeTooLarge, "a part of the workbook beside its rows has more than %d MB", maxPart>>20)
	}
	if err := xml.NewDecoder(content).Decode(v); err != nil {
		return damaged(err)
	}
	return nil
}

// relation leads from one part to another.
type relation struct {
	ID     string `xml:"Id,attr"`
	Type   string `xml:"Type,attr"`
	Target string `xml:"Target,attr"`
}

// relations returns where the relations of a part lead to: names of parts by ID.
func (b *workbook) relations(name, kind string) (map[string]string, error) {
	folder, file := path.Split(name)
	var list struct {
		All []relation `xml:"Relationship"`
	}
	if err := b.decode(partName(folder, "_rels/"+file+".rels"), &list); err != nil {
		return nil, err
	}
	targets := map[string]string{}
	for _, r := range list.All {
		if strings.HasSuffix(r.Type, "/"+kind) {
			targets[r.ID] = partName(folder, r.Target)
		}
	}
	return targets, nil
}

// part returns the name of the one part of a kind that the part of the given name is related to, or "".
func (b *workbook) part(name, kind string) (string, error) {
	targets, err := b.relations(name, kind)
	for _, target := range targets {
		return target, err
	}
	return "", err
}

func (b *workbook) main() (string, error) {
	name, err := b.part("", "officeDocument")
	if err == nil && name == "" {
		err = errNoWorkbook()
	}
	return name, err
}

// firstSheet opens the first worksheet that is not hidden, and tells whether dates count from 1904.
func (b *workbook) firstSheet() (content io.ReadCloser, date1904 bool, err error) {
	name, err := b.main()
	if err != nil {
		return nil, false, err
	}
	var list struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := b.decode(name, &list); err != nil {
		return nil, false, err
	}
	targets, err := b.relations(name, "worksheet")
	if err != nil {
		return nil, false, err
	}
	for _, s := range list.Sheets {
		target := ""
		for _, attr := range s.Attrs {
			if attr.Name.Local == "id" && attr.Name.Space != "" { // r:id
				target = targets[attr.Value]
			}
		}
		if target != "" && s.State != "hidden" && s.State != "veryHidden" {
			content, err := b.open(target)
			return content, isTrue(list.Properties.Date1904), err
		}
	}
	return nil, false, callboard.Errorf(callboard.CodeInvalid, "the workbook has no visible worksheet")
}

func isTrue(attr string) bool { return attr == "1" || attr == "true" }

// dateStyles returns for each cell style whether it shows a number as a date.
func (b *workbook) dateStyles() ([]bool, error) {
	main, err := b.main()
	if err != nil {
		return nil, err
	}
	name, err := b.part(main, "styles")
	if err != nil || name == "" {
		return nil, err
	}
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := b.decode(name, &sheet); err != nil {
		return nil, err
	}
	own := map[int]bool{}
	for _, f := range sheet.Formats {
		own[f.ID] = isDateCode(f.Code)
	}
	dates := make([]bool, len(sheet.Cells))
	for i, c := range sheet.Cells {
		date, known := own[c.Format]
		dates[i] = date || !known && isDateFormat(c.Format)
	}
	return dates, nil
}

// meter limits how much is read, as long as it is limited.
type meter struct {
	r       io.ReaderAt
	left    int
	limited bool
}

func (m *meter) ReadAt(p []byte, offset int64) (int, error) {
	if m.limited {
		if m.left -= len(p); m.left < 0 {
			return 0, fmt.Errorf("sheet: the directory of the archive has more than %d bytes", maxDirectory)
		}
	}
	return m.r.ReadAt(p, offset)
}
