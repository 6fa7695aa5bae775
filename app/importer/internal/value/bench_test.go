package value_test

import (
	"testing"

	"github.com/callboard/callboard/app/importer/internal/value"
)

func BenchmarkClean(b *testing.B) {
	for name, cell := range map[string]string{
		"ascii":   "A short text about what happens in this episode of the show, as most are.",
		"unicode": "Café – “quoted”, 日本語,\u00a0and a no-break space &amp; more of it, for good measure.",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				value.Clean(cell)
			}
		})
	}
}

func BenchmarkParseNumber(b *testing.B) {
	for _, cell := range []string{"7", "7.0", "S01E05", "Episode 5"} {
		b.Run(cell, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := value.ParseNumber(cell); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseDate(b *testing.B) {
	for _, cell := range []string{"1989-12-17", "17/12/1989", "17 December 1989", "Sunday, December 17, 1989", "1989-12-17T20:00:00-05:00", "17 décembre 1989"} {
		b.Run(cell, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := value.ParseDate(cell, value.UnknownOrder); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDateColumn(b *testing.B) {
	var column value.DateColumn
	for b.Loop() {
		column.Observe("17/12/1989")
	}
}

func BenchmarkParseList(b *testing.B) {
	for name, cell := range map[string]string{"split": "drama; comedy; crime", "json": `["drama","comedy","crime"]`} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := value.ParseList(cell); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkRow(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		value.CleanLine("Dead Reckoning")
		value.Clean("A short text about what happens in this episode of the show, as most are.")
		_, _ = value.ParseSeason("1")
		_, _ = value.ParseNumber("17")
		_, _ = value.ParseDate("17/12/1989", value.DayFirst)
		_, _ = value.ParseChoice("Published", []string{"draft", "pending", "approved", "rejected", "published", "archived"})
		_, _ = value.ParseList("drama; comedy")
		value.NoText("https://example.com/thumbnails/17.jpg")
	}
}
