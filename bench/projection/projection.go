// Package projection says how Callboard would do on more machines than a benchmark has, from what it costs on one: it plays changes
// through queues that are as slow as what was measured.
package projection

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/dustin/go-humanize"
)

// Costs are CPU times in seconds, and memory in bytes.
type Costs struct {
	Change         float64 // at the nodes, for the request and all that follows from it, with nobody listening
	Follow         float64 // at each further node
	Deliver        float64 // at a node, for each socket that a change is sent to
	Database       float64 // at PostgreSQL, for each change
	DatabaseFollow float64 // at PostgreSQL, for each change and further node
	Redis          float64 // at Redis, for each change
	RedisNode      float64 // at Redis, for each change and node
	Socket         float64 // memory of a node for each of its sockets
	Elsewhere      float64 // memory of a node for each socket of another
	Message        float64 // bytes on the network for each socket that a change is sent to
}

// Machines are those that a projection is for.
type Machines struct {
	NodeCores     float64
	NodeMemory    float64 // bytes
	NodeNetwork   float64 // bytes/s
	DatabaseCores float64
	RedisCores    float64 // it works on one, whatever there is
}

// Scenario is a team, or many, at work.
type Scenario struct {
	Name     string
	Sockets  int
	Nodes    int
	Audience int     // sockets that hear of a change; 0: all
	Changes  float64 // per second and socket
}

// Outcome is what a scenario comes to.
type Outcome struct {
	Scenario
	PerSecond float64 // changes
	P99       float64 // seconds from a change until the last socket has it; infinite where something is overloaded
	Memory    float64 // bytes at each node
	Load      []Load  // the heaviest first
}

// Load is how much of something is taken, 1 being all.
type Load struct {
	Of    string
	Share float64
}

// Simulate plays so many changes, at random times, the same each time.
func Simulate(c Costs, m Machines, s Scenario, changes int) Outcome {
	nodes, sockets := float64(s.Nodes), float64(s.Sockets)
	audience := sockets
	if s.Audience > 0 {
		audience = min(sockets, float64(s.Audience))
	}
	o := Outcome{Scenario: s, PerSecond: sockets * s.Changes, Memory: sockets/nodes*c.Socket + sockets*(1-1/nodes)*c.Elsewhere}
	// What a change takes of each queue that it goes through, one after the other. The sockets of an audience are spread over the
	// nodes, so that each has its share to send to, on all its cores.
	stages := []struct {
		of   string
		cost float64
	}{
		{"CPU of PostgreSQL", (c.Database + c.DatabaseFollow*(nodes-1)) / m.DatabaseCores},
		{"CPU of Redis", (c.Redis + c.RedisNode*nodes) / m.RedisCores},
		{"CPU of the nodes", (c.Change/nodes + c.Follow*(nodes-1)/nodes + c.Deliver*audience/nodes) / m.NodeCores},
		{"network of the nodes", c.Message * audience / nodes / m.NodeNetwork},
	}
	for _, stage := range stages {
		o.Load = append(o.Load, Load{stage.of, stage.cost * o.PerSecond})
	}
	o.Load = append(o.Load, Load{"memory of the nodes", o.Memory / m.NodeMemory})
	slices.SortStableFunc(o.Load, func(a, b Load) int { return cmp.Compare(b.Share, a.Share) })
	if o.Load[0].Share >= 1 {
		o.P99 = math.Inf(1)
		return o
	}
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // shall be the same each time
	free := make([]float64, len(stages))  // when each queue is empty
	took := make([]float64, changes)
	at := 0.0
	for i := range changes {
		at += random.ExpFloat64() / o.PerSecond
		done := at
		for j, stage := range stages {
			free[j] = max(free[j], done) + stage.cost
			done = free[j]
		}
		took[i] = done - at
	}
	slices.Sort(took)
	o.P99 = took[changes*99/100]
	return o
}

// MostChanges returns how many changes a second a scenario takes until the first thing is as loaded as that share.
func MostChanges(c Costs, m Machines, s Scenario, share float64) (perSecond float64, first string) {
	s.Changes = 1 / float64(s.Sockets)
	o := Simulate(c, m, s, 1)
	for _, l := range o.Load {
		if l.Of != "memory of the nodes" { // which does not depend on them
			return share / l.Share, l.Of
		}
	}
	return 0, ""
}

// Write writes the outcomes as a table in Markdown.
func Write(w io.Writer, c Costs, m Machines, scenarios []Scenario) error {
	const changes = 20_000
	table := tabwriter.NewWriter(w, 0, 0, 1, ' ', 0)
	row := func(cells ...string) { fmt.Fprintf(table, "| %s\t|\n", strings.Join(cells, "\t| ")) }
	row("who", "sockets", "nodes", "changes/s", "until the last has it, p99", "memory of a node", "taken most", "full at")
	row("---", "---:", "---:", "---:", "---:", "---:", "---", "---")
	for _, s := range scenarios {
		o := Simulate(c, m, s, changes)
		until := "never"
		if !math.IsInf(o.P99, 1) {
			until = fmt.Sprintf("%.3g ms", o.P99*1000)
		}
		most, first := MostChanges(c, m, s, 1)
		row(s.Name, humanize.Comma(int64(s.Sockets)), humanize.Comma(int64(s.Nodes)), humanize.CommafWithDigits(o.PerSecond, 1), until,
			humanize.Bytes(uint64(o.Memory)), fmt.Sprintf("%s, %.0f %%", o.Load[0].Of, o.Load[0].Share*100),
			fmt.Sprintf("%s changes/s: %s", humanize.Comma(int64(most)), first))
	}
	return table.Flush()
}
