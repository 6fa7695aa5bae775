package systemtest

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/job"
)

const (
	rulesFile     = "prometheus/rules.yml"
	dashboardFile = "grafana/callboard.json"
)

// ruleGroups is what the tests need of a file of rules.
type ruleGroups struct {
	Groups []struct {
		Rules []struct {
			Record, Alert, Expr string
			Labels, Annotations map[string]string
		}
	}
}

func readRules(t *testing.T) (rules ruleGroups) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(deployed(t, rulesFile)), &rules); err != nil {
		t.Fatal(err)
	}
	return rules
}

// dashboardQueries returns the queries of the dashboard by the titles of their panels, with what Grafana puts in.
func dashboardQueries(t *testing.T) map[string][]string {
	t.Helper()
	var d struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(deployed(t, dashboardFile)), &d); err != nil {
		t.Fatal(err)
	}
	queries := map[string][]string{}
	for _, p := range d.Panels {
		for _, target := range p.Targets {
			expr := strings.NewReplacer("$job", "callboard", "$__rate_interval", "1m").Replace(target.Expr)
			queries[p.Title] = append(queries[p.Title], expr)
		}
	}
	return queries
}

// The rules are valid, and do what their tests say.
func TestRules(t *testing.T) {
	t.Parallel()
	needProgram(t, "promtool")
	for _, args := range [][]string{
		{"check", "rules", "--lint=all", "--lint-fatal", "rules.yml"}, {"test", "rules", "rules_test.yml", "rules_backup_test.yml"},
	} {
		cmd := exec.CommandContext(t.Context(), "promtool", args...)
		cmd.Dir = deploy + "prometheus"
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
}

// Each alert says what is wrong, how bad it is, and where the page tells what to do, which it does.
func TestAlertsHaveRunbooks(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/monitoring.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := deployed(t, "prometheus/rules_test.yml") + deployed(t, "prometheus/rules_backup_test.yml")
	for _, group := range readRules(t).Groups {
		for _, r := range group.Rules {
			switch {
			case r.Alert == "":
			case r.Annotations["summary"] == "" || r.Annotations["description"] == "" || !slices.Contains([]string{"warning", "critical"}, r.Labels["severity"]):
				t.Errorf("%s lacks a summary, a description or a severity", r.Alert)
			case !strings.HasSuffix(r.Annotations["runbook_url"], "/docs/monitoring.md#"+strings.ToLower(r.Alert)) || !strings.Contains(string(page), "\n### "+r.Alert+"\n"):
				t.Errorf("%s has no section of its own", r.Alert)
			case !strings.Contains(tests, r.Alert):
				t.Errorf("%s has no test", r.Alert)
			}
		}
	}
}

// prometheusAPI asks a Prometheus.
type prometheusAPI string

// query returns the values of an expression.
func (p prometheusAPI) query(ctx context.Context, expr string) ([]float64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, string(p)+"/api/v1/query?query="+url.QueryEscape(expr), nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var answer struct {
		Error string
		Data  struct {
			Result []struct{ Value [2]any }
		}
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if answer.Error != "" {
		return nil, fmt.Errorf("%s: %s", expr, answer.Error)
	}
	var values []float64
	for _, r := range answer.Data.Result {
		text, _ := r.Value[1].(string)
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return nil, err
		}
		if !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	return values, nil
}

// startPrometheus starts one with the configuration of deploy, which scrapes the server more often than there.
func startPrometheus(t *testing.T, target, token string) prometheusAPI {
	t.Helper()
	needProgram(t, "prometheus")
	folder, port := t.TempDir(), freePort(t)
	tokenFile := writeFile(t, filepath.Join(folder, "token"), token)
	rules := writeFile(t, filepath.Join(folder, "rules.yml"), deployed(t, rulesFile))
	config := strings.NewReplacer("15s", "250ms", "- rules.yml", "- "+rules, "/etc/prometheus/callboard.token", tokenFile,
		"127.0.0.1:8080", strings.TrimPrefix(target, "http://")).Replace(deployed(t, "prometheus/prometheus.yml"))
	run(t, "prometheus", "--config.file", writeFile(t, filepath.Join(folder, "prometheus.yml"), config),
		"--storage.tsdb.path", filepath.Join(folder, "data"), "--web.listen-address", "127.0.0.1:"+port)
	return prometheusAPI("http://127.0.0.1:" + port)
}

// Every query of the dashboard and of the recorded series has a value on a server that is used.
func TestDashboard(t *testing.T) {
	t.Parallel()
	needProgram(t, "prometheus")
	toil := func(*app.App) apptest.Toil {
		return func(context.Context, *job.Run, string) (any, error) { return nil, nil }
	}
	s := apptest.Start(t, apptest.Options{Kind: "postgres", Config: apptest.WithToil(job.Settings{}, toil)})
	prom := startPrometheus(t, s.URL(), s.Users.Service)
	apptest.Eventually(t, "Prometheus has scraped", func() error {
		if values, err := prom.query(t.Context(), `up{job="callboard"} == 1`); err != nil || len(values) != 1 {
			return fmt.Errorf("%v %w", values, err)
		}
		return nil
	})
	s.Dial(s.Users.Viewer.Token)
	use := func() { // counters are seen to grow from the second scrape on
		s.Want(201, http.MethodPost, "/api/v1/episodes", s.Users.Editor.Token, obj{"title": "Pilot"}, nil)
		s.Want(201, http.MethodPost, "/api/v1/notifications", s.Users.Service,
			obj{"user_id": []string{s.Users.Viewer.ID}, "type": "cut_ready", "message": "The cut is ready."}, nil)
		s.AwaitDone(s.QueueToil("x").ID)
		s.Do(http.MethodGet, "/api/v1/episodes/none", s.Users.Viewer.Token, nil)
	}
	use()
	queries := dashboardQueries(t)
	for _, group := range readRules(t).Groups {
		for _, r := range group.Rules {
			if r.Record != "" {
				queries["rules"] = append(queries["rules"], r.Record)
			}
		}
	}
	apptest.Eventually(t, "all queries have values", func() error {
		use()
		var empty []string
		for title, exprs := range queries {
			for _, expr := range exprs {
				values, err := prom.query(t.Context(), expr)
				if err != nil {
					t.Fatal(err)
				}
				if len(values) == 0 {
					empty = append(empty, title+": "+expr)
				}
			}
		}
		if len(empty) > 0 {
			return fmt.Errorf("no value of\n%s", strings.Join(empty, "\n"))
		}
		return nil
	})
}
