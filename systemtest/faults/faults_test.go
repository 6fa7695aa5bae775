//go:build linux

package faults

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/faultproxy"
)

// fault is one thing that breaks, and what is promised then. That nothing acknowledged is lost, doubled, out of order or never heard of
// is promised of all.
type fault struct {
	name   string
	on     []string             // the backends that it is about
	breaks func(c *cluster) any // what it returns is handed to mends
	lasts  time.Duration        // how long it is like that
	mends  func(c *cluster, broken any)
	// others says that the rest works again before the fault is mended: the time counts from its beginning. On one node it counts from
	// there, too, and mending is part of it.
	others bool
	within time.Duration // until when all works again, from the end of the fault or from its beginning
	apart  setting       // what the cluster has to have for it
}

var (
	everywhere = []string{onSQLite, onPostgres, onRedis}
	severalOf  = []string{onPostgres, onRedis}
	alone      = []string{onSQLite}
	withRedis  = []string{onRedis}
)

// How soon all works again.
const (
	afterKill     = 2 * time.Second
	afterFault    = 5 * time.Second
	afterVanished = 15 * time.Second
)

var faults = []fault{
	{name: "kill", on: everywhere, breaks: killing((*cluster).any), mends: restarting, others: true, within: afterKill},
	{name: "kill-leader", on: severalOf, breaks: killing((*cluster).leader), mends: restarting, others: true, within: afterKill},
	{name: "rolling-restart", on: everywhere, breaks: rollingRestart, within: afterFault},
	{name: "freeze", on: alone, breaks: freezing((*cluster).any), lasts: 16 * time.Second, mends: thawing, within: afterFault},
	{name: "freeze", on: severalOf, breaks: freezing((*cluster).any), lasts: 16 * time.Second, mends: thawing, others: true, within: afterVanished},
	{name: "freeze-leader", on: severalOf, breaks: freezing((*cluster).leader), lasts: 16 * time.Second, mends: thawing, others: true, within: afterVanished},
	{name: "vanish", on: severalOf, breaks: vanish, lasts: 16 * time.Second, mends: replace, others: true, within: afterVanished},

	{name: "postgres-restarted", on: severalOf, breaks: endPostgres(syscall.SIGINT), mends: startPostgres, within: afterFault},
	{name: "postgres-crashed", on: severalOf, breaks: endPostgres(syscall.SIGQUIT), mends: startPostgres, within: afterFault},
	{name: "postgres-sessions-ended", on: severalOf, breaks: endSessions, within: afterFault},
	{name: "postgres-full", on: severalOf, breaks: takeConnections, lasts: 5 * time.Second, mends: giveConnections, within: afterFault},
	{name: "postgres-paused", on: severalOf, breaks: pausing((*cluster).itsPostgres), lasts: 8 * time.Second, mends: resuming, within: afterFault},

	{name: "redis-restarted", on: withRedis, breaks: restartRedis, within: afterFault},
	{name: "redis-away", on: withRedis, breaks: endRedis, lasts: 6 * time.Second, mends: startRedis, within: afterFault},
	{name: "redis-paused", on: withRedis, breaks: pausing((*cluster).itsRedis), lasts: 6 * time.Second, mends: resuming, within: afterFault},
	{name: "redis-clients-killed", on: withRedis, breaks: killRedisClients, within: afterFault},
	{name: "redis-full", on: withRedis, breaks: fillRedis, lasts: 5 * time.Second, mends: emptyRedis, within: afterFault},
	{name: "redis-failover", on: withRedis, breaks: killMaster, mends: rejoin, others: true, within: afterFault, apart: setting{sentinel: true}},

	{name: "database-cut", on: severalOf, breaks: breaking(toDatabase, faultproxy.State{Refuse: true}), lasts: 5 * time.Second, mends: mendLine, within: afterFault},
	{name: "database-silent", on: severalOf, breaks: breaking(toDatabase, silent), lasts: 12 * time.Second, mends: mendLine, within: afterFault},
	{name: "database-answers-lost", on: severalOf, breaks: breaking(toDatabase, faultproxy.State{HoldDown: true}), lasts: 12 * time.Second, mends: mendLine, within: afterFault},
	{name: "database-requests-lost", on: severalOf, breaks: breaking(toDatabase, faultproxy.State{HoldUp: true}), lasts: 12 * time.Second, mends: mendLine, within: afterFault},
	{name: "database-slow", on: severalOf, breaks: breaking(toDatabase, slow), lasts: 5 * time.Second, mends: mendLine, within: afterFault},
	{name: "redis-cut", on: withRedis, breaks: breaking(toRedis, faultproxy.State{Refuse: true}), lasts: 5 * time.Second, mends: mendLine, within: afterFault},
	{name: "redis-silent", on: withRedis, breaks: breaking(toRedis, silent), lasts: 8 * time.Second, mends: mendLine, within: afterFault},
	{name: "redis-answers-lost", on: withRedis, breaks: breaking(toRedis, faultproxy.State{HoldDown: true}), lasts: 8 * time.Second, mends: mendLine, within: afterFault},
	{name: "redis-requests-lost", on: withRedis, breaks: breaking(toRedis, faultproxy.State{HoldUp: true}), lasts: 8 * time.Second, mends: mendLine, within: afterFault},
	{name: "redis-slow", on: withRedis, breaks: breaking(toRedis, slow), lasts: 5 * time.Second, mends: mendLine, within: afterFault},

	{name: "slow-readers", on: everywhere, breaks: slowReaders, mends: closeSockets, others: true, within: afterFault},
	{name: "client-storm", on: everywhere, breaks: storm, mends: closeSockets, within: afterFault},
	{name: "poison-event", on: everywhere, breaks: poison, lasts: 2 * time.Second, mends: cure, others: true, within: afterFault},
	{name: "restored", on: alone, breaks: restore, within: afterFault},
	{name: "disk-full", on: alone, breaks: fillDisk, lasts: 3 * time.Second, mends: clearDisk, within: afterFault, apart: setting{smallDisk: true}},
}

// The short form is what "make test" has time for: it fails when something is lost, doubled or out of order, and not when the machine is
// busy with other tests and all takes longer than is promised.
var (
	long    = flag.Bool("long", false, "break everything, and hold recovery to its times")
	only    = flag.String("only", "", "break these alone, by name, separated by commas")
	backend = flag.String("backend", "", "on this backend alone: sqlite, postgres, postgres+redis")
	seed    = flag.Uint64("seed", 1, "what is left to chance follows from it")
	rounds  = flag.Int("rounds", 1, "how often each is broken")
	out     = flag.String("out", "", "write the table to this file, too")
)

var inShort = map[string][]string{
	onSQLite:   {"kill"},
	onPostgres: {"kill-leader", "postgres-restarted"},
	onRedis:    {"kill", "redis-restarted"},
}

func TestMain(m *testing.M) { os.Exit(apptest.Main(m)) }

// What breaks breaks no promise.
func TestFaults(t *testing.T) {
	var mu sync.Mutex
	var all report
	t.Run("backends", func(t *testing.T) {
		for _, on := range everywhere {
			if *backend != "" && *backend != on {
				continue
			}
			t.Run(on, func(t *testing.T) {
				if !*long {
					t.Parallel()
				}
				for _, apart := range []setting{{}, {smallDisk: true}, {sentinel: true}} {
					chosen := slices.DeleteFunc(slices.Clone(faults), func(f fault) bool {
						return f.apart != apart || !slices.Contains(f.on, on) || !isChosen(f.name, on)
					})
					if len(chosen) == 0 {
						continue
					}
					c := newCluster(t, on, apart, *seed)
					for round := range *rounds {
						for _, f := range chosen {
							n, unavailable, recovered := c.suffer(f, fmt.Sprintf("%s-%d", f.name, round))
							mu.Lock()
							all.add(f, on, n, unavailable, recovered)
							mu.Unlock()
							for _, wrong := range append(n.late, n.wrong[:min(len(n.wrong), 10)]...) {
								t.Errorf("%s, round %d: %s", f.name, round, wrong)
							}
						}
					}
				}
			})
		}
	})
	all.print(os.Stdout)
	if *out != "" {
		f, err := os.Create(*out)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		all.print(f)
	}
}

func isChosen(name, on string) bool {
	switch {
	case *only != "":
		return slices.Contains(strings.Split(*only, ","), name)
	case *long:
		return true
	}
	return slices.Contains(inShort[on], name)
}

// suffer is one round: there is work, something breaks, it is mended, and when all is calm again it is counted what became of the work.
func (c *cluster) suffer(f fault, round string) (n count, unavailable, recovered time.Duration) {
	for _, l := range c.clients {
		l.goHome()
	}
	work := startLoad(c, round)
	work.awaitMore(40)
	broke := time.Now()
	broken := f.breaks(c)
	began, others := broke, f.others && len(c.nodes) > 1
	if !others {
		wait(c.t.Context(), f.lasts)
		if !f.others {
			began = time.Now()
		}
		f.mend(c, broken)
	}
	var late []string
	at := c.awaitRecovery()
	recovered = at.Sub(began)
	if others {
		wait(c.t.Context(), f.lasts-time.Since(broke))
		f.mend(c, broken)
		again := time.Now()
		if took := c.awaitRecovery().Sub(again); *long && took > afterFault {
			late = append(late, fmt.Sprintf("all nodes are whole %s after the fault was mended, not within %s", seconds(took), afterFault))
		}
	}
	work.awaitMore(20)
	writes := work.stop()
	c.settle()
	n = c.audit(round, writes)
	n.late = late
	if *long && recovered > f.within {
		n.late = append(n.late, fmt.Sprintf("all works again %s after, not within %s", seconds(recovered), f.within))
	}
	unavailable = longestStretch(writes, broke, at)
	c.t.Logf("%s on %s: %d acknowledged, %d lost, %d doubled, %d reordered, %d missing, %d unsure, %d repeated; unavailable %s, recovered in %s",
		round, c.backend, n.acknowledged, n.lost, n.doubled, n.reordered, n.missing, n.unsure, n.repeated, seconds(unavailable), seconds(recovered))
	return n, unavailable, recovered
}
