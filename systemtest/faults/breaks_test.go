//go:build linux

package faults

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/faultproxy"
	"github.com/callboard/callboard/internal/needtest"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// What breaks, and how it is mended.

func (f fault) mend(c *cluster, broken any) {
	if f.mends != nil {
		f.mends(c, broken)
	}
}

// Nodes

func killing(which func(*cluster) *node) func(*cluster) any {
	return func(c *cluster) any {
		n := which(c)
		n.away.Store(true)
		n.Kill()
		return n
	}
}

func restarting(_ *cluster, broken any) {
	n := broken.(*node)
	n.Start()
	n.away.Store(false)
}

func rollingRestart(c *cluster) any {
	for _, n := range c.nodes {
		n.away.Store(true)
		if code := n.Stop(); code != 0 {
			c.t.Errorf("%s ended with exit code %d upon SIGTERM", n.name, code)
		}
		restarting(c, n)
	}
	return nil
}

func freezing(which func(*cluster) *node) func(*cluster) any {
	return func(c *cluster) any {
		n := which(c)
		n.away.Store(true)
		n.Signal(syscall.SIGSTOP)
		return n
	}
}

func thawing(_ *cluster, broken any) {
	n := broken.(*node)
	n.Signal(syscall.SIGCONT)
	n.away.Store(false)
}

// vanish stops a node and all lines that it has, so that nobody is told that it is gone: a machine without power.
func vanish(c *cluster) any {
	n := freezing((*cluster).any)(c).(*node)
	n.database.Set(silent)
	if n.redis != nil {
		n.redis.Set(silent)
	}
	return n
}

// replace starts another process in the place of a node that has vanished.
func replace(c *cluster, broken any) {
	n := broken.(*node)
	n.Kill()
	for _, line := range []*faultproxy.Proxy{n.database, n.redis} {
		if line != nil {
			line.Cut()
			line.Set(faultproxy.State{})
		}
	}
	restarting(c, n)
}

// PostgreSQL

func endPostgres(sig syscall.Signal) func(*cluster) any {
	return func(c *cluster) any {
		c.postgres.end(sig)
		return nil
	}
}

func startPostgres(c *cluster, _ any) { c.postgres.start() }

func endSessions(c *cluster) any {
	c.asOperator(func(db *sqldb.DB) {
		ended := sqldbtest.Column[bool](c.t, db, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'node-%'`)
		if len(ended) == 0 {
			c.t.Error("no node had a session")
		}
	})
	return nil
}

// asOperator opens the database as who runs PostgreSQL, whom it refuses nothing.
func (c *cluster) asOperator(use func(db *sqldb.DB)) {
	c.t.Helper()
	db, err := sqldb.Open(c.t.Context(), sqldb.Config{URL: strings.Replace(c.databaseURL(c.postgres.addr(), "operator"), "callboard@", "postgres@", 1)})
	if err != nil {
		c.t.Fatal(err)
	}
	defer db.Close()
	use(db)
}

// takeConnections has PostgreSQL refuse the nodes as it does when all its connections are taken.
func takeConnections(c *cluster) any {
	c.execute(`ALTER DATABASE callboard CONNECTION LIMIT 0`)
	return endSessions(c)
}

func giveConnections(c *cluster, _ any) { c.execute(`ALTER DATABASE callboard CONNECTION LIMIT -1`) }

func (c *cluster) itsPostgres() *server { return c.postgres }
func (c *cluster) itsRedis() *server    { return c.redis }

func pausing(which func(*cluster) *server) func(*cluster) any {
	return func(c *cluster) any {
		s := which(c)
		s.signal(syscall.SIGSTOP)
		return s
	}
}

func resuming(_ *cluster, broken any) { broken.(*server).signal(syscall.SIGCONT) }

// Redis

func endRedis(c *cluster) any {
	c.redis.end(syscall.SIGKILL)
	return nil
}

func startRedis(c *cluster, _ any) { c.redis.start() }

func restartRedis(c *cluster) any {
	endRedis(c)
	startRedis(c, nil)
	return nil
}

func killRedisClients(c *cluster) any {
	c.redis.mustCommand("CLIENT", "KILL", "TYPE", "pubsub")
	c.redis.mustCommand("CLIENT", "KILL", "TYPE", "normal")
	return nil
}

func fillRedis(c *cluster) any {
	c.redis.mustCommand("CONFIG", "SET", "maxmemory-policy", "noeviction")
	c.redis.mustCommand("CONFIG", "SET", "maxmemory", "1")
	return nil
}

func emptyRedis(c *cluster, _ any) { c.redis.mustCommand("CONFIG", "SET", "maxmemory", "0") }

// startSentinel gives Redis a replica, and a Sentinel that puts it in the place of a master that is gone for a second.
func (c *cluster) startSentinel() {
	c.t.Helper()
	master := strconv.Itoa(c.redis.port)
	c.replica = newRedis(c.t, "--replicaof", "127.0.0.1 "+master)
	config := filepath.Join(folder(c.t), "sentinel.conf") // it writes into it what it learns
	text := "sentinel monitor board 127.0.0.1 " + master + " 1\nsentinel down-after-milliseconds board 1000\nsentinel failover-timeout board 5000\n"
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
	c.sentinel = newServerOfRedis(c.t, "Sentinel", config, "--sentinel")
	apptest.Eventually(c.t, "the Sentinel knows the replica", func() error {
		answer, err := c.sentinel.command("SENTINEL", "REPLICAS", "board")
		if err == nil && answer != "*1" {
			err = errors.New(answer)
		}
		return err
	})
}

// killMaster kills the Redis that is written to.
func killMaster(c *cluster) any {
	c.redis.end(syscall.SIGKILL)
	return nil
}

// rejoin starts the Redis that was killed as the replica of the one in its place.
func rejoin(c *cluster, _ any) {
	c.redis, c.replica = c.replica, c.redis
	c.replica.start()
	c.replica.mustCommand("REPLICAOF", "127.0.0.1", strconv.Itoa(c.redis.port))
	apptest.Eventually(c.t, "the replica has what the master has", func() error {
		answer, err := c.redis.command("WAIT", "1", "100")
		if err == nil && answer != ":1" {
			err = errors.New(answer)
		}
		return err
	})
}

// Lines

const (
	toDatabase = "database"
	toRedis    = "redis"
)

var (
	silent = faultproxy.State{HoldUp: true, HoldDown: true}
	slow   = faultproxy.State{Delay: 50 * time.Millisecond}
)

// breaking has the line of one node to a server behave as state says.
func breaking(to string, state faultproxy.State) func(*cluster) any {
	return func(c *cluster) any {
		line := c.any().database
		if to == toRedis {
			line = c.any().redis
		}
		line.Set(state)
		return line
	}
}

func mendLine(_ *cluster, broken any) { broken.(*faultproxy.Proxy).Set(faultproxy.State{}) }

// Clients

// jwtSecret signs for users of an application, who are as many as wanted.
const jwtSecret = "an application has this secret, too"

func tokenOf(c *cluster, user string) string {
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{
		"sub": user, "role": "viewer", "exp": time.Now().Add(time.Hour).Unix(),
	}).SignedString([]byte(jwtSecret))
	if err != nil {
		c.t.Fatal(err)
	}
	return token
}

// slowReaders has sockets at all nodes that read nothing, while more is sent than may wait for one, and returns when all were cut off.
func slowReaders(c *cluster) any {
	var stuck []*realtimetest.Client
	for i, n := range c.nodes {
		socket, err := realtimetest.Connect(c.t.Context(), n.URL()+realtime.PathWebSocket,
			realtimetest.Options{Token: tokenOf(c, "slow-"+strconv.Itoa(i)), ReadBuffer: 4 << 10})
		if err != nil {
			c.t.Fatal(err)
		}
		if _, err := socket.Subscribe(c.t.Context(), "room:flood", realtimetest.SubscribeOptions{}); err != nil {
			c.t.Fatal(err)
		}
		socket.Stall()
		stuck = append(stuck, socket)
	}
	connected := func() (n int) {
		r, err := c.nodes[0].try(c.t.Context(), http.MethodGet, "/api/v1/socket/connections?limit=200", c.nodes[0].Users.Admin.Token, nil)
		if err != nil || r.Status != http.StatusOK {
			return len(stuck)
		}
		for _, socket := range stuck {
			if strings.Contains(string(r.Body), socket.ID) {
				n++
			}
		}
		return n
	}
	padding := strings.Repeat("x", 60<<10)
	apptest.Eventually(c.t, "those who read nothing are cut off", func() error {
		for range 10 {
			r, err := c.nodes[0].try(c.t.Context(), http.MethodPost, "/api/v1/socket/notify-room/flood", c.nodes[0].Users.Service,
				map[string]any{"event": "flood", "data": map[string]any{"padding": padding}})
			if err != nil || r.Status/100 != 2 {
				return fmt.Errorf("answer %d %s: %w", r.Status, r.Body, err)
			}
		}
		if n := connected(); n > 0 {
			return fmt.Errorf("%d are connected", n)
		}
		return nil
	})
	return stuck
}

// stormClients is how many come at once. The machine has the clients, too.
const stormClients = 300

// storm has several hundred clients connect at once, cut off, and connect again to whatever node takes them.
func storm(c *cluster) any {
	sockets := make([]*realtimetest.Client, stormClients)
	tokens := make([]string, stormClients)
	for i := range tokens {
		tokens[i] = tokenOf(c, "stormy-"+strconv.Itoa(i))
	}
	for range 2 {
		var all sync.WaitGroup
		for i := range sockets {
			all.Go(func() {
				if sockets[i] != nil {
					sockets[i].Close()
				}
				ctx, cancel := context.WithTimeout(c.t.Context(), patience)
				defer cancel()
				for try := i; ; try++ {
					socket, err := realtimetest.Connect(ctx, c.nodes[try%len(c.nodes)].URL()+realtime.PathWebSocket, realtimetest.Options{Token: tokens[i]})
					if err == nil {
						sockets[i] = socket
						return
					}
					if ctx.Err() != nil {
						c.t.Errorf("a client of the storm is not let in: %v", err)
						return
					}
					wait(ctx, firstPause)
				}
			})
		}
		all.Wait()
	}
	return sockets
}

func closeSockets(_ *cluster, broken any) {
	for _, socket := range broken.([]*realtimetest.Client) {
		if socket != nil {
			socket.Close()
		}
	}
}

// The database of a poisoned event

// poison has the database refuse the entry of one event in the log, and sends that event. All others go on.
func poison(c *cluster) any {
	statement := `ALTER TABLE callboard.activity ADD CONSTRAINT poison CHECK (resource_id <> 'poison') NOT VALID`
	if c.postgres == nil {
		statement = `CREATE TRIGGER poison BEFORE INSERT ON callboard_activity WHEN NEW.resource_id = 'poison'
			BEGIN SELECT RAISE(ABORT, 'poison'); END`
	}
	c.execute(statement)
	apptest.Eventually(c.t, "the poison is taken", func() error {
		r, err := c.nodes[0].try(c.t.Context(), http.MethodPost, "/api/v1/activity", c.nodes[0].Users.Service,
			map[string]any{"action": "poisoned", "resource_type": "poison", "resource_id": "poison"})
		if err == nil && r.Status != http.StatusCreated {
			err = fmt.Errorf("answer %d %s", r.Status, r.Body)
		}
		return err
	})
	apptest.Eventually(c.t, "the poison is set aside", func() error {
		if ready, _ := c.nodes[0].Ready(); ready.Parts["outbox"].DeadLetters == 0 {
			return fmt.Errorf("%+v", ready.Parts["outbox"])
		}
		return nil
	})
	return nil
}

func cure(c *cluster, _ any) {
	if c.postgres == nil {
		c.execute(`DROP TRIGGER poison`)
		return
	}
	c.execute(`ALTER TABLE callboard.activity DROP CONSTRAINT poison`)
}

func (c *cluster) execute(statement string) {
	c.t.Helper()
	open := c.asOperator
	if c.postgres == nil {
		open = c.withDB
	}
	open(func(db *sqldb.DB) {
		if err := db.Write(c.t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := tx.ExecContext(ctx, statement)
			return err
		}); err != nil {
			c.t.Fatalf("%s: %v", statement, err)
		}
	})
}

// The disk

// mountSmall returns a folder on a disk of its own.
func mountSmall(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64m"); err != nil {
		needtest.Missing(t, "tmpfs", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount %s: %v", dir, err)
		}
	})
	return dir
}

// fillDisk fills the small disk to the last byte, and returns the file that does.
func fillDisk(c *cluster) any {
	f, err := os.Create(filepath.Join(c.disk, "ballast"))
	if err != nil {
		c.t.Fatal(err)
	}
	defer f.Close()
	for _, chunk := range []int{64 << 10, 4 << 10, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, chunk))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			c.t.Fatalf("fill the disk: %v", err)
		}
	}
	return f.Name()
}

func clearDisk(c *cluster, broken any) {
	if err := os.Remove(broken.(string)); err != nil {
		c.t.Fatal(err)
	}
}

// A backup

// restore makes a backup while there is work, and a little later puts it in the place of the database, as docs/operations.md says. What
// was acknowledged since may be gone; clients whose positions are newer than the database begin anew.
func restore(c *cluster) any {
	n, backup := c.nodes[0], filepath.Join(folder(c.t), "backup.db")
	from := time.Now()
	if code, _, errs := n.Run("backup", backup); code != 0 {
		c.t.Fatalf("backup: exit code %d: %s", code, errs)
	}
	c.create(n, "After the backup")
	killing((*cluster).any)(c)
	until := time.Now()
	c.forgotten = func(w *write) bool { return w.acked.After(from) && w.acked.Before(until) }
	for _, l := range c.clients {
		l.beginAnew()
	}
	database := strings.TrimPrefix(n.Config.DatabaseURL, "sqlite://")
	for _, old := range []string{database + "-wal", database + "-shm", filepath.Join(n.Config.DataDir, "log_checkpoint")} {
		if err := os.Remove(old); err != nil && !errors.Is(err, os.ErrNotExist) {
			c.t.Fatal(err)
		}
	}
	if err := os.Rename(backup, database); err != nil {
		c.t.Fatal(err)
	}
	restarting(c, n)
	return nil
}
