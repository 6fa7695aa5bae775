package realtime

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/centrifugal/centrifuge"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Stats counts what is connected now.
type Stats struct {
	Open          int         `json:"open" doc:"Open sockets of the node that answers, signed in or not."`
	Connections   int         `json:"connections" doc:"Signed-in connections of all nodes."`
	Users         int         `json:"users" doc:"Users per node, summed up."`
	Channels      int         `json:"channels" doc:"Channels with a listener per node, summed up."`
	Subscriptions int         `json:"subscriptions" doc:"Of connections to channels."`
	Nodes         []NodeStats `json:"nodes" doc:"Each node."`
}

// NodeStats are the counts of one node, a few seconds old for nodes other than the one that answers.
type NodeStats struct {
	Name          string `json:"name" doc:"Name of the node." example:"node-1"`
	Connections   int    `json:"connections" doc:"Signed-in connections."`
	Users         int    `json:"users" doc:"Users with a connection."`
	Channels      int    `json:"channels" doc:"Channels with a listener."`
	Subscriptions int    `json:"subscriptions" doc:"Of connections to channels."`
	UptimeSeconds int    `json:"uptime_seconds" doc:"How long it has been running."`
}

// Stats returns the current counts.
func (s *Service) Stats(context.Context) (Stats, error) {
	info, err := s.node.Info()
	if err != nil {
		return Stats{}, fmt.Errorf("ask nodes: %w", err)
	}
	st := Stats{Open: int(s.open.Load()), Nodes: make([]NodeStats, 0, len(info.Nodes))}
	for _, n := range info.Nodes {
		ns := s.nodeStats(n)
		st.Connections += ns.Connections
		st.Users += ns.Users
		st.Channels += ns.Channels
		st.Subscriptions += ns.Subscriptions
		st.Nodes = append(st.Nodes, ns)
	}
	slices.SortFunc(st.Nodes, func(a, b NodeStats) int { return cmp.Compare(a.Name, b.Name) })
	return st, nil
}

// nodeStats takes the counts of this node from the source: what nodes tell each other lags behind.
func (s *Service) nodeStats(n centrifuge.NodeInfo) NodeStats {
	ns := NodeStats{
		Name: n.Name, Connections: int(n.NumClients), Users: int(n.NumUsers), Channels: int(n.NumChannels),
		Subscriptions: int(n.NumSubs), UptimeSeconds: int(n.Uptime),
	}
	if n.UID == s.node.ID() {
		hub := s.node.Hub()
		ns.Connections, ns.Users = hub.NumClients(), hub.NumUsers()
		ns.Channels, ns.Subscriptions = hub.NumChannels(), hub.NumSubscriptions()
	}
	return ns
}

// Connection is one signed-in connection.
type Connection struct {
	ID          string    `json:"id" doc:"ID of the connection."`
	UserID      string    `json:"user_id" doc:"Whose it is."`
	Name        string    `json:"name" doc:"Name of the user or application."`
	Transport   string    `json:"transport" enum:"websocket,http_stream,sse" doc:"How it is connected."`
	ConnectedAt time.Time `json:"connected_at" doc:"Since when."`
	Channels    []string  `json:"channels" doc:"What it listens to."`
}

// Connections lists the connections of this node, in the order of their IDs.
func (s *Service) Connections(_ context.Context, page callboard.Page) (callboard.List[Connection], error) {
	var after string
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &after); err != nil {
			return callboard.List[Connection]{}, err
		}
	}
	clients := s.node.Hub().Connections()
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(clients)), func(id string) bool { return id <= after })
	ids = ids[:min(len(ids), page.Size()+1)]
	rows := make([]Connection, len(ids))
	for i, id := range ids {
		rows[i] = describe(clients[id])
	}
	return callboard.NewList(rows, page.Size(), func(c Connection) any { return c.ID }), nil
}

func describe(c *centrifuge.Client) Connection {
	d := Connection{
		ID: c.ID(), UserID: c.UserID(), Transport: c.Transport().Name(),
		ConnectedAt: time.UnixMilli(c.ConnectedAtMS()).UTC(), Channels: c.Channels(),
	}
	slices.Sort(d.Channels)
	if cn := connOf(c); cn != nil {
		d.Name = cn.user().Name
	}
	return d
}

// Disconnect ends all connections of a user, on all nodes, with a code after which clients do not come back by
// themselves. It revokes nothing: whoever connects again is let in. It emits ConnectionsEnded where events are kept.
func (s *Service) Disconnect(ctx context.Context, userID string) error {
	var v callboard.Validator
	v.UserID("user_id", userID)
	if err := v.Err(); err != nil {
		return err
	}
	if s.cfg.DB != nil {
		err := s.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			user := callboard.Resource{Type: "user", ID: userID}
			return s.cfg.Log.Append(ctx, tx, callboard.ConnectionsEnded.New(ctx, user, callboard.ConnectionsData{UserID: userID}))
		})
		if err != nil {
			return err
		}
	}
	ended := centrifuge.Disconnect{Code: CodeEndedByAdmin, Reason: "ended by an administrator"}
	if err := s.node.Disconnect(userID, centrifuge.WithCustomDisconnect(ended)); err != nil {
		return fmt.Errorf("end connections: %w", err)
	}
	return nil
}
