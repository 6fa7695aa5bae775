package app_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// TestTraces follows a change from the request of an application, through each consumer, to the sockets: all in the trace of the caller.
func TestTraces(t *testing.T) {
	t.Parallel()
	sqldbtest.EachKind(t, func(t *testing.T, kind string) {
		spans := tracetest.NewSpanRecorder()
		s := apptest.Start(t, apptest.Options{Kind: kind, Config: func(c *app.Config) {
			c.Traces = sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans), sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.NeverSample())))
		}})
		var show struct{ ID string }
		s.Want(http.StatusCreated, http.MethodPost, "/api/v1/shows", s.Users.Editor.Token, map[string]any{"title": "The Lamp"}, &show)
		s.Want(http.StatusNoContent, http.MethodPut, "/api/v1/shows/"+show.ID+"/watch", s.Users.Viewer.Token, nil, nil)
		call := func(traceparent string) {
			r := s.Raw(http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, http.Header{"Content-Type": {"application/json"}, "Traceparent": {traceparent}},
				strings.NewReader(`{"title":"Low Water","show_id":"`+show.ID+`"}`))
			if r.Status != http.StatusCreated {
				t.Fatalf("%d %s", r.Status, r.Body)
			}
		}
		const caller, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
		call("not a parent")
		call("00-" + strings.Repeat("7", 32) + "-" + parent + "-00") // which is not sampled
		call("00-" + caller + "-" + parent + "-01")
		s.Settle()
		want := []string{"create-episode", "activity episode_created", "inbox episode_created", "live episode_created"}
		var request trace.SpanContext
		apptest.Eventually(t, "all spans have ended", func() error {
			var ended []string
			for _, span := range spans.Ended() {
				ended = append(ended, span.Name())
			}
			for _, name := range want {
				if !slices.Contains(ended, name) {
					return fmt.Errorf("there is none of %s among %q", name, ended)
				}
			}
			return nil
		})
		for _, span := range spans.Ended() {
			if span.SpanContext().TraceID().String() != caller {
				t.Errorf("%s belongs to the trace %s", span.Name(), span.SpanContext().TraceID())
			}
			if span.Name() == "create-episode" {
				request = span.SpanContext()
				if span.Parent().SpanID().String() != parent || span.SpanKind() != trace.SpanKindServer {
					t.Errorf("the span of the request: parent %s, %s", span.Parent().SpanID(), span.SpanKind())
				}
			}
		}
		for _, span := range spans.Ended() {
			if span.Name() != "create-episode" && (span.Parent().SpanID() != request.SpanID() || span.SpanKind() != trace.SpanKindConsumer || span.Status().Code == codes.Error) {
				t.Errorf("%s: parent %s, %s, %v", span.Name(), span.Parent().SpanID(), span.SpanKind(), span.Status())
			}
			if span.StartTime().After(span.EndTime()) {
				t.Errorf("%s ends before it begins", span.Name())
			}
		}
	})
}
