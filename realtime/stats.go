package realtime

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
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
	if err := s.nodes.available(); err != nil {
		return Stats{}, err
	}
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
	Node        string    `json:"node" doc:"Name of the node that has it." example:"node-1"`
	Transport   string    `json:"transport" enum:"websocket,http_stream,sse" doc:"How it is connected."`
	ConnectedAt time.Time `json:"connected_at" doc:"Since when."`
	Channels    []string  `json:"channels" doc:"What it listens to."`
}

// Connections lists the connections of all nodes, in the order of their IDs. Those of a node that does not answer in time are left out,
// and the log says so.
func (s *Service) Connections(ctx context.Context, page callboard.Page) (callboard.List[Connection], error) {
	var none callboard.List[Connection]
	asked := connectionsQuery{Limit: page.Size() + 1}
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &asked.After); err != nil {
			return none, err
		}
	}
	rows, err := s.connectionsEverywhere(ctx, asked)
	if err != nil {
		return none, err
	}
	return callboard.NewList(rows, page.Size(), func(c Connection) any { return c.ID }), nil
}

// SocketsOf returns how many connections a user has on all nodes, counted up to the most of a page. Those of a node that does not answer in
// time are left out.
func (s *Service) SocketsOf(ctx context.Context, userID string) (int, error) {
	rows, err := s.connectionsEverywhere(ctx, connectionsQuery{Limit: callboard.MaxLimit, User: userID})
	return len(rows), err
}

// connectionsEverywhere asks all nodes, and returns those of the connections that come first.
func (s *Service) connectionsEverywhere(ctx context.Context, asked connectionsQuery) ([]Connection, error) {
	if err := s.nodes.available(); err != nil {
		return nil, err
	}
	info, err := s.node.Info()
	if err != nil {
		return nil, fmt.Errorf("ask nodes: %w", err)
	}
	rows := s.connections(asked)
	var mu sync.Mutex
	var asking sync.WaitGroup
	for _, n := range info.Nodes {
		if n.UID == s.node.ID() {
			continue
		}
		asking.Go(func() {
			theirs, err := s.connectionsOf(ctx, n.UID, asked)
			if err != nil {
				s.log.Warn("a node did not tell its connections", "node", n.Name, "error", err)
			}
			mu.Lock()
			defer mu.Unlock()
			rows = append(rows, theirs...)
		})
	}
	asking.Wait()
	rows = slices.DeleteFunc(rows, func(c Connection) bool { return asked.User != "" && c.UserID != asked.User }) // a node of before answers with all
	slices.SortFunc(rows, func(a, b Connection) int { return cmp.Compare(a.ID, b.ID) })
	return rows[:min(len(rows), asked.Limit)], nil
}

// connectionsQuery is what one node asks another.
type connectionsQuery struct {
	After string `json:"after"` // ID of a connection
	Limit int    `json:"limit"`
	User  string `json:"user,omitempty"` // only those of this one
}

const (
	surveyConnections = "connections"
	// surveyTime is how long a node has to answer another.
	surveyTime = 2 * time.Second
)

func (s *Service) connectionsOf(ctx context.Context, node string, asked connectionsQuery) (rows []Connection, err error) {
	ctx, cancel := context.WithTimeout(ctx, surveyTime)
	defer cancel()
	query, err := json.Marshal(asked)
	if err != nil {
		return nil, err
	}
	answers, err := s.node.Survey(ctx, surveyConnections, query, node)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(answers[node].Data, &rows); err != nil {
		return nil, fmt.Errorf("read the connections of a node: %w", err)
	}
	return rows, nil
}

// answerNode answers what another node asks.
func (s *Service) answerNode(e centrifuge.SurveyEvent, answer centrifuge.SurveyCallback) {
	var asked connectionsQuery
	if e.Op != surveyConnections || json.Unmarshal(e.Data, &asked) != nil || asked.Limit < 1 || asked.Limit > callboard.MaxLimit+1 {
		answer(centrifuge.SurveyReply{Code: 1})
		return
	}
	data, err := json.Marshal(s.connections(asked))
	if err != nil {
		answer(centrifuge.SurveyReply{Code: 1})
		return
	}
	answer(centrifuge.SurveyReply{Data: data})
}

// connections returns those of this node.
func (s *Service) connections(asked connectionsQuery) []Connection {
	clients := s.node.Hub().Connections()
	ids := slices.DeleteFunc(slices.Sorted(maps.Keys(clients)), func(id string) bool {
		return id <= asked.After || asked.User != "" && clients[id].UserID() != asked.User
	})
	ids = ids[:min(len(ids), asked.Limit)]
	rows := make([]Connection, len(ids))
	for i, id := range ids {
		rows[i] = describe(clients[id])
		rows[i].Node = s.cfg.Name
	}
	return rows
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
// themselves. It revokes nothing: whoever connects again is let in. Where events are kept it emits ConnectionsEnded, which each node
// follows (see FollowRights).
func (s *Service) Disconnect(ctx context.Context, userID string) error {
	var v callboard.Validator
	v.UserID("user_id", userID)
	if err := v.Err(); err != nil {
		return err
	}
	if s.cfg.DB != nil {
		return s.cfg.DB.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			user := callboard.Resource{Type: "user", ID: userID}
			return s.cfg.Log.Append(ctx, tx, callboard.ConnectionsEnded.New(ctx, user, callboard.ConnectionsData{UserID: userID}))
		})
	}
	if err := s.nodes.available(); err != nil {
		return err
	}
	if err := s.node.Disconnect(userID, centrifuge.WithCustomDisconnect(endedByAdmin())); err != nil {
		return fmt.Errorf("end connections: %w", err)
	}
	return nil
}

func endedByAdmin() centrifuge.Disconnect {
	return centrifuge.Disconnect{Code: CodeEndedByAdmin, Reason: "ended by an administrator"}
}
