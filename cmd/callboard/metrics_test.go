package main

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// described is a registry of an application that collects how the metrics describe themselves.
type described struct {
	prometheus.Registerer
	descs []string
}

func (d *described) Register(c prometheus.Collector) error {
	descs := make(chan *prometheus.Desc)
	go func() {
		c.Describe(descs)
		close(descs)
	}()
	for desc := range descs {
		d.descs = append(d.descs, desc.String())
	}
	return nil
}

func (d *described) Unregister(prometheus.Collector) bool { return true }

// describeMetrics returns how the metrics of a server on PostgreSQL describe themselves, which has them all.
func describeMetrics(t *testing.T) []string {
	found := &described{}
	apptest.Start(t, apptest.Options{Kind: sqldbtest.Postgres, Config: func(c *app.Config) { c.Metrics = found }})
	return found.descs
}

// The table of metrics in the documentation is made from the code, and the rules, the dashboard and the documentation name none that is not there.
func TestMetricsTable(t *testing.T) {
	t.Parallel()
	descs := describeMetrics(t)
	form := regexp.MustCompile(`^Desc\{fqName: "(callboard_[a-z_]+)", help: "(.*?)", (?:unit: "", )?constLabels: \{(.*)\}, variableLabels: \{(.*)\}\}$`)
	known := map[string]bool{}
	var rows []string
	for _, desc := range descs {
		parts := form.FindStringSubmatch(desc)
		if parts == nil {
			continue // of the Go runtime, or the pools of the database
		}
		known[parts[1]] = true
		labels := strings.FieldsFunc(regexp.MustCompile(`="[^"]*"`).ReplaceAllString(parts[3], "")+","+parts[4], func(r rune) bool { return r == ',' })
		rows = append(rows, fmt.Sprintf("| `%s` | %s | %s |\n", parts[1], strings.Join(labels, ", "), strings.ReplaceAll(parts[2], "|", "\\|")))
	}
	if len(rows) < 30 {
		t.Fatalf("%d metrics of %q", len(rows), descs)
	}
	slices.Sort(rows)
	checkDocs(t, "monitoring.md", "metrics", "| metric | labels | meaning |\n| --- | --- | --- |\n"+strings.Join(rows, ""))

	read := func(name string) string {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	rules := read("deploy/prometheus/rules.yml")
	for _, record := range regexp.MustCompile(`record: (\S+)`).FindAllStringSubmatch(rules, -1) {
		known[record[1]] = true
	}
	name := regexp.MustCompile(`\bcallboard(?:_[a-z_]+_(?:seconds|total|events|letters|bytes|stalled|leading|nodes|info|compared|wrong)|:[a-z_]+:(?:ratio|p95)[a-z0-9_]*)\b`)
	texts := rules + read("deploy/grafana/callboard.json") + read("docs/monitoring.md") + read("docs/operations.md")
	for _, found := range name.FindAllString(texts, -1) {
		if !known[found] {
			t.Errorf("there is no %s", found)
		}
	}
}
