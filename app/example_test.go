package app_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
)

// An application mounts Callboard beside its own handlers, and says who its users are.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "callboard")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	board, err := app.New(ctx, app.Config{
		DataDir:    dir,
		PathPrefix: "/callboard",
		Logger:     slog.New(slog.DiscardHandler),
		Authenticate: func(r *http.Request) (callboard.Actor, error) {
			if cookie, err := r.Cookie("session"); err == nil && cookie.Value == "grace's" { // the application looks this up
				return callboard.Actor{ID: "user-17", Name: "Grace", Role: callboard.RoleEditor}, nil
			}
			return callboard.Actor{}, nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/callboard/", board.Handler())
	mux.HandleFunc("/hello", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "the application") })
	server := httptest.NewServer(mux)
	if err := board.Start(ctx); err != nil {
		log.Fatal(err)
	}

	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+"/callboard/api/v1/episodes", strings.NewReader(`{"title":"Pilot"}`))
	if err != nil {
		log.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.AddCookie(&http.Cookie{Name: "session", Value: "grace's"})
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	_ = answer.Body.Close()
	fmt.Println(answer.Status)

	if err := board.Stop(ctx); err != nil { // before the server, which waits for the sockets
		log.Fatal(err)
	}
	server.Close()
	// Output: 201 Created
}
