package systemtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/callboard/callboard/app/apptest"
)

// TestTracesReachTheCollector has the binary send its traces to a collector, and, where that is away, serve as before.
func TestTracesReachTheCollector(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	traces := map[string]map[string]bool{} // names of spans by trace
	service := ""
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var request collector.ExportTraceServiceRequest
		body, err := io.ReadAll(r.Body)
		if err == nil {
			err = proto.Unmarshal(body, &request)
		}
		if err != nil || r.URL.Path != "/v1/traces" {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, resource := range request.GetResourceSpans() {
			for _, attribute := range resource.GetResource().GetAttributes() {
				if attribute.GetKey() == "service.name" {
					service = attribute.GetValue().GetStringValue()
				}
			}
			for _, scope := range resource.GetScopeSpans() {
				for _, span := range scope.GetSpans() {
					id := string(span.GetTraceId())
					if traces[id] == nil {
						traces[id] = map[string]bool{}
					}
					traces[id][span.GetName()] = true
				}
			}
		}
	}))
	defer server.Close()
	b := apptest.NewBinary(t, apptest.Options{}, "OTEL_EXPORTER_OTLP_ENDPOINT="+server.URL, "OTEL_SERVICE_NAME=callboard-of-the-test", "OTEL_BSP_SCHEDULE_DELAY=100")
	b.Start()
	show := obj{"title": "The Lamp"}
	b.Want(http.StatusCreated, http.MethodPost, "/api/v1/shows", b.Users.Editor.Token, show, nil)
	b.Settle()
	if code := b.Stop(); code != 0 { // what it has not sent yet goes now
		t.Errorf("exit code %d", code)
	}
	mu.Lock()
	whole := false
	for _, names := range traces {
		whole = whole || names["create-show"] && names["activity show_created"] && names["live show_created"]
	}
	if !whole || service != "callboard-of-the-test" {
		t.Errorf("the collector of %q has %v", service, traces)
	}
	mu.Unlock()

	server.Close()
	b.Start()
	for range 20 {
		b.Want(http.StatusCreated, http.MethodPost, "/api/v1/shows", b.Users.Editor.Token, show, nil)
	}
	b.Settle()
	if code := b.Stop(); code != 0 {
		t.Errorf("without a collector: exit code %d", code)
	}
	if n := strings.Count(b.Log.String(), "the collector does not take traces"); n != 1 {
		t.Errorf("the log says %d times that the collector is away", n)
	}
}
