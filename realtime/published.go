package realtime

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"

	"github.com/callboard/callboard"
)

const (
	// publishedChannel keeps, in its history, what was published last. No client can ask for it: it is no name of a channel.
	publishedChannel = "@published"
	// publishedTTL is as long as Redis knows positions of channels, and longer.
	publishedTTL = 90 * 24 * time.Hour
)

// published is what Redis remembers of the log. Channels recognise by its position what is published again (see dedupe), and that holds
// for one log. A database that was set up anew, or came from a backup, has positions again that Redis knows from before: all that happens would
// be taken for repeats, and nobody would hear of it until the old ones are passed. So whoever begins to publish holds what was
// published last against the log, and where that does not have it, positions begin a new epoch.
type published struct {
	mu    sync.Mutex
	epoch string
	next  int64 // the position that this node publishes next, when no other has published meanwhile
}

// lastPublished is the state in Redis.
type lastPublished struct {
	Pos   int64  `json:"pos"` // 0: nothing yet in this epoch
	ID    string `json:"id"`
	Epoch string `json:"epoch"`
}

// epochAt returns the epoch of the positions from one on that is to be published.
func (l *redisLink) epochAt(ctx context.Context, pos int64) (string, error) {
	l.published.mu.Lock()
	defer l.published.mu.Unlock()
	if pos == l.published.next || l.s.cfg.Log == nil {
		return l.published.epoch, nil
	}
	last, err := l.readPublished()
	if err != nil {
		return "", err
	}
	known := last.Pos == 0
	if !known {
		id, err := l.s.cfg.Log.IDAt(ctx, last.Pos)
		if err != nil {
			return "", err
		}
		known = id == last.ID
	}
	if last.Epoch == "" || !known {
		if last.Epoch != "" {
			l.s.log.Warn("Redis knows positions of another log, or of this one before it was restored: they count no longer", "up_to", last.Pos)
		}
		last = lastPublished{Epoch: callboard.NewID()}
		if err := l.writePublished(last); err != nil {
			return "", err
		}
	}
	l.published.epoch = last.Epoch
	return last.Epoch, nil
}

// notePublished keeps that an event, and all before it, has been published.
func (l *redisLink) notePublished(ev *callboard.Event) error {
	l.published.mu.Lock()
	defer l.published.mu.Unlock()
	if l.s.cfg.Log == nil {
		return nil
	}
	l.published.next = ev.Pos + 1
	return l.writePublished(lastPublished{Pos: ev.Pos, ID: ev.ID, Epoch: l.published.epoch})
}

func (l *redisLink) readPublished() (last lastPublished, err error) {
	kept, _, err := l.broker.Load().History(publishedChannel, centrifuge.HistoryOptions{
		Filter: centrifuge.HistoryFilter{Limit: 1, Reverse: true}, MetaTTL: publishedTTL,
	})
	if err != nil {
		return last, errNoRedis(fmt.Errorf("read what was published last: %w", err))
	}
	if len(kept) > 0 && json.Unmarshal(kept[0].Data, &last) != nil {
		last = lastPublished{}
	}
	return last, nil
}

func (l *redisLink) writePublished(last lastPublished) error {
	data, err := json.Marshal(last)
	if err != nil {
		return fmt.Errorf("keep what was published last: %w", err)
	}
	_, err = l.broker.Load().Publish(publishedChannel, data, centrifuge.PublishOptions{
		HistorySize: 1, HistoryTTL: publishedTTL, HistoryMetaTTL: publishedTTL,
	})
	return err
}
