package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
)

type eventsCommand struct {
	Check eventsCheck `cmd:"" help:"Check a file of event types, and show what follows from each."`
	Types eventsTypes `cmd:"" help:"Print TypeScript types of the events of an application, to be saved as events.d.ts."`
}

type eventsCheck struct {
	File string `arg:"" help:"The YAML file."`
}

func (c *eventsCheck) Run(std streams) error {
	types, err := app.ReadEventFile(c.File)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(std.out, 0, 0, 2, ' ', 0)
	for _, t := range types {
		fmt.Fprintf(out, "%s\t%s\n", t.Name, t.Summary)
		for _, line := range [][2]string{
			{"log", cmp.Or(t.Action, "no entry")},
			{"live", cmp.Or(strings.Join(t.Channels, ", "), "nobody")},
			{"notifies", cmp.Or(strings.Join(t.Notify, ", "), "nobody")},
			{"message", t.Message}, {"besides", besides(t)}, {"data", typeScript(schemaJSON(t.Schema), "")},
		} {
			if line[1] != "" {
				fmt.Fprintf(out, "  %s\t%s\n", line[0], line[1])
			}
		}
	}
	fmt.Fprintf(out, "%d event types\n", len(types))
	return out.Flush()
}

// besides names what else follows from an event.
func besides(t callboard.EventType) string {
	var words []string
	for word, on := range map[string]bool{
		"who does it watches the resource": t.Watch, "private": t.Private, "ephemeral": t.Ephemeral, "once": t.Once,
	} {
		if on {
			words = append(words, word)
		}
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

type eventsTypes struct {
	File   string `help:"The YAML file. Default: EVENTS_FILE." env:"EVENTS_FILE"`
	Server string `help:"Ask a running server instead: its address, such as http://127.0.0.1:8080."`
	Token  string `help:"API token for the server. Better set in the environment." env:"CALLBOARD_TOKEN"`
}

func (c *eventsTypes) Run(ctx context.Context, std streams) error {
	payloads, err := c.payloads(ctx)
	if err != nil {
		return err
	}
	return writeTypes(std.out, payloads)
}

// eventPayload is what the types are made of: one of the catalog's lines.
type eventPayload struct {
	Name        string          `json:"name"`
	Application bool            `json:"application"`
	Summary     string          `json:"summary"`
	Payload     json.RawMessage `json:"payload"`
}

func (c *eventsTypes) payloads(ctx context.Context) ([]eventPayload, error) {
	switch {
	case c.Server != "":
		return c.catalog(ctx)
	case c.File == "":
		return nil, callboard.Errorf(callboard.CodeInvalid, "--file or --server says which events")
	}
	types, err := app.ReadEventFile(c.File)
	payloads := make([]eventPayload, len(types))
	for i, t := range types {
		payloads[i] = eventPayload{t.Name, true, t.Summary, schemaJSON(t.Schema)}
	}
	return payloads, err
}

func schemaJSON(s *callboard.Schema) json.RawMessage {
	if s == nil {
		return json.RawMessage(`{"type":"object"}`)
	}
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // strings and maps of them encode
	}
	return text
}

const (
	catalogTimeout = 30 * time.Second
	maxCatalog     = 16 << 20 // bytes
)

// catalog returns the application's events of a running server.
func (c *eventsTypes) catalog(ctx context.Context) ([]eventPayload, error) {
	ctx, cancel := context.WithTimeout(ctx, catalogTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.Server, "/")+"/api/v1/events/catalog", nil)
	if err != nil {
		return nil, callboard.Wrap(err, callboard.CodeInvalid, "--server must be an address such as http://127.0.0.1:8080")
	}
	r.Header.Set("Authorization", "Bearer "+c.Token)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask the server: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server answers %s; it needs an API token, in CALLBOARD_TOKEN or --token", response.Status)
	}
	var catalog struct {
		Data []eventPayload `json:"data"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxCatalog)).Decode(&catalog); err != nil {
		return nil, fmt.Errorf("read the catalog: %w", err)
	}
	return slices.DeleteFunc(catalog.Data, func(p eventPayload) bool { return !p.Application }), nil
}
