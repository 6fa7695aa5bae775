package process

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

func TestAServerTellsWhereItIsAndWhatItTakes(t *testing.T) {
	t.Parallel()
	s, err := start(t.Context(), "fake", exec.Command("sh", "-c", "echo some line; echo Fake is at http://127.0.0.1:1234/ token=abc; exec sleep 60"))
	if err != nil {
		t.Fatal(err)
	}
	if s.URL != "http://127.0.0.1:1234" || !strings.Contains(s.greeting, "token=abc") {
		t.Errorf("%+v", s)
	}
	if err := s.ForgetPeak(); err != nil {
		t.Error(err)
	}
	if rss, peak, err := s.Memory(); err != nil || rss < 1<<10 || peak < rss {
		t.Errorf("%d of %d bytes, %v", rss, peak, err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := s.CPU(); err == nil {
		t.Error("a server that has ended takes CPU")
	}
}

func TestStartTellsWhyAServerEnded(t *testing.T) {
	t.Parallel()
	_, err := start(t.Context(), "fake", exec.Command("sh", "-c", "echo the port is taken >&2; exit 1"))
	if err == nil || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("%v", err)
	}
}

func TestSettleWaitsForTheMarks(t *testing.T) {
	t.Parallel()
	polls, mark := 0, ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			body, _ := io.ReadAll(r.Body)
			mark = regexp.MustCompile(`bench-mark-[0-9-]+`).FindString(string(body))
			return
		}
		polls++
		newest := "another"
		if polls%3 == 0 { // each the third time
			newest = mark
		}
		_, _ = fmt.Fprintf(w, `{"data":[{"type":%q,"resource_id":%q}]}`, newest, newest)
	}))
	defer server.Close()
	s := &Server{Kind: "callboard", URL: server.URL}
	if _, err := s.Settle(t.Context()); err != nil || polls != 6 {
		t.Errorf("%d polls, %v", polls, err)
	}
	s.Off = true
	if _, err := s.Settle(t.Context()); err != nil || polls != 6 {
		t.Errorf("%d polls, %v", polls, err)
	}
}
