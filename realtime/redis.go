package realtime

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/centrifugal/centrifuge"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// With Redis the messages of all nodes go through it, and it keeps the histories of the channels: a client that was connected to
// another node gets what it missed from any. While Redis is away sockets stay open and hear nothing; what is published is refused, so
// that the consumer of the log waits at its cursor and goes on from there.

const (
	// DefaultRedisPrefix begins the names of all keys and channels in Redis.
	DefaultRedisPrefix = "callboard"

	// nodesChannel carries what nodes send to each other. No client can ask for it: it is no name of a channel.
	nodesChannel = "@nodes"

	// beatEvery is how often a node sends itself a message through Redis. The library makes a broken connection anew after a quarter
	// of a second, so that no outage passes between two of them.
	beatEvery = 200 * time.Millisecond
	// linkTimeout is how long none may come back before the link counts as broken.
	linkTimeout = 3 * time.Second
	// writeEvery is how many beats pass between two messages that Redis has to keep: one that is a replica, or full, passes on all others.
	writeEvery = 5
	// retryRedis is how long a node that starts without Redis waits before it tries again.
	retryRedis = time.Second
)

// ValidRedisURL reports whether an address is one of a Redis: redis://user:password@host:6379/0, rediss:// with TLS,
// redis+sentinel:// and rediss+sentinel:// with ?sentinel_master_name=, redis+cluster://, each with more servers as &addr=host:port,
// or unix:///path.
func ValidRedisURL(address string) bool {
	schemes := []string{"redis", "rediss", "redis+sentinel", "rediss+sentinel", "redis+cluster", "unix"}
	u, err := url.Parse(address)
	if err != nil || !slices.Contains(schemes, u.Scheme) || u.Host+u.Path == "" {
		return false
	}
	database := strings.Trim(u.Path, "/")
	_, err = strconv.ParseUint(database, 10, 31)
	return u.Scheme == "unix" || database == "" || err == nil
}

// redisLink is the link of this node to Redis.
type redisLink struct {
	s         *Service
	own       string                      // channel on which the node sends to itself
	broker    atomic.Pointer[redisBroker] // nil until Redis has answered once
	heardAt   atomic.Int64                // Unix nanoseconds: when something came from there last
	last      atomic.Uint64
	noWrites  atomic.Bool // Redis answers, and keeps nothing
	shard     *centrifuge.RedisShard
	ended     chan struct{} // when run has returned
	missed    sqldb.Wakeup  // messages may have been lost
	published published
	stop      context.CancelFunc
	ctx       context.Context
}

// useRedis links the nodes by Redis. Where it does not answer the node starts without, and goes on trying.
func (s *Service) useRedis() error {
	if !ValidRedisURL(s.cfg.RedisURL) {
		return errors.New("realtime: RedisURL must be like redis://host:6379/0") // the address itself may hold a password
	}
	l := &redisLink{s: s, own: "@node:" + s.node.ID(), missed: sqldb.NewWakeup(), ended: make(chan struct{})}
	l.ctx, l.stop = context.WithCancel(context.Background())
	s.nodes.redis = l
	err := l.connect()
	if err != nil {
		s.log.Warn("Redis does not answer: the sockets are not available until it does", "error", err)
	}
	go l.run(err == nil)
	go l.recoverSockets()
	return nil
}

// connect begins to use Redis.
func (l *redisLink) connect() error {
	shard, err := centrifuge.NewRedisShard(l.s.node, centrifuge.RedisShardConfig{
		Address: l.s.cfg.RedisURL, ConnectTimeout: linkTimeout,
	})
	if err != nil {
		return err
	}
	inner, err := centrifuge.NewRedisBroker(l.s.node, centrifuge.RedisBrokerConfig{Shards: []*centrifuge.RedisShard{shard}, Prefix: l.s.cfg.RedisPrefix})
	if err != nil {
		shard.Close()
		return err
	}
	b := &redisBroker{inner, l}
	l.s.node.SetBroker(b)
	l.s.node.SetController(b)
	if err := l.s.node.Run(); err != nil {
		_ = inner.Close(l.ctx)
		shard.Close()
		return err
	}
	l.shard = shard
	l.broker.Store(b)
	return nil
}

// run makes sure of the link until the node ends.
func (l *redisLink) run(connected bool) {
	defer close(l.ended)
	for !connected && l.ctx.Err() == nil {
		sqldb.Wait(l.ctx, retryRedis)
		connected = l.connect() == nil
	}
	broken, listens := false, false
	for beat := uint64(1); l.ctx.Err() == nil; beat++ {
		b := l.broker.Load()
		if !listens { // from then on the library sees to it
			listens = b.Subscribe(nodesChannel, l.own) == nil
		}
		_, err := b.Publish(l.own, binary.BigEndian.AppendUint64(nil, beat), centrifuge.PublishOptions{})
		if err == nil && beat%writeEvery == 1 {
			_, err = b.Publish(l.own+":kept", nil, centrifuge.PublishOptions{HistorySize: 1, HistoryTTL: linkTimeout, HistoryMetaTTL: time.Minute})
			if was := l.noWrites.Swap(err != nil); err != nil && !was {
				l.s.log.Error("Redis takes no writes: sockets hear nothing of what happens", "error", err)
			}
		}
		if now := !l.linked() && beat > uint64(linkTimeout/beatEvery); now != broken {
			if broken = now; broken {
				l.s.log.Error("the link to Redis is broken: sockets hear nothing of what happens", "error", err)
			} else {
				l.s.log.Info("the link to Redis works again")
			}
		}
		sqldb.Wait(l.ctx, beatEvery)
	}
}

// close ends the connections, once the node has ended.
func (l *redisLink) close() {
	l.stop()
	<-l.ended
	if l.shard != nil {
		l.shard.Close()
	}
}

func (l *redisLink) linked() bool { return time.Since(time.Unix(0, l.heardAt.Load())) < linkTimeout }

// heard notes that a beat came back. Where one is missing messages may be, too: the sockets connect anew, and get from the
// histories what they missed.
func (l *redisLink) heard(beat uint64) {
	l.heardAt.Store(time.Now().UnixNano())
	if last := l.last.Swap(beat); last != 0 && beat != last+1 {
		l.missed.Raise()
	}
}

// recoverSockets has the sockets connect anew each time that they may have missed something, until the node ends.
func (l *redisLink) recoverSockets() {
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-l.missed:
			l.s.reconnect(l.ctx, centrifuge.DisconnectInsufficientState)
		}
	}
}

func (l *redisLink) send(envelope []byte) error {
	b := l.broker.Load()
	if b == nil {
		return errNoRedis(nil)
	}
	_, err := b.Publish(nodesChannel, envelope, centrifuge.PublishOptions{})
	return err
}

// available returns an error while the sockets cannot be served since Redis has not answered yet.
func (n *nodes) available() error {
	if n.redis != nil && n.redis.broker.Load() == nil {
		return errNoRedis(nil)
	}
	return nil
}

// errNoRedis is an error with CodeUnavailable, after which consumers wait at their cursor.
func errNoRedis(cause error) error {
	return &callboard.Error{Code: callboard.CodeUnavailable, Message: "Redis does not answer", RetryAfter: time.Second, Err: cause}
}

// redisBroker is the library's, with the messages of the nodes beside those of the clients.
type redisBroker struct {
	*centrifuge.RedisBroker
	link *redisLink
}

// RegisterBrokerEventHandler implements centrifuge.Broker.
func (b *redisBroker) RegisterBrokerEventHandler(h centrifuge.BrokerEventHandler) error {
	return b.RedisBroker.RegisterBrokerEventHandler(&redisMessages{h, b.link})
}

// Publish implements centrifuge.Broker.
func (b *redisBroker) Publish(channel string, data []byte, opts centrifuge.PublishOptions) (centrifuge.PublishResult, error) {
	result, err := b.RedisBroker.Publish(channel, data, opts)
	if err != nil {
		return result, errNoRedis(fmt.Errorf("publish through Redis: %w", err))
	}
	return result, nil
}

// redisMessages takes what comes from Redis.
type redisMessages struct {
	centrifuge.BrokerEventHandler
	link *redisLink
}

// HandlePublication implements centrifuge.BrokerEventHandler.
func (m *redisMessages) HandlePublication(
	channel string, pub *centrifuge.Publication, at centrifuge.StreamPosition, useDelta bool, before *centrifuge.Publication,
) error {
	switch {
	case channel == nodesChannel:
		m.link.s.fromNode(pub.Data)
	case channel == m.link.own && len(pub.Data) == 8:
		m.link.heard(binary.BigEndian.Uint64(pub.Data))
	default:
		return m.BrokerEventHandler.HandlePublication(channel, pub, at, useDelta, before)
	}
	return nil
}
