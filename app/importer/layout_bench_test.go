package importer

import (
	"bytes"
	"fmt"
	"testing"
)

// BenchmarkTable reads 200,000 rows twice, as a plan does: for the layout, and as entries.
func BenchmarkTable(b *testing.B) {
	const rows = 200_000
	var file bytes.Buffer
	file.WriteString("No. overall,Season,Ep #,Title,Directed by,Original air date,Plot,Genre,Viewers (millions)\n")
	for i := range rows {
		fmt.Fprintf(&file, "%d,%d,%d,The Episode of Number %d,Waris Hussein,%02d/%02d/%d,\"What happens in it, in a few words\",drama; comedy,4.5\n",
			i+1, i/200+1, i%200+1, i, i%28+1, i%12+1, 1990+i/10_000)
	}
	b.ReportAllocs()
	for b.Loop() {
		t, err := openTable(b.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), Options{})
		if err != nil {
			b.Fatal(err)
		}
		good := 0
		err = t.entries(b.Context(), func(e entry) error {
			if e.err == nil && e.skip == "" {
				good++
			}
			return nil
		})
		if err == nil {
			err = t.close()
		}
		if err != nil || good != rows {
			b.Fatalf("%d good rows: %v", good, err)
		}
	}
}
