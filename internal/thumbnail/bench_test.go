package thumbnail

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"
)

// peakHeap samples the heap until stop is called, which returns the highest in MB.
func peakHeap() (stop func() float64) {
	done, result := make(chan struct{}), make(chan uint64)
	go func() {
		// Unlike runtime.ReadMemStats, this does not stop the work that is measured.
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

// progressiveJPEG needs cjpeg, since Go writes only baseline files.
func progressiveJPEG(b *testing.B, m *image.RGBA) []byte {
	b.Helper()
	cjpeg, err := exec.LookPath("cjpeg")
	if err != nil {
		b.Skip("SKIPPED: cjpeg is not installed")
	}
	ppm := fmt.Appendf(nil, "P6\n%d %d\n255\n", m.Rect.Dx(), m.Rect.Dy())
	for i := 0; i < len(m.Pix); i += 4 {
		ppm = append(ppm, m.Pix[i:i+3]...)
	}
	out := filepath.Join(b.TempDir(), "progressive.jpg")
	cmd := exec.CommandContext(b.Context(), cjpeg, "-progressive", "-quality", "85", "-outfile", out)
	cmd.Stdin = bytes.NewReader(ppm)
	if text, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, text)
	}
	file, err := os.ReadFile(out)
	if err != nil {
		b.Fatal(err)
	}
	return file
}

func BenchmarkMake24MP(b *testing.B) {
	for name, file := range map[string]func(*testing.B, *image.RGBA) []byte{
		"baseline":    func(b *testing.B, m *image.RGBA) []byte { b.Helper(); return asJPEG(b, m) },
		"progressive": progressiveJPEG,
	} {
		b.Run(name, func(b *testing.B) {
			data := file(b, detailed(6000, 4000))
			runtime.GC()
			b.ReportAllocs()
			stop := peakHeap()
			for b.Loop() {
				if _, err := Make(b.Context(), bytes.NewReader(data), []Size{{"l", 1280, 1280}, {"m", 640, 640}, {"s", 320, 320}}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(stop(), "peak-MB")
			b.ReportMetric(float64(len(data))/1e6, "file-MB")
		})
	}
}
