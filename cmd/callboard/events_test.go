package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
)

const cutEvents = `events:
  - name: cut_approved
    summary: A cut was approved.
    action: approved_cut
    channels: [broadcast]
    watch: true
    payload: { required: [title], properties: { title: { type: string }, round: { type: integer } } }
`

func eventsFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "events.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestEventsCheck(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"events", "check", eventsFile(t, cutEvents)}, streams{out: &out, err: &errs}); code != 0 {
		t.Errorf("code %d: %s", code, &errs)
	}
	for _, want := range []string{"cut_approved", "approved_cut", "broadcast", "who does it watches the resource", "title: string;", "round?: number;"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, &out)
		}
	}
	for text, want := range map[string]string{
		strings.Replace(cutEvents, "action:", "akction:", 1):             "events.yaml:4: akction is not a field",
		strings.Replace(cutEvents, "cut_approved", "episode_created", 1): "events.yaml:2: name: is an event of Callboard itself",
	} {
		errs.Reset()
		if code := run(t.Context(), []string{"events", "check", eventsFile(t, text)}, streams{out: &out, err: &errs}); code != 1 || !strings.Contains(errs.String(), want) {
			t.Errorf("code %d: %s, want %s", code, &errs, want)
		}
	}
}

// Files and running servers give the same types, but for what only Go types have: objects within objects.
func TestEventsTypes(t *testing.T) {
	t.Parallel()
	file := eventsFile(t, cutEvents)
	type part struct {
		Text string `json:"text"`
		More []part `json:"more"`
	}
	nested := callboard.Define[struct {
		Parts map[string]part `json:"parts"`
	}](callboard.EventType{Name: "parts_listed", Summary: "Parts."})
	s := apptest.Start(t, apptest.Options{Config: func(cfg *app.Config) {
		cfg.EventsFile, cfg.Events = file, []callboard.EventType{nested.EventType}
	}})
	want := "export interface CutApprovedData {\n  round?: number;\n  title: string;\n}\n"
	for _, args := range [][]string{{"--file", file}, {"--server", s.URL(), "--token", s.Users.Viewer.Token}} {
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"events", "types"}, args...), streams{out: &out, err: &errs})
		if code != 0 || !strings.Contains(out.String(), want) || !strings.Contains(out.String(), "  cut_approved: CutApprovedData;\n") {
			t.Errorf("%v: code %d %s\n%s", args, code, &errs, &out)
		}
		if fromServer := args[0] == "--server"; fromServer != strings.Contains(out.String(), "parts: Record<string, {\n") ||
			strings.Contains(out.String(), "EpisodeCreatedData") {
			t.Errorf("%v:\n%s", args, &out)
		}
	}
}
