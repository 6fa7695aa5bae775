package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"golang.org/x/text/encoding/unicode"
)

// compound is the beginning of a file of Office before 2007 that has one stream of the given name.
func compound(t *testing.T, name string) string {
	t.Helper()
	file := make([]byte, 3*512)
	copy(file, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	binary.LittleEndian.PutUint16(file[30:], 9) // sectors of 512 bytes
	binary.LittleEndian.PutUint32(file[48:], 1) // the directory is the second of them
	encoded, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(name)
	if err != nil {
		t.Fatal(err)
	}
	copy(file[2*512+128:], encoded)
	return string(file)
}

// stored is a ZIP archive whose parts are not compressed.
func stored(t *testing.T, parts ...[2]string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, part := range parts {
		out, err := w.CreateRaw(&zip.FileHeader{Name: part[0], Method: zip.Store, CompressedSize64: uint64(len(part[1])), UncompressedSize64: uint64(len(part[1]))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write([]byte(part[1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRefusesOtherFiles(t *testing.T) {
	t.Parallel()
	rows := "title,episode\nA,1\n"
	for name, tt := range map[string]struct{ file, message string }{
		"pdf":                {"%PDF-1.7\n%\xe2\xe3", "the file is a PDF; export the list as CSV or XLSX"},
		"png":                {"\x89PNG\r\n\x1a\n\x00\x00", "a picture (PNG)"},
		"jpeg":               {"\xff\xd8\xff\xe0\x00", "a picture (JPEG)"},
		"gif":                {"GIF89a\x01", "a picture (GIF)"},
		"webp":               {"RIFF\x10\x00\x00\x00WEBPVP8 ", "a picture (WebP)"},
		"mp4":                {"\x00\x00\x00\x20ftypisom", "a video, a sound or a picture"},
		"rtf":                {`{\rtf1\ansi`, "an RTF document"},
		"gzip":               {"\x1f\x8b\x08\x00", "compressed (gzip); unpack it"},
		"html":               {"\n<!-- x -->\n<TABLE border=1><tr><td>title", "an HTML page"},
		"html with a mark":   {"\xef\xbb\xbf<!DOCTYPE html><html>", "an HTML page"},
		"excel 2003 xml":     {`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">`, "an XML spreadsheet of Excel 2003"},
		"feed":               {`<?xml version="1.0"?><rss version="2.0">`, "a feed"},
		"xml":                {`<?xml version="1.0"?><x/>`, "an XML document"},
		"xls":                {compound(t, "Workbook"), "in the format of Excel 97 (.xls); open it in a spreadsheet program and save it as XLSX or CSV"},
		"locked workbook":    {compound(t, "EncryptedPackage"), "locked with a password"},
		"doc":                {compound(t, "WordDocument"), "a Word document (.doc)"},
		"cut compound":       {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel 97"},
		"ods":                {stored(t, [2]string{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, [2]string{"content.xml", ""}), "an OpenDocument spreadsheet (.ods)"},
		"odt":                {stored(t, [2]string{"mimetype", "application/vnd.oasis.opendocument.text"}, [2]string{"content.xml", ""}), "an OpenDocument text"},
		"docx":               {stored(t, [2]string{"[Content_Types].xml", ""}, [2]string{"word/document.xml", ""}), "a Word document (.docx)"},
		"numbers":            {stored(t, [2]string{"Index/Document.iwa", ""}), "Apple Numbers"},
		"xlsb":               {stored(t, [2]string{"xl/workbook.bin", ""}), "a binary workbook (.xlsb)"},
		"zip of lists":       {stored(t, [2]string{"list.csv", rows}), "a ZIP archive that holds no workbook; unpack it"},
		"program":            {"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x03\x00\x3e\x00\xff\xfe", "neither text nor a workbook"},
		"nothing but zeros":  {strings.Repeat("\x00", 100), "neither text nor a workbook"},
		"spaces":             {" \n\t\r\n", "the file is empty"},
		"a mark and no more": {"\xef\xbb\xbf", "the file is empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readAll(t, tt.file)
			wantInvalid(t, err, tt.message)
		})
	}
}
