// Command centrifuge is a server with nothing but the socket library in it: what a message costs at least.
//
// POST /publish publishes its body, a JSON object, on the channel that every client is subscribed to. Any token is
// accepted. The history is that of Callboard's broadcast channel.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/centrifugal/centrifuge"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/realtime"
)

const (
	metaTTL = 24 * time.Hour // as Callboard remembers the place of its broadcast channel
	maxBody = 64 << 10
)

func main() {
	if err := serve(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve() error {
	node, err := newNode()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle(realtime.PathWebSocket, centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{}))
	mux.HandleFunc("POST /publish", publish(node))
	fmt.Printf("Centrifuge is at http://%s\n", listener.Addr())
	return (&http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}).Serve(listener) // until it is killed
}

func newNode() (*centrifuge.Node, error) {
	node, err := centrifuge.New(centrifuge.Config{HistoryMetaTTL: metaTTL})
	if err != nil {
		return nil, err
	}
	node.OnConnecting(func(_ context.Context, e centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
		return centrifuge.ConnectReply{
			Credentials: &centrifuge.Credentials{UserID: e.Token},
			Subscriptions: map[string]centrifuge.SubscribeOptions{
				callboard.BroadcastChannel: {EnableRecovery: true, HistoryMetaTTL: metaTTL},
			},
		}, nil
	})
	return node, node.Run()
}

func publish(node *centrifuge.Node) http.HandlerFunc {
	history := centrifuge.WithHistory(realtime.DefaultBroadcastHistory, realtime.DefaultHistoryTTL, metaTTL)
	return func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err == nil {
			_, err = node.Publish(callboard.BroadcastChannel, data, history)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusAccepted)
	}
}
