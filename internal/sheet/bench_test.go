package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

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
	file, err := os.CreateTemp(b.TempDir(), "*.xlsx")
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	size, err := book.WriteTo(file)
	if err != nil {
		b.Fatal(err)
	}
	book = bytes.Buffer{}
	runtime.GC()
	b.ReportAllocs()
	stop := peakHeap()
	for b.Loop() {
		s, err := sheet.Open(file, size, sheet.ReadOptions{})
		if err != nil {
			b.Fatal(err)
		}
		rows := 0
		for ; err == nil; rows++ {
			_, err = s.Next()
		}
		if !errors.Is(err, io.EOF) || rows != benchRows+1 {
			b.Fatalf("%d rows: %v", rows, err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(stop(), "peak-MB")
}
