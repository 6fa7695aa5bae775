package projection

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"
)

func TestSimulate(t *testing.T) {
	t.Parallel()
	machines := Machines{NodeCores: 1, NodeMemory: 1, NodeNetwork: 1, DatabaseCores: 1, RedisCores: 1}
	alone := Simulate(Costs{Database: 0.001}, machines, Scenario{Sockets: 1, Nodes: 1, Changes: 1}, 1000)
	if alone.P99 < 0.001 || alone.P99 > 0.003 { // changes hardly ever meet
		t.Errorf("a queue that is idle takes %v s, not one turn", alone.P99)
	}
	busy := Simulate(Costs{Database: 0.001}, machines, Scenario{Sockets: 1, Nodes: 1, Changes: 900}, 100_000)
	// A queue with one server and turns of one length, at nine tenths of what it can do: on average 5.5 turns, and many more at the worst.
	if busy.P99 < 5*alone.P99 {
		t.Errorf("a queue that is busy takes %v s", busy.P99)
	}
	full := Simulate(Costs{Database: 0.001}, machines, Scenario{Sockets: 1, Nodes: 1, Changes: 1001}, 1000)
	if !math.IsInf(full.P99, 1) || full.Load[0].Of != "CPU of PostgreSQL" {
		t.Errorf("%+v", full)
	}
	if most, first := MostChanges(Costs{Database: 0.001}, machines, Scenario{Sockets: 5, Nodes: 1}, 1); math.Round(most) != 1000 || first != "CPU of PostgreSQL" {
		t.Errorf("%v, %s", most, first)
	}
	spread := Simulate(Costs{Socket: 10, Elsewhere: 1}, machines, Scenario{Sockets: 100, Nodes: 10}, 1)
	if spread.Memory != 10*10+90 {
		t.Errorf("%v bytes", spread.Memory)
	}
}

const page = "../../docs/scale.md"

// The tables of the page are what the simulation says. UPDATE_DOCS=1 writes them.
func TestPage(t *testing.T) {
	t.Parallel()
	onPostgres, onRedis := Measured()
	old, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	text := string(old)
	for name, costs := range map[string]Costs{"PostgreSQL alone": onPostgres, "PostgreSQL and Redis": onRedis} {
		var table bytes.Buffer
		if err := Write(&table, costs, Assumed(), Scenarios()); err != nil {
			t.Fatal(err)
		}
		begin, end := "<!-- "+name+" -->\n", "<!-- end -->"
		before, rest, found := strings.Cut(text, begin)
		_, after, ends := strings.Cut(rest, end)
		if !found || !ends {
			t.Fatalf("the page has no place for %s", name)
		}
		text = before + begin + table.String() + end + after
	}
	if text == string(old) {
		return
	}
	if os.Getenv("UPDATE_DOCS") == "" {
		t.Fatal("the page says something else; UPDATE_DOCS=1 writes it")
	}
	if err := os.WriteFile(page, []byte(text), 0o644); err != nil { //nolint:gosec // a page for everybody
		t.Fatal(err)
	}
}
