package realtime

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"github.com/callboard/callboard"
)

// RedisState is what a Redis is like for those who meet in it.
type RedisState struct {
	MaxMemory int64  // bytes; 0 for no limit
	Policy    string // what goes when it is full, such as noeviction
	Refuses   string // why it takes no writes; empty while it does
}

// LookAtRedis asks the Redis at an address as ValidRedisURL has it, and writes a key of its own there, which ends by itself. The error is
// that it does not answer.
func LookAtRedis(ctx context.Context, address, prefix string) (RedisState, error) {
	options, err := redisOptions(address)
	if err != nil {
		return RedisState{}, errors.New("the address cannot be used") // it may hold a password
	}
	client, err := rueidis.NewClient(options)
	if err != nil {
		return RedisState{}, err
	}
	defer client.Close()
	info, err := client.Do(ctx, client.B().Info().Section("memory").Build()).ToString()
	if err != nil {
		return RedisState{}, err
	}
	state := RedisState{Policy: infoField(info, "maxmemory_policy")}
	_, _ = fmt.Sscan(infoField(info, "maxmemory"), &state.MaxMemory) // 0 where it does not say
	key := prefix + ".doctor." + callboard.NewID()
	err = client.Do(ctx, client.B().Set().Key(key).Value("1").PxMilliseconds(time.Second.Milliseconds()).Build()).Error()
	if refused, ok := rueidis.IsRedisErr(err); ok {
		state.Refuses, err = refused.Error(), nil
	}
	return state, err
}

// redisOptions reads an address as the socket library does.
func redisOptions(address string) (rueidis.ClientOption, error) {
	u, err := url.Parse(address)
	if err != nil {
		return rueidis.ClientOption{}, err
	}
	query := u.Query()
	scheme, kind, _ := strings.Cut(u.Scheme, "+")
	if u.Scheme = scheme; query.Has("sentinel_master_name") {
		query.Set("master_set", query.Get("sentinel_master_name"))
		u.RawQuery = query.Encode()
	}
	options, err := rueidis.ParseURL(u.String())
	options.DisableCache, options.DisableRetry = true, true
	options.ForceSingleClient = kind == "" && len(options.InitAddress) == 1
	options.Dialer.Timeout = linkTimeout / 2
	if kind == "sentinel" {
		options.Sentinel.Username, options.Sentinel.Password = query.Get("sentinel_user"), query.Get("sentinel_password")
	}
	return options, err
}

// infoField returns a field of the answer to INFO.
func infoField(info, name string) string {
	for line := range strings.Lines(info) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
