package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard/app"
)

// What a setting may look like, wherever it stands.
func TestSettings(t *testing.T) {
	t.Parallel()
	type sample struct {
		app.Config `embed:""`
	}
	tests := map[string]struct {
		args []string
		get  func(app.Config) any
		want any // nil: it is refused, with the text
		text string
	}{
		"days":              {args: []string{"--event-retention", "7d"}, get: func(c app.Config) any { return c.EventRetention }, want: 7 * 24 * time.Hour},
		"days and hours":    {args: []string{"--event-retention", "1d12h"}, get: func(c app.Config) any { return c.EventRetention }, want: 36 * time.Hour},
		"hours":             {args: []string{"--event-retention", "90m"}, get: func(c app.Config) any { return c.EventRetention }, want: 90 * time.Minute},
		"no time":           {args: []string{"--event-retention", "soon"}, text: "such as 7d"},
		"too long":          {args: []string{"--event-retention", "1e9d"}, text: "such as 7d"},
		"not a number":      {args: []string{"--event-retention", "NaNd"}, text: "such as 7d"},
		"whole days":        {args: []string{"--file-retention-days", "14d"}, get: func(c app.Config) any { return c.FileRetentionDays }, want: 14},
		"days as a number":  {args: []string{"--file-retention-days", "14"}, get: func(c app.Config) any { return c.FileRetentionDays }, want: 14},
		"no days":           {args: []string{"--file-retention-days", "2w"}, text: "whole number of days"},
		"gigabytes":         {args: []string{"--max-upload-mb", "2GB"}, get: func(c app.Config) any { return c.MaxUploadMB }, want: 2048},
		"megabytes":         {args: []string{"--max-upload-mb", "64 mb"}, get: func(c app.Config) any { return c.MaxUploadMB }, want: 64},
		"size as a number":  {args: []string{"--max-upload-mb", "64"}, get: func(c app.Config) any { return c.MaxUploadMB }, want: 64},
		"no size":           {args: []string{"--max-upload-mb", "2KB"}, text: "4GB"},
		"on":                {args: []string{"--trust-proxy=on"}, get: func(c app.Config) any { return c.TrustProxy }, want: true},
		"the flag alone":    {args: []string{"--trust-proxy"}, get: func(c app.Config) any { return c.TrustProxy }, want: true},
		"off":               {args: []string{"--presence-tracking-enabled=Off"}, get: func(c app.Config) any { return c.DisablePresence }, want: true},
		"negated":           {args: []string{"--no-presence-tracking-enabled"}, get: func(c app.Config) any { return c.DisablePresence }, want: true},
		"on by default":     {args: []string{"--presence-tracking-enabled"}, get: func(c app.Config) any { return c.DisablePresence }, want: false},
		"no zero":           {args: []string{"--job-stop-grace", "0s"}, text: "must not be 0"},
		"zero":              {args: []string{"--activity-retention-days", "0"}, get: func(c app.Config) any { return c.ActivityRetentionDays }, want: 0},
		"comma in a value":  {args: []string{"--oidc-roles", `cn=crew\,dc=example=editor,x=viewer`}, get: func(c app.Config) any { return len(c.OIDCRoles) }, want: 2},
		"neither on or off": {args: []string{"--trust-proxy=maybe"}, text: "true or false"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s sample
			parser, err := app.NewParser(&s)
			if err != nil {
				t.Fatal(err)
			}
			_, err = parser.Parse(tt.args)
			switch {
			case tt.want == nil && (err == nil || !strings.Contains(err.Error(), tt.text)):
				t.Errorf("error %v, want %q", err, tt.text)
			case tt.want != nil && (err != nil || tt.get(s.Config) != tt.want):
				t.Errorf("error %v, value %v, want %v", err, s.Config, tt.want)
			}
		})
	}
}

// A variable that is set but empty, as in a file of settings that leaves it out, means the default.
func TestEmptySettings(t *testing.T) {
	for _, name := range []string{"HTTP_ADDR", "LOG_LEVEL", "MAX_UPLOAD_MB", "EVENT_RETENTION", "PRESENCE_TRACKING_ENABLED", "SOCKET_PORT",
		"SOCKET_CORS_ORIGIN", "TRUST_PROXY", "FILE_RETENTION_DAYS", "DATABASE_MAX_CONNS"} {
		t.Setenv(name, "")
	}
	t.Setenv("JOB_RETENTION_DAYS", "5d")
	cfg, err := app.FromEnv()
	if err != nil {
		t.Fatal(err)
	}
	if cfg.HTTPAddr != "127.0.0.1:8080" || cfg.LogLevel != "info" || cfg.MaxUploadMB != 4096 || cfg.EventRetention != 7*24*time.Hour ||
		cfg.DisablePresence || cfg.SocketPort != 0 || len(cfg.SocketCORSOrigin) != 0 || cfg.TrustProxy || cfg.FileRetentionDays != 30 ||
		cfg.JobRetentionDays != 5 {
		t.Errorf("settings %+v", cfg)
	}
}
