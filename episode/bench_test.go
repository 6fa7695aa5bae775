package episode_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// benchRows is how many rows an import of the benchmark has.
const benchRows = 10_000

// anyShow lives, and needs no lock: nobody else is there.
type anyShow struct{}

func (anyShow) Lock(context.Context, *sqldb.Tx, string, bool) error { return nil }

// BenchmarkImport measures importing rows of about 200 bytes into a show: with the numbers that they have, and without.
func BenchmarkImport(b *testing.B) {
	for _, kind := range []string{sqldbtest.SQLite, sqldbtest.Postgres} {
		for name, number := range map[string]string{"numbered": "%d", "unnumbered": ""} {
			b.Run(kind+"/"+name, func(b *testing.B) { benchmarkImport(b, kind, number) })
		}
	}
}

func benchmarkImport(b *testing.B, kind, number string) {
	var sheet strings.Builder
	sheet.WriteString("title,description,air_date,season_number,episode_number,categories\n")
	for i := range benchRows {
		n := strings.ReplaceAll(number, "%d", fmt.Sprint(i+1))
		fmt.Fprintf(&sheet, "The Lamp Room %d,%s,1963-11-23,%d,%s,drama; mystery\n", i, strings.Repeat("A light is seen. ", 8), i/100, n)
	}
	db := sqldbtest.Open(b, kind, outbox.Migrations(), episode.Migrations())
	service := episode.New(episode.Config{DB: db, Shows: anyShow{}})
	for b.Loop() {
		show := callboard.NewID()
		report, err := service.Import(acting(b), strings.NewReader(sheet.String()), episode.ImportOptions{ShowID: &show})
		if err != nil || report.Imported != benchRows {
			b.Fatalf("%+v, %v", report, err)
		}
	}
	b.ReportMetric(float64(b.N*benchRows)/b.Elapsed().Seconds(), "rows/s")
}
