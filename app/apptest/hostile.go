package apptest

import (
	"bytes"
	"strings"
	"testing"
)

// Marker stands in every hostile request. No answer may repeat it.
const Marker = "Xq7submitted9z"

// CheckProblem holds the answer to a bad request to what it must be: a problem with all its members, which neither repeats
// the request nor tells internals.
func CheckProblem(t testing.TB, name string, answer []byte) {
	t.Helper()
	for _, member := range []string{`"type":`, `"title":`, `"status":`, `"detail":`, `"error":`} {
		if !bytes.Contains(answer, []byte(member)) {
			t.Errorf("%s: answer %.200s lacks %s", name, answer, member)
			return
		}
	}
	for _, leak := range []string{Marker, "sqlite", "SQLSTATE", "pgx", ".go:", "goroutine"} {
		if bytes.Contains(answer, []byte(leak)) {
			t.Errorf("%s: the answer repeats or leaks %s: %.300s", name, leak, answer)
		}
	}
}

// RowCounts tells how much there is of what a request could have changed.
func (s *Server) RowCounts() string {
	s.t.Helper()
	var counts strings.Builder
	for _, table := range []string{
		"callboard_users", "callboard_api_tokens", "callboard_sessions", "callboard_shows", "callboard_episodes", "callboard_files",
		"callboard_file_garbage", "callboard_jobs", "callboard_river_job", "callboard_outbox", "callboard_activity", "callboard_notifications",
		"callboard_watches", "callboard_idempotency_keys",
	} {
		var n string
		if err := s.DB.QueryRowContext(s.t.Context(), `SELECT CAST(count(*) AS TEXT) FROM `+table).Scan(&n); err != nil {
			s.t.Fatal(err)
		}
		counts.WriteString(strings.TrimPrefix(table, "callboard_") + "=" + n + " ")
	}
	return counts.String()
}
