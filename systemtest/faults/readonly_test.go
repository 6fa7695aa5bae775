//go:build linux

package faults

import (
	"testing"

	"github.com/callboard/callboard/app/apptest"
)

// A Redis that answers and keeps nothing, such as one that has become a replica, is told of before anybody misses a message.
func TestRedisThatTakesNoWrites(t *testing.T) {
	t.Parallel()
	redis := newRedis(t)
	n := apptest.NewBinary(t, apptest.Options{Kind: "postgres"}).Beside("REDIS_URL=redis://" + redis.addr() + "/0")
	n.Start()
	n.AwaitPart("nodes", "ready")
	redis.mustCommand("REPLICAOF", "127.0.0.1", "1")
	n.AwaitPart("nodes", "degraded")
	redis.mustCommand("REPLICAOF", "NO", "ONE")
	n.AwaitPart("nodes", "ready")
}
