package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
)

// The team of the demo works while somebody is connected, and goes home with the server.
func TestLiveDemo(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	s.Want(201, "POST", "/api/v1/episodes", s.Users.Admin.Token, obj{"title": "The Lamp Room"}, nil)
	viewer := s.Dial(s.Users.Viewer.Token)
	ctx, stop := context.WithCancel(t.Context())
	home := make(chan struct{})
	go func() {
		defer close(home)
		s.App.LiveDemo(ctx)
	}()
	heard, stopHearing := context.WithTimeout(t.Context(), time.Minute)
	defer stopHearing()
	change, err := viewer.NextOf(heard, callboard.EpisodeUpdated.Name)
	if err != nil {
		t.Fatal(err)
	}
	if who := change.Message.Actor.Name; who != "Noor Haddad" && who != "Sven Aalto" {
		t.Errorf("changed by %q, want one of the colleagues", who)
	}
	stop()
	<-home
}
