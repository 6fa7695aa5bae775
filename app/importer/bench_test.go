package importer

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// benchRows is how many rows a file of the benchmark has.
const benchRows = 200_000

// benchFile has rows of about 200 bytes, as people write them.
func benchFile(b *testing.B) *os.File {
	b.Helper()
	file, err := os.CreateTemp(b.TempDir(), "*.csv")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { file.Close() })
	var text strings.Builder
	text.WriteString("Show,Season,Episode,Title,Synopsis,Air date,Categories\n")
	for i := range benchRows {
		fmt.Fprintf(&text, "Lamp Room,%d,E%02d,The Lamp Room %d,%s,23 November %d,drama; mystery\n",
			i/100, i%100, i, strings.Repeat("A light is seen. ", 8), 1963+i/100%60)
	}
	if _, err := file.WriteString(text.String()); err != nil {
		b.Fatal(err)
	}
	return file
}

// BenchmarkImport measures a plan, the import, and the import of the same file again, with how much memory the process has taken until
// then.
func BenchmarkImport(b *testing.B) {
	file := benchFile(b)
	info, err := file.Stat()
	if err != nil {
		b.Fatal(err)
	}
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		b.Run(kind, func(b *testing.B) {
			for b.Loop() {
				f := newFixture(b, sqldbtest.Open(b, kind, tables()...))
				for _, step := range []struct {
					name string
					run  func() (Report, error)
					want Counts
				}{
					{"plan", func() (Report, error) { return f.Plan(f.ctx(), file, info.Size(), Options{}, Hooks{}) },
						Counts{Rows: benchRows, Created: benchRows}},
					{"import", func() (Report, error) { return f.Import(f.ctx(), file, info.Size(), Options{}, Hooks{}) },
						Counts{Rows: benchRows, Created: benchRows}},
					{"again", func() (Report, error) { return f.Import(f.ctx(), file, info.Size(), Options{}, Hooks{}) },
						Counts{Rows: benchRows, Unchanged: benchRows}},
				} {
					began := time.Now()
					report, err := step.run()
					if err != nil || report.Counts != step.want {
						b.Fatalf("%s: %+v, %v", step.name, report.Counts, err)
					}
					var memory runtime.MemStats
					runtime.ReadMemStats(&memory)
					b.ReportMetric(benchRows/time.Since(began).Seconds(), step.name+"-rows/s")
					b.ReportMetric(float64(memory.Sys)/(1<<20), step.name+"-MB")
				}
			}
		})
	}
}
