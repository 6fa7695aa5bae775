package app_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/faultproxy"
	"github.com/callboard/callboard/internal/needtest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// admitNodes starts a server on PostgreSQL and the Redis at an address, or none, to which others can come.
func admitNodes(t *testing.T, redis string) *patient {
	t.Helper()
	s := apptest.Start(t, apptest.Options{Kind: sqldbtest.Postgres, Config: func(c *app.Config) {
		if redis != "" {
			c.RedisURL = "redis://" + redis + "/0"
		}
	}})
	p := healthy(t, s)
	p.redis = redis
	p.cfg.DatabaseURL = strings.Replace(p.cfg.DatabaseURL, "synchronous_commit=off", "synchronous_commit=on", 1)
	return p
}

// startRedis starts a Redis, and returns its address once it answers.
func startRedis(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		needtest.Missing(t, "redis", err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	_, port, _ := net.SplitHostPort(addr)
	_ = listener.Close() // for Redis
	redis := exec.CommandContext(context.WithoutCancel(t.Context()), path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir())
	if err := redis.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = redis.Process.Kill() // it may have ended
		_ = redis.Wait()
	})
	apptest.Eventually(t, "Redis answers", func() error { return tellRedis(addr, "PING") })
	return addr
}

// tellRedis sends Redis a command.
func tellRedis(addr, command string) error {
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", addr)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "%s\r\n", command); err != nil {
		return err
	}
	answer, err := bufio.NewReader(conn).ReadString('\n')
	if err == nil && !strings.HasPrefix(answer, "+") {
		err = errors.New(answer)
	}
	return err
}

func (p *patient) tellRedis(command, undo string) {
	p.t.Helper()
	if err := tellRedis(p.redis, command); err != nil {
		p.t.Fatal(err)
	}
	p.undo = append(p.undo, func() {
		if err := tellRedis(p.redis, undo); err != nil {
			p.t.Error(err)
		}
		p.Settle()
	})
}

// second starts another node, of another version and with other secrets, for all faults that follow.
func (p *patient) second() {
	apptest.Start(p.ward, apptest.Options{Users: &p.Users, Config: func(c *app.Config) {
		c.DatabaseURL, c.RedisURL, c.JWTSecret, c.Version = p.Config.DatabaseURL, p.Config.RedisURL, callboard.NewID(), "9.9.9"
	}})
	p.await(`SELECT id FROM callboard_nodes WHERE version = '9.9.9'`)
}

func faultsOfNodes() []fault {
	apart := []string{"nodes-versions", "nodes-log-keys", "nodes-secrets", "canary-unheard"}
	return []fault{
		{"durability off", func(p *patient) {
			p.cfg.DatabaseURL = strings.Replace(p.cfg.DatabaseURL, "synchronous_commit=on", "synchronous_commit=off", 1)
		}, "durability-off", "synchronous_commit", nil, false},
		{"read-only database", func(p *patient) { p.cfg.DatabaseURL += "&default_transaction_read_only=on" }, "writes-refused", "a test write failed", []string{"canary-lost"}, false},
		{"inbox without its table", func(p *patient) { p.lose("callboard_notifications") }, "canary-lost", "the consumer inbox does not take it", []string{"consumer-stopped"}, false},
		{"Redis that evicts", func(p *patient) {
			p.tellRedis("CONFIG SET maxmemory 100mb maxmemory-policy allkeys-lru", "CONFIG SET maxmemory 0 maxmemory-policy noeviction")
		}, "redis-evicts", "maxmemory-policy allkeys-lru", nil, false},
		{"Redis without writes", func(p *patient) {
			p.tellRedis("CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0")
		},
			"redis-refuses", "refuses a test write", []string{"canary-lost", "consumer-stopped"}, true},
		{"database that hangs", func(p *patient) {
			u, err := url.Parse(p.cfg.DatabaseURL)
			if err != nil {
				p.t.Fatal(err)
			}
			line := faultproxy.New(p.t, u.Host)
			line.Set(faultproxy.State{HoldDown: true})
			u.Host = line.Addr()
			p.cfg.DatabaseURL = u.String()
		}, "database-gone", "", []string{"check-slow"}, true},
		{"two versions", (*patient).second, "nodes-versions", "9.9.9", apart, false},
		{"different keys of the log", func(*patient) {}, "nodes-log-keys", "2 keys", apart, false},
		{"different secrets", func(p *patient) { p.await(`SELECT id FROM callboard_nodes WHERE other_secrets > 0`) }, "nodes-secrets", "another JWT_SECRET", apart, false},
		{"Redis gone", func(p *patient) {
			_ = tellRedis(p.redis, "SHUTDOWN NOSAVE") // which it does not answer
		}, "redis-gone", "connection refused", nil, true},
	}
}
