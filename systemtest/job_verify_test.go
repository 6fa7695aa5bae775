package systemtest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/sqldb"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

// verify proves that no job is lost, that each has done its work exactly once or not at all, and has its whole trail. It
// returns how many attempts there were in all.
func (l *jobLoad) verify(db *sqldb.DB, filesDir string) (attempts int) {
	l.t.Helper()
	jobs := l.awaitAll()
	l.site.Settle()
	if got := len(l.site.Jobs()); got != len(l.jobs) {
		l.t.Errorf("%d jobs, want %d", got, len(l.jobs))
	}
	statuses := map[string]int{}
	for id, j := range jobs {
		statuses[j.Kind+" "+j.Status]++
		if j.Status != "completed" && (j.Status != "failed" || j.Error == "") {
			l.t.Errorf("job %s ended as %s with error %q", id, j.Status, j.Error)
		}
		l.verifyEffect(db, j)
	}
	events := allEvents(l.t, l.site)
	verifyOutbox(l.t, db, events)
	verifyEpisodes(l.t, db, events)
	verifyActivity(l.t, db, events)
	attempts = verifyTrails(l.t, db, jobs)
	verifyStorage(l.t, db, filesDir)
	l.t.Logf("%v, %d attempts, %d events", statuses, attempts, len(events))
	return attempts
}

func (l *jobLoad) verifyEffect(db *sqldb.DB, j apptest.Job) {
	l.t.Helper()
	switch j.Kind {
	case kindThumbnail:
		l.verifyThumbnails(db, j)
	case kindImport:
		l.verifyImport(db, j)
	case kindExport:
		l.verifyExport(db, j)
	case kindDelete:
		l.verifyDeletion(db, j)
	}
}

func (l *jobLoad) verifyThumbnails(db *sqldb.DB, j apptest.Job) {
	l.t.Helper()
	file := l.pictures[j.ID]
	variants := sqldbtest.Column[string](l.t, db, `SELECT variant FROM callboard_files WHERE variant_of = '`+file+`' ORDER BY variant`)
	urls := sqldbtest.Column[string](l.t, db, `SELECT coalesce(thumbnail_url, '') FROM callboard_episodes e JOIN callboard_files f ON f.episode_id = e.id WHERE f.id = '`+file+`'`)
	updates := sqldbtest.Column[int](l.t, db, `SELECT count(*) FROM callboard_activity a JOIN callboard_files f ON a.resource_id = f.episode_id
		WHERE f.id = '`+file+`' AND a.action = 'updated_episode' AND a.metadata LIKE '%thumbnail_url%'`)[0]
	want, wantUpdates := []string{"large", "medium", "small"}, 1
	if j.Status != "completed" {
		want, wantUpdates = nil, 0
	}
	if diff := gocmp.Diff(want, variants); diff != "" || updates != wantUpdates {
		l.t.Errorf("%s thumbnails: %d updates of the episode, variants (-want +got):\n%s", j.Status, updates, diff)
	}
	if j.Status != "completed" {
		return
	}
	r := l.site.Do(http.MethodGet, urls[0], l.site.Users.Viewer.Token, nil)
	picture, _, err := image.Decode(bytes.NewReader(r.Body))
	if err != nil || picture.Bounds().Dx() != 640 {
		l.t.Errorf("the thumbnail at %q: %d %v", urls[0], r.Status, err)
	}
}

// verifyImport counts the titles, each of which one row has.
func (l *jobLoad) verifyImport(db *sqldb.DB, j apptest.Job) {
	l.t.Helper()
	titles := sqldbtest.Column[string](l.t, db, `SELECT title FROM callboard_episodes WHERE deleted_at IS NULL AND show_id = '`+l.imports[j.ID]+`'`)
	distinct := slices.Compact(slices.Sorted(slices.Values(titles)))
	if len(distinct) != len(titles) || len(titles) > l.rows-l.bad {
		l.t.Errorf("%d episodes with %d titles were imported of %d rows", len(titles), len(distinct), l.rows-l.bad)
	}
	if j.Status != "completed" {
		return
	}
	report := l.site.Do(http.MethodGet, apptest.JobsPath+"/"+j.ID+"/report", l.site.Users.Editor.Token, nil)
	lines := bytes.Count(report.Body, []byte("\n")) - 1
	if len(titles) != l.rows-l.bad || j.Problems != l.bad || lines != l.bad {
		l.t.Errorf("%d episodes, %d problems and %d in the report; want %d and %d", len(titles), j.Problems, lines, l.rows-l.bad, l.bad)
	}
}

func (l *jobLoad) verifyExport(db *sqldb.DB, j apptest.Job) {
	l.t.Helper()
	files := sqldbtest.Column[string](l.t, db, `SELECT id FROM callboard_files WHERE job_id = '`+j.ID+`'`)
	if j.Status != "completed" {
		if len(files) != 0 {
			l.t.Errorf("a %s export has %d files", j.Status, len(files))
		}
		return
	}
	var result struct {
		FileID string `json:"file_id"`
		Rows   int    `json:"rows"`
	}
	if err := json.Unmarshal(j.Result, &result); err != nil || !slices.Equal(files, []string{result.FileID}) {
		l.t.Fatalf("the export has files %v and result %s: %v", files, j.Result, err)
	}
	if l.exportedID == nil {
		l.exportedID = sqldbtest.Column[string](l.t, db, `SELECT id FROM callboard_episodes WHERE show_id = '`+l.exported+`' ORDER BY id`)
	}
	content := string(l.site.Do(http.MethodGet, apptest.FilesPath+"/"+result.FileID+"/content", l.site.Users.Editor.Token, nil).Body)
	for _, id := range l.exportedID {
		if strings.Count(content, id) != 1 {
			l.t.Fatalf("episode %s is %d times in the export", id, strings.Count(content, id))
		}
	}
	if result.Rows != l.exportedN || len(l.exportedID) != l.exportedN {
		l.t.Errorf("%d of %d rows exported, want %d", result.Rows, len(l.exportedID), l.exportedN)
	}
}

func (l *jobLoad) verifyDeletion(db *sqldb.DB, j apptest.Job) {
	l.t.Helper()
	living := sqldbtest.Column[string](l.t, db, `SELECT id FROM callboard_episodes WHERE deleted_at IS NULL AND title LIKE 'Doomed %'`)
	told := map[string]int{}
	for _, id := range sqldbtest.Column[string](l.t, db, `SELECT resource_id FROM callboard_activity WHERE action = 'deleted_episode'`) {
		told[id]++
	}
	left := 0
	for _, id := range l.deletions[j.ID] {
		lives := slices.Contains(living, id)
		if lives {
			left++
		}
		if told[id] != 1 && !lives || told[id] != 0 && lives {
			l.t.Errorf("episode %s lives: %t, and its deletion is told %d times", id, lives, told[id])
		}
	}
	if j.Status == "completed" && left > 0 || len(l.deletions[j.ID]) == 0 {
		l.t.Errorf("a %s deletion has left %d of %d episodes", j.Status, left, len(l.deletions[j.ID]))
	}
}

// trailEntry is an entry of the log about a job.
type trailEntry struct {
	job, action, metadata string
}

// verifyTrails proves that the log tells the life of each job, in order: every attempt that began has one end before the
// next one begins, and they are as many as the job counts. It returns how many attempts there were.
func verifyTrails(t *testing.T, db *sqldb.DB, jobs map[string]apptest.Job) (attempts int) {
	t.Helper()
	trails := map[string][]trailEntry{}
	for _, e := range sqldbtest.Collect(t, db, `SELECT resource_id, action, metadata FROM callboard_activity WHERE resource_type = 'job' ORDER BY pos`,
		func(scan func(...any) error) (e trailEntry, err error) {
			return e, scan(&e.job, &e.action, &e.metadata)
		}) {
		trails[e.job] = append(trails[e.job], e)
	}
	for id, j := range jobs {
		n, err := readTrail(trails[id], j)
		if err != nil {
			t.Errorf("the trail of job %s (%s, %s, attempt %d) is %v: %v", id, j.Kind, j.Status, j.Attempt, actions(trails[id]), err)
		}
		attempts += n
	}
	return attempts
}

func actions(trail []trailEntry) []string {
	var names []string
	for _, e := range trail {
		names = append(names, e.action)
	}
	return names
}

var errTrail = errors.New("it is broken")

// readTrail walks through the life of a job, and returns how many attempts began.
func readTrail(trail []trailEntry, j apptest.Job) (starts int, err error) {
	state, attempt := "", 0
	for _, e := range trail {
		var data struct {
			Attempt int    `json:"attempt"`
			Error   string `json:"error"`
		}
		if err := json.Unmarshal([]byte(e.metadata), &data); err != nil {
			return starts, err
		}
		var ok bool
		switch e.action {
		case "queued_job":
			ok = state == "" || state == "failed_job" || state == "cancelled_job"
			attempt = 0
		case "started_job":
			ok = (state == "queued_job" || state == "retried_job") && data.Attempt == attempt+1
			attempt = data.Attempt
			starts++
		case "retried_job":
			ok = state == "started_job" && data.Attempt == attempt && data.Error != ""
			if strings.HasPrefix(data.Error, "interrupted") {
				attempt-- // it does not count
			}
		case "failed_job":
			ok = (state == "started_job" || data.Error == "the queue gave the job up") && data.Error != ""
		case "completed_job":
			ok = state == "started_job" && data.Attempt == attempt
		case "cancelled_job":
			ok = state == "queued_job" || state == "started_job" || state == "retried_job"
		}
		if !ok {
			return starts, fmt.Errorf("%w at %s %s after %s", errTrail, e.action, e.metadata, state)
		}
		state = e.action
	}
	last := map[string]string{"completed": "completed_job", "failed": "failed_job", "cancelled": "cancelled_job"}[j.Status]
	if state != last || attempt != j.Attempt {
		return starts, fmt.Errorf("%w: it ends with %s at attempt %d", errTrail, state, attempt)
	}
	return starts, nil
}

// verifyStorage proves that every content is a file's or known as garbage, and that no file is without its content.
func verifyStorage(t *testing.T, db *sqldb.DB, dir string) {
	t.Helper()
	known := map[string]bool{}
	for _, key := range sqldbtest.Column[string](t, db, `SELECT storage_key FROM callboard_file_garbage`) {
		known[key] = true
	}
	stored := map[string]int64{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			stored[strings.TrimSuffix(d.Name(), ".part")] = info.Size()
		}
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	type file struct {
		key  string
		size int64
	}
	files := sqldbtest.Collect(t, db, `SELECT storage_key, size FROM callboard_files`, func(scan func(...any) error) (f file, err error) {
		return f, scan(&f.key, &f.size)
	})
	for _, f := range files {
		known[f.key] = true
		if size, ok := stored[f.key]; !ok || size != f.size {
			t.Errorf("a file of %d bytes has a content of %d (%t)", f.size, size, ok)
		}
	}
	left := []string{}
	for key := range stored {
		if !known[key] {
			left = append(left, key)
		}
	}
	slices.SortFunc(left, cmp.Compare[string])
	if len(left) > 0 {
		t.Errorf("contents that nobody knows of: %v", left)
	}
}

// jobEvents returns the names of the events of a job, in order.
func jobEvents(t *testing.T, db *sqldb.DB, id string) []string {
	t.Helper()
	if !callboard.ValidID(id) {
		t.Fatalf("%q is no ID", id)
	}
	return sqldbtest.Column[string](t, db, `SELECT name FROM callboard_outbox WHERE resource_id = '`+id+`' ORDER BY id`)
}
