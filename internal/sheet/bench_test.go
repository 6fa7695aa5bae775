package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/callboard/callboard/internal/sheet"
)

const benchRows = 100_000

// peakHeap samples the heap until stop is called, which returns the highest in MB.
func peakHeap() (stop func() float64) {
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		heap := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		peak := uint64(0)
		for {
			metrics.Read(heap)
			peak = max(peak, heap[0].Value.Uint64())
			select {
			case <-tick.C:
			case <-done:
				result <- peak
				return
			}
		}
	}()
	return func() float64 { close(done); return float64(<-result) / 1e6 }
}

// writeEpisodes writes an export of benchRows rows.
func writeEpisodes(b *testing.B, w io.Writer) {
	b.Helper()
	out, err := sheet.NewWriter(w, sheet.XLSX, []string{
		"title", "description", "air_date", "season_number", "episode_number", "status", "categories", "id", "created_at",
	}, sheet.Options{Inert: true})
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	for i := range benchRows {
		err := out.Write([]any{
			fmt.Sprintf("The Episode of Number %d", i), "A description of two lines,\nwith some words in it", "2026-03-04", i / 20, i % 20,
			"draft", []string{"news", "culture"}, fmt.Sprintf("0199%028d", i), at.Add(time.Duration(i) * time.Second),
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkWriteXLSX(b *testing.B) {
	runtime.GC()
	b.ReportAllocs()
	stop := peakHeap()
	for b.Loop() {
		writeEpisodes(b, io.Discard)
	}
	b.ReportMetric(stop(), "peak-MB")
}

func BenchmarkReadXLSX(b *testing.B) {
	var book bytes.Buffer
	writeEpisodes(b, &book)
	benchmarkRead(b, book.Bytes(), benchRows+1)
}

// With shared strings, as Excel writes them: more than are kept in memory.
func BenchmarkReadXLSXSharedStrings(b *testing.B) {
	var rows, texts strings.Builder
	for i := range benchRows {
		fmt.Fprintf(&texts, `<si><t>The Episode of Number %d</t></si><si><t xml:space="preserve">Number %d is described, in some words and some more</t></si>`, i, i)
		fmt.Fprintf(&rows, `<row r="%d" spans="1:6"><c r="A%d" s="1" t="s"><v>%d</v></c><c r="B%d" s="1" t="s"><v>%d</v></c><c r="C%d" s="1"><v>%d</v></c>`+
			`<c r="D%d"><v>%d</v></c><c r="E%d"><v>%d</v></c></row>`, i+1, i+1, 2*i, i+1, 2*i+1, i+1, 40_000+i%5000, i+1, i/20, i+1, i%20)
	}
	p := sheetOf(rows.String())
	p["xl/sharedStrings.xml"] = "<sst>" + texts.String() + "</sst>"
	benchmarkRead(b, archive(b, p), benchRows)
}

func BenchmarkReadXLSXStyledEmptyRows(b *testing.B) {
	const styledRows = 1_000_000
	var rows strings.Builder
	rows.WriteString(headRow)
	for i := 2; i <= styledRows; i++ {
		fmt.Fprintf(&rows, `<row r="%d" s="1" customFormat="1"><c r="A%d" s="1"/><c r="B%d" s="1"/><c r="C%d" s="1"/><c r="D%d" s="1"/></row>`, i, i, i, i, i)
	}
	benchmarkRead(b, archive(b, sheetOf(rows.String())), 1)
}

// benchmarkRead opens a workbook, and reads it twice.
func benchmarkRead(b *testing.B, book []byte, want int) {
	b.Helper()
	file, err := os.CreateTemp(b.TempDir(), "*.xlsx")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	size, err := bytes.NewReader(book).WriteTo(file)
	if err != nil {
		b.Fatal(err)
	}
	runtime.GC()
	b.ReportAllocs()
	stop := peakHeap()
	for b.Loop() {
		s, err := sheet.Open(file, size, sheet.ReadOptions{})
		if err != nil {
			b.Fatal(err)
		}
		for range 2 {
			if err := s.Rewind(); err != nil {
				b.Fatal(err)
			}
			rows := 0
			for {
				if _, err = s.Next(); err != nil {
					break
				}
				rows++
			}
			if !errors.Is(err, io.EOF) || rows != want {
				b.Fatalf("%d rows: %v", rows, err)
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(stop(), "peak-MB")
}

// list writes a file of 200,000 episodes, as long as lists get.
func list(b *testing.B, format sheet.Format) []byte {
	b.Helper()
	var file bytes.Buffer
	out, err := sheet.NewWriter(&file, format, []string{"season", "episode", "title", "description", "air_date", "status", "categories"}, sheet.Options{Inert: true})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 200_000 {
		err := out.Write([]any{
			i/24 + 1, i%24 + 1, fmt.Sprintf("The Épisode, of Number %d", i), "A description of some words, as \"they\" are,\nand of a second line", "2026-03-04",
			"draft", []string{"news", "culture"},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
	return file.Bytes()
}

func BenchmarkReadText(b *testing.B) {
	folder := b.TempDir()
	for _, name := range []string{"CSV", "plain CSV", "CSV in windows-1252", "NDJSON"} {
		path := filepath.Join(folder, name)
		writeList(b, path, name)
		b.Run(name, func(b *testing.B) {
			file, err := os.Open(path)
			if err != nil {
				b.Fatal(err)
			}
			defer file.Close()
			info, err := file.Stat()
			if err != nil {
				b.Fatal(err)
			}
			runtime.GC()
			b.ReportAllocs()
			b.SetBytes(info.Size())
			stop := peakHeap()
			for b.Loop() {
				s, err := sheet.Open(file, info.Size(), sheet.ReadOptions{})
				rows := 0
				for ; err == nil; rows++ {
					_, err = s.Next()
				}
				if !errors.Is(err, io.EOF) || rows < 200_000 {
					b.Fatalf("%d rows: %v", rows, err)
				}
			}
			b.ReportMetric(stop(), "peak-MB")
		})
	}
}

// writeList writes a file for BenchmarkReadText.
func writeList(b *testing.B, path, name string) {
	b.Helper()
	var file []byte
	switch name {
	case "NDJSON":
		file = list(b, sheet.NDJSON)
	case "plain CSV":
		file = bytes.Repeat([]byte("1,2,The Title of the Episode,A description of some words that it takes to fill a line up as far as they do,2026-03-04,draft\n"), 200_000)
	case "CSV in windows-1252":
		var err error
		if file, err = charmap.Windows1252.NewEncoder().Bytes(bytes.TrimPrefix(list(b, sheet.CSV), []byte("\xef\xbb\xbf"))); err != nil {
			b.Fatal(err)
		}
	default:
		file = list(b, sheet.CSV)
	}
	if err := os.WriteFile(path, file, 0o600); err != nil {
		b.Fatal(err)
	}
}
