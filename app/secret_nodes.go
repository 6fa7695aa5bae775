package app

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/callboard/callboard/sqldb"
)

const (
	// secretTopic is that of the notices by which nodes tell each other what they sign with: the secret as a hash, the log's key by its public one.
	secretTopic = "secret"
	// secretEvery is how often they do, and secretGone after what silence a node has left.
	secretEvery = 3 * time.Second
	secretGone  = 4 * secretEvery
)

// secrets is what is known of the secrets of the other nodes: each that generated one for itself signs what the others refuse, and
// nobody would know why every second request fails.
type secrets struct {
	mu    sync.Mutex
	nodes map[string]*nodeSecret // by the ID of the node, which is new at each start
}

// nodeSecret is what another node has told.
type nodeSecret struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Mark string `json:"mark"` // see account.Service.SecretMark

	LogKey string `json:"log_key,omitempty"` // the public key of what it signs the activity log with

	heard   time.Time
	checked bool
	differs bool
}

// hear takes what a node has told, which is looked at later: a hash takes a while.
func (s *secrets) hear(payload []byte) {
	var told nodeSecret
	if json.Unmarshal(payload, &told) != nil || told.ID == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.nodes[told.ID]
	if known == nil || known.Mark != told.Mark || known.LogKey != told.LogKey {
		known = &told
	}
	known.heard = time.Now()
	if s.nodes == nil {
		s.nodes = map[string]*nodeSecret{}
	}
	s.nodes[told.ID] = known
}

// news forgets nodes that have left, and returns those that are new.
func (s *secrets) news() (fresh []*nodeSecret) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, n := range s.nodes {
		switch {
		case time.Since(n.heard) > secretGone:
			delete(s.nodes, id)
		case !n.checked:
			fresh = append(fresh, n)
		}
	}
	return fresh
}

// settle notes what came of holding the secret of a node against the own one.
func (s *secrets) settle(n *nodeSecret, differs bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n.checked, n.differs = true, differs
}

// different returns how many nodes have another secret.
func (s *secrets) different() (count int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.nodes {
		if n.differs {
			count++
		}
	}
	return count
}

// watchSecrets tells the other nodes which secret this one has, and holds theirs against it, until ctx ends.
func (a *App) watchSecrets(ctx context.Context) error {
	self := a.Realtime.NodeID()
	mark, err := a.Accounts.SecretMark(ctx)
	if err != nil {
		return err
	}
	told, err := json.Marshal(nodeSecret{ID: self, Name: a.cfg.nodeName(), Mark: mark, LogKey: a.logKey})
	if err != nil {
		return fmt.Errorf("tell the other nodes: %w", err)
	}
	for ctx.Err() == nil {
		if !a.Notices.Alone() {
			a.Notices.Send(secretTopic, told)
		}
		for _, n := range a.secrets.news() {
			same := n.ID == self
			if !same {
				if same, err = a.Accounts.SameSecret(ctx, n.Mark); err != nil {
					continue // of a later version, or this node stops
				}
			}
			a.secrets.settle(n, !same)
			_ = a.DB.Write(ctx, a.noteNode) // for doctor; where it fails, the next test write brings it
			if !same {
				a.log.Error("another node signs with another JWT_SECRET: what one of the two has signed, the other refuses", "node", n.Name, "fix", a.cfg.fixSecret())
			}
			if n.LogKey != a.logKey && n.LogKey != "" && a.logKey != "" {
				a.log.Warn("another node signs the activity log with another key: callboard verify trusts only those in the DATA_DIR that it is given",
					"node", n.Name, "public_key", n.LogKey, "fix", "set LOG_SIGNING_KEY on all nodes to the same, such as that in "+signingKeyFile+" of one DATA_DIR, and add the public keys of before to "+publicKeysFile+" of each")
			}
		}
		sqldb.Wait(ctx, secretEvery)
	}
	return nil
}

// fixSecret says how nodes come to one secret.
func (c Config) fixSecret() string {
	where := "which this one has in JWT_SECRET"
	if c.JWTSecret == "" {
		where = "such as that which this one generated for itself into " + filepath.Join(c.DataDir, secretFile)
		if c.DataDir == "" {
			where = "of at least 32 random bytes; this one has neither JWT_SECRET nor DATA_DIR, and made one up for itself"
		}
	}
	return "set JWT_SECRET on all nodes to the same text, " + where
}
