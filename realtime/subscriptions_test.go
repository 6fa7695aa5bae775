package realtime

import (
	"fmt"
	"testing"
	"time"

	"github.com/centrifugal/centrifuge"
)

func TestSubscriptionsKeepThePlaceNoLongerThanMessages(t *testing.T) {
	t.Parallel()
	node, err := centrifuge.New(centrifuge.Config{})
	if err != nil {
		t.Fatal(err)
	}
	tr, now := newSubscriptions(node, 10*time.Minute), time.UnixMicro(0)
	tr.add("room:green", "anna", now)
	tr.add("room:green", "anna", now)
	tr.remove("room:green", now)
	if meta, ok := tr.retention("room:green", now.Add(time.Hour)); meta != 10*time.Minute || !ok {
		t.Errorf("with a listener: %v, %v", meta, ok)
	}
	tr.remove("room:green", now)
	for after, want := range map[time.Duration]time.Duration{
		0:                               10 * time.Minute,
		4 * time.Minute:                 6 * time.Minute,
		10*time.Minute - 1:              time.Second,
		10*time.Minute + 1:              time.Second, // still sent, since places are removed a little late
		10*time.Minute + retentionSlack: time.Second,
	} {
		if meta, ok := tr.retention("room:green", now.Add(after)); meta != want || !ok {
			t.Errorf("after %v: %v, %v, want %v", after, meta, ok, want)
		}
	}
	if _, ok := tr.retention("room:green", now.Add(10*time.Minute+retentionSlack+1)); ok {
		t.Error("messages are sent long after the last listener has left")
	}
	if _, ok := tr.retention("room:blue", now); ok {
		t.Error("a channel that nobody ever listened to has subscribers")
	}
	tr.add("room:blue", "anna", now)
	tr.remove("room:blue", now.Add(time.Hour))
	if len(tr.channels) != 1 {
		t.Errorf("%d channels are remembered, want that of the last minutes alone", len(tr.channels))
	}
}

// Whoever goes through channel after channel comes to an end, alone, until the first of them are forgotten.
func TestChannelsOfOneUserAreFew(t *testing.T) {
	t.Parallel()
	node, err := centrifuge.New(centrifuge.Config{})
	if err != nil {
		t.Fatal(err)
	}
	tr, now := newSubscriptions(node, 10*time.Minute), time.UnixMicro(0)
	n := 0
	for ; n < 50_000 && tr.add(fmt.Sprint("room:", n), "anna", now); n++ {
		tr.remove(fmt.Sprint("room:", n), now)
	}
	if n != channelsPerUser {
		t.Errorf("%d channels of one user are remembered, want %d", n, channelsPerUser)
	}
	if !tr.add("room:1", "anna", now) || !tr.add("room:ben", "ben", now) {
		t.Error("channels that are remembered, or another user, are refused")
	}
	if now = now.Add(10*time.Minute + retentionSlack + 1); !tr.add("room:later", "anna", now) || len(tr.channels) > 3 {
		t.Errorf("%d channels are remembered after their time", len(tr.channels))
	}
}
