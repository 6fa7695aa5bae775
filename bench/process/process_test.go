package process

import (
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

func TestParseStat(t *testing.T) {
	t.Parallel()
	p, err := parseStat([]byte("42 (a (strange) name) S 7 42 42 0 -1 4194560 1 2 3 4 150 50 20 10 20 0 9 0 123 456\n"))
	if err != nil {
		t.Fatal(err)
	}
	if want := (stat{pid: 42, parent: 7, name: "a (strange) name", cpu: 2300 * time.Millisecond}); p != want {
		t.Errorf("%+v", p)
	}
	for _, text := range []string{"", "42 name S 7", "42 (name) S 7"} {
		if _, err := parseStat([]byte(text)); err == nil {
			t.Errorf("%q passes", text)
		}
	}
}

func TestDescendants(t *testing.T) {
	t.Parallel()
	all := map[int]stat{1: {pid: 1}, 2: {pid: 2, parent: 1}, 3: {pid: 3, parent: 2}, 4: {pid: 4, parent: 1}}
	for pid, want := range map[int]bool{1: false, 2: true, 3: true, 4: false} {
		if got := all[pid].descendsFrom(2, all); got != want {
			t.Errorf("%d: %t", pid, got)
		}
	}
}

func TestUsageOfThisProcess(t *testing.T) {
	t.Parallel()
	s := &Server{Name: "test", PID: os.Getpid()}
	if _, err := s.CPU(); err != nil {
		t.Error(err)
	}
	if rss, err := s.Memory(); err != nil || rss < 1<<20 {
		t.Errorf("%d bytes, %v", rss, err)
	}
}

func TestForgetPeak(t *testing.T) {
	t.Parallel()
	s, err := start(t.Context(), "fake", exec.Command("sh", "-c", "echo Fake is at http://127.0.0.1:1234; exec sleep 60"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.ForgetPeak(); err != nil {
		t.Error(err)
	}
	if peak, err := s.PeakMemory(); err != nil || peak < 1<<10 {
		t.Errorf("%d bytes, %v", peak, err)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestStartReadsWhereTheServerIs(t *testing.T) {
	t.Parallel()
	s, err := start(t.Context(), "fake", exec.Command("sh", "-c", "echo some line; echo Fake is at http://127.0.0.1:1234/ token=abc; exec sleep 60"))
	if err != nil {
		t.Fatal(err)
	}
	if s.URL != "http://127.0.0.1:1234" || s.Host() != "127.0.0.1:1234" || !strings.Contains(s.greeting, "token=abc") {
		t.Errorf("%+v", s)
	}
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestStartTellsWhyAServerEnded(t *testing.T) {
	t.Parallel()
	_, err := start(t.Context(), "fake", exec.Command("sh", "-c", "echo the port is taken >&2; exit 1"))
	if err == nil || !strings.Contains(err.Error(), "the port is taken") {
		t.Errorf("%v", err)
	}
}
