package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Results are all figures of a run.
type Results struct {
	Machine Machine  `json:"machine"`
	Figures []Figure `json:"figures"`
}

// Read returns the results in a file. A file that is not there has none.
func Read(path string) (Results, error) {
	var r Results
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	if err != nil {
		return r, fmt.Errorf("read results: %w", err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("read results of %s: %w", path, err)
	}
	return r, nil
}

// Write writes latest.json, latest.md and the charts into a folder.
func (r Results) Write(folder string, series []Series, changes []Change) error {
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return fmt.Errorf("make the folder of results: %w", err)
	}
	text, err := json.MarshalIndent(r.rounded(), "", "  ")
	if err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	if err := writeFile(folder, "latest.json", string(text)+"\n"); err != nil {
		return err
	}
	charts, err := WriteCharts(folder, series)
	if err != nil {
		return err
	}
	return writeFile(folder, "latest.md", r.markdown(charts, changes))
}

func writeFile(folder, name, text string) error {
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	return nil
}

// rounded returns the results without digits that mean nothing.
func (r Results) rounded() Results {
	figures := make([]Figure, len(r.Figures))
	for i, f := range r.Figures {
		f.Value = round(f.Value)
		rounds := make([]float64, len(f.Rounds))
		for j, v := range f.Rounds {
			rounds[j] = round(v)
		}
		parts := make(map[string]float64, len(f.Parts))
		for name, v := range f.Parts {
			parts[name] = round(v)
		}
		f.Rounds, f.Parts = rounds, parts
		figures[i] = f
	}
	r.Machine.FsyncMS, r.Machine.MemoryGB = round(r.Machine.FsyncMS), round(r.Machine.MemoryGB)
	r.Figures = figures
	return r
}

// round keeps four digits that count.
func round(v float64) float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0 // JSON has neither
	}
	short, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64) // it reads what it wrote
	return short
}

// markdown writes the page that people read.
func (r Results) markdown(charts []string, changes []Change) string {
	var b strings.Builder
	m := r.Machine
	fmt.Fprintf(&b, "# Results\n\nWritten by `make bench`. What the figures mean is told in [performance.md](../../docs/performance.md).\n\n")
	fmt.Fprintf(&b, "%s, commit %s. %s, %d cores, %s GB, %s. Making 4 KB durable takes %s ms. Go %s, Node %s, PostgreSQL %s. "+
		"The load generator, the servers and PostgreSQL share the machine.\n\n",
		m.Date, m.Commit, m.CPU, m.Cores, Number(m.MemoryGB), m.System, Number(m.FsyncMS), m.Go, m.Node, m.Postgres)
	b.WriteString("| figure | value | target | verdict | rounds |\n| --- | ---: | ---: | --- | --- |\n")
	for _, f := range r.Figures {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", f.Name, f.Shown(), f.Target, f.Verdict(), numbers(f.Rounds))
	}
	writeChanges(&b, changes)
	writeParts(&b, r.Figures)
	for _, chart := range charts {
		fmt.Fprintf(&b, "\n![%s](%s)\n", chartOf(strings.TrimSuffix(chart, ".svg")).Title, chart)
	}
	return b.String()
}

func writeChanges(b *strings.Builder, changes []Change) {
	if len(changes) == 0 {
		return
	}
	b.WriteString("\n## Worse than in the results before\n\n")
	for _, c := range changes {
		fmt.Fprintf(b, "- %s\n", c)
	}
}

// writeParts writes what each figure was made of.
func writeParts(b *strings.Builder, figures []Figure) {
	b.WriteString("\n## What they are made of\n\nMedians of the rounds.\n")
	for _, f := range figures {
		if len(f.Parts) == 0 && f.Note == "" {
			continue
		}
		fmt.Fprintf(b, "\n**%s**", f.Name)
		if f.Note != "" {
			fmt.Fprintf(b, ": %s", f.Note)
		}
		b.WriteString("\n\n")
		for _, name := range sortedNames(f.Parts) {
			fmt.Fprintf(b, "- %s: %s\n", name, Number(f.Parts[name]))
		}
	}
}

func numbers(values []float64) string {
	shown := make([]string, len(values))
	for i, v := range values {
		shown[i] = Number(v)
	}
	return strings.Join(shown, ", ")
}
