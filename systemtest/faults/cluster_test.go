//go:build linux

package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/faultproxy"
	"github.com/callboard/callboard/sqldb"
)

// The backends.
const (
	onSQLite   = "sqlite"
	onPostgres = "postgres"
	onRedis    = "postgres+redis"
)

// patience bounds every wait for something that must come. It is far beyond what is promised, so that what came late can be told.
const patience = time.Minute

// cluster is what is broken: nodes, what they stand on, and the lines between.
type cluster struct {
	t         *testing.T
	backend   string
	rand      *rand.Rand
	nodes     []*node
	postgres  *server // nil on SQLite
	redis     *server // nil without
	replica   *server // of Redis; nil but with a Sentinel
	sentinel  *server
	disk      string            // the folder of a small disk, if SQLite is on one
	viewed    string            // the episode that all clients look at
	forgotten func(*write) bool // what an older backup does not have; nil: nothing
	clients   []*client
}

// node is one process of Callboard. It reaches PostgreSQL and Redis by lines of its own.
type node struct {
	*apptest.Binary
	name     string
	database *faultproxy.Proxy // nil on SQLite
	redis    *faultproxy.Proxy // nil without Redis, and where a Sentinel tells where it is
	away     atomic.Bool       // killed or stopped, and not back yet
}

// setting is what a cluster has that few faults need.
type setting struct {
	smallDisk bool // SQLite is on a disk of its own
	sentinel  bool // Redis has a replica, and a Sentinel that puts it in its place
}

// newCluster starts one node on SQLite or three on PostgreSQL, and a client at each.
func newCluster(t *testing.T, backend string, apart setting, seed uint64) *cluster {
	t.Helper()
	c := &cluster{t: t, backend: backend, rand: rand.New(rand.NewPCG(seed, 0))}
	settings := []string{"NOTIFICATION_RATE_LIMIT=-1", "JWT_SECRET=" + jwtSecret}
	options := apptest.Options{}
	if apart.smallDisk {
		c.disk = mountSmall(t)
		options.Config = func(cfg *app.Config) { cfg.DataDir, cfg.DatabaseURL = c.disk, "" }
	}
	if backend != onSQLite {
		c.postgres = newPostgres(t)
		options.Config = func(cfg *app.Config) { cfg.DatabaseURL = c.databaseURL(c.postgres.addr(), "callboard") }
	}
	if backend == onRedis {
		c.redis = newRedis(t)
	}
	if apart.sentinel {
		c.startSentinel()
	}
	var lines [3]*node
	for i := range lines {
		lines[i] = &node{name: fmt.Sprintf("node-%d", i+1)}
	}
	if backend == onSQLite {
		lines[0].Binary = apptest.NewBinary(t, options, settings...)
		c.nodes = lines[:1]
	} else {
		first := apptest.NewBinary(t, options, settings...)
		for _, n := range lines {
			n.Binary = first.Beside(c.lines(n)...)
		}
		c.nodes = lines[:]
	}
	for _, n := range c.nodes {
		n.Start()
	}
	c.viewed = c.create(c.nodes[0], "Looked at by all")
	users := c.nodes[0].Users
	for i, user := range []apptest.User{users.Admin, users.Editor, users.Viewer} {
		c.clients = append(c.clients, newClient(c, user, i%len(c.nodes)))
	}
	return c
}

// lines makes the lines of a node to PostgreSQL and Redis, and returns the settings that lead over them.
func (c *cluster) lines(n *node) []string {
	n.database = faultproxy.New(c.t, c.postgres.addr())
	settings := []string{"NODE_NAME=" + n.name, "DATABASE_URL=" + c.databaseURL(n.database.Addr(), n.name)}
	switch {
	case c.sentinel != nil: // it tells them where Redis is
		settings = append(settings, "REDIS_URL=redis+sentinel://"+c.sentinel.addr()+"?sentinel_master_name=board")
	case c.redis != nil:
		n.redis = faultproxy.New(c.t, c.redis.addr())
		settings = append(settings, "REDIS_URL=redis://"+n.redis.Addr()+"/0")
	}
	return settings
}

func (c *cluster) databaseURL(addr, session string) string {
	return "postgres://callboard@" + addr + "/callboard?sslmode=disable&application_name=" + session
}

// withDB opens the database beside the nodes for as long as use takes: an open SQLite file would spare the next node that recovers it.
func (c *cluster) withDB(use func(db *sqldb.DB)) {
	c.t.Helper()
	db, err := app.OpenDB(c.t.Context(), c.nodes[0].Config)
	if err != nil {
		c.t.Fatalf("open the database: %v", err)
	}
	defer db.Close()
	use(db)
}

// alive returns the nodes that are neither killed nor stopped.
func (c *cluster) alive() (nodes []*node) {
	for _, n := range c.nodes {
		if !n.away.Load() {
			nodes = append(nodes, n)
		}
	}
	return nodes
}

// any returns a node by chance.
func (c *cluster) any() *node { return c.nodes[c.rand.IntN(len(c.nodes))] }

// leader returns the node that runs the consumers.
func (c *cluster) leader() (leader *node) {
	c.t.Helper()
	apptest.Eventually(c.t, "a node leads", func() error {
		for _, n := range c.alive() {
			var ready struct {
				Parts map[string]struct{ Leading bool }
			}
			if r, err := n.try(c.t.Context(), http.MethodGet, "/readyz", "", nil); err == nil && r.JSON(&ready) == nil && ready.Parts["outbox"].Leading {
				leader = n
				return nil
			}
		}
		return fmt.Errorf("none of %d does", len(c.alive()))
	})
	return leader
}

// answerTime is after what time without an answer a caller asks elsewhere.
const answerTime = 5 * time.Second

// try is Try by a caller who does not wait for long.
func (n *node) try(ctx context.Context, method, path, token string, body any) (apptest.Response, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return n.Try(ctx, method, path, token, body)
}

// create makes an episode at a node.
func (c *cluster) create(n *node, title string) (id string) {
	c.t.Helper()
	apptest.Eventually(c.t, "an episode is made", func() error {
		r, err := n.try(c.t.Context(), http.MethodPost, "/api/v1/episodes", n.Users.Editor.Token, map[string]any{"title": title})
		if err == nil && r.Status != http.StatusCreated {
			err = fmt.Errorf("answer %d %s", r.Status, r.Body)
		}
		id = r.ID()
		return err
	})
	return id
}

// awaitRecovery waits until a change at each node that is there is heard by all clients at such nodes, and all those nodes know who looks
// on. It returns when that was, and logs what it took.
func (c *cluster) awaitRecovery() time.Time {
	c.t.Helper()
	began := time.Now()
	for _, n := range c.alive() {
		var made []string // one that a client missed, since it began anew, is not waited for
		apptest.Eventually(c.t, "a change at "+n.name+" is heard", func() error {
			r, err := n.try(c.t.Context(), http.MethodPost, "/api/v1/episodes", n.Users.Editor.Token, map[string]any{"title": "probe"})
			if err == nil && r.Status != http.StatusCreated {
				err = fmt.Errorf("answer %d %s", r.Status, r.Body)
			}
			if err != nil {
				return err
			}
			made = append(made, r.ID())
			return c.awaitHeard(made)
		})
	}
	heard := time.Now()
	var last error
	apptest.Eventually(c.t, "all nodes know who looks on", func() error {
		err := c.checkViewers()
		if err != nil {
			last = err
		}
		return err
	})
	c.t.Logf("changes are heard after %s, and viewers right %s later; at last: %v", seconds(heard.Sub(began)), seconds(time.Since(heard)), last)
	return time.Now()
}

// awaitHeard waits for a moment until all clients that are at a node have heard of one of these episodes.
func (c *cluster) awaitHeard(episodes []string) error {
	ctx, cancel := context.WithTimeout(c.t.Context(), time.Second)
	defer cancel()
	for _, l := range c.clients {
		if err := l.await(ctx, func() bool {
			return l.stuck() || slices.ContainsFunc(episodes, func(id string) bool { return l.episodes[id] })
		}); err != nil {
			return fmt.Errorf("%s has heard of none of %d", l.user.Name, len(episodes))
		}
	}
	return nil
}

// checkViewers returns an error unless all nodes that are there name the same viewers: the clients at such nodes.
func (c *cluster) checkViewers() error {
	var want []string
	for _, l := range c.clients {
		l.mu.Lock()
		if !l.stuck() {
			want = append(want, l.user.Name)
		}
		l.mu.Unlock()
	}
	slices.Sort(want)
	for _, n := range c.alive() {
		r, err := n.try(c.t.Context(), http.MethodGet, "/api/v1/presence/resource-viewers/episode/"+c.viewed, n.Users.Admin.Token, nil)
		if err != nil {
			return err
		}
		var list struct {
			Data struct {
				Viewers []struct{ Name string }
			}
		}
		if err := json.Unmarshal(r.Body, &list); err != nil {
			return err
		}
		var got []string
		for _, v := range list.Data.Viewers {
			got = append(got, v.Name)
		}
		if slices.Sort(got); !slices.Equal(got, want) {
			return fmt.Errorf("%s says that %v look on, not %v", n.name, got, want)
		}
	}
	return nil
}

// verify runs callboard verify, and returns what it finds wrong.
func (c *cluster) verify() (bad []string) {
	c.t.Helper()
	code, out, errs := c.nodes[0].Run("verify")
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, "BAD") {
			bad = append(bad, strings.TrimSpace(line))
		}
	}
	if code != 0 && len(bad) == 0 {
		bad = []string{fmt.Sprintf("exit code %d: %s", code, errs)}
	}
	return bad
}
