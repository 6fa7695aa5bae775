package realtime_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/realtime"
	"github.com/callboard/callboard/realtime/realtimetest"
)

func Example() {
	ctx := context.Background()
	sockets, err := realtime.New(realtime.Config{Authenticator: newAccounts()})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	sockets.Mount(mux)
	server := httptest.NewServer(mux)

	client, err := realtimetest.Connect(ctx, server.URL+realtime.PathWebSocket, realtimetest.Options{Token: "anna"})
	if err != nil {
		fmt.Println(err)
		return
	}
	ev := callboard.NewEvent(ctx, "curtain_up", callboard.Resource{}, map[string]string{"stage": "main"})
	ev.Pos, ev.Channels = 1, []string{callboard.BroadcastChannel}
	if err := sockets.Publish(ctx, []callboard.Event{ev}); err != nil {
		fmt.Println(err)
	}
	push, err := client.Next(ctx)
	fmt.Println(push.Channel, push.Message.Pos, push.Message.Event, string(push.Message.Data), err)

	client.Close()
	_ = sockets.Shutdown(ctx)
	server.Close()
	// Output: broadcast 1 curtain_up {"stage":"main"} <nil>
}
