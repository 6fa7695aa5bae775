package app_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"callboard"
	"callboard/app/apptest"
	"callboard/sqldb"
)

const (
	showsPath = "/api/v1/shows"

	kindThumbnail = "thumbnail-generation"
	kindImport    = "data-import"
	kindExport    = "bulk-export"
	kindDelete    = "batch-delete"
)

// jobLoad is jobs of all kinds, and what each of them has to have done once.
type jobLoad struct {
	t    *testing.T
	site *apptest.Site

	jobs       []string          // in the order in which they were queued
	pictures   map[string]string // by job: the file that thumbnails are made of
	imports    map[string]string // by job: the show that is imported into
	rows, bad  int               // of each import
	exported   string            // show that is exported
	exportedN  int
	deletions  map[string][]string // by job: the episodes
	imported   string              // sheet of the imports
	exportedID []string
}

// sheetOf returns a sheet of rows with titles of their own. Every hundredth has none, which makes it bad.
func sheetOf(title string, rows int, withBad bool) (text string, bad int) {
	var b strings.Builder
	b.WriteString("title,status\n")
	for n := range rows {
		if withBad && n%100 == 99 {
			b.WriteString(",draft\n")
			bad++
			continue
		}
		fmt.Fprintf(&b, "%s %d,draft\n", title, n)
	}
	return b.String(), bad
}

// newJobLoad makes what the jobs are about: a show that is exported, episodes that are deleted, a sheet to import.
func newJobLoad(t *testing.T, b *apptest.Binary, rows int) *jobLoad {
	t.Helper()
	l := &jobLoad{
		t: t, site: &b.Site, pictures: map[string]string{}, imports: map[string]string{}, deletions: map[string][]string{},
		rows: rows, exportedN: 1500,
	}
	l.imported, l.bad = sheetOf("Imported", rows, true)
	l.exported = l.newShow("Exported")
	sheet, _ := sheetOf("Kept", l.exportedN, false)
	importNow(t, b, sheet, "Exported")
	sheet, _ = sheetOf("Doomed", 1300, false)
	importNow(t, b, sheet, "")
	return l
}

// importNow imports with the command line, beside the server.
func importNow(t *testing.T, b *apptest.Binary, sheet, show string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sheet.csv")
	if err := os.WriteFile(path, []byte(sheet), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"import", "episodes", path, "--as", b.Users.Editor.Email}
	if show != "" {
		args = append(args, "--show", show)
	}
	if code, _, stderr := b.Run(args...); code != 0 {
		t.Fatalf("import: %s", stderr)
	}
}

func (l *jobLoad) newShow(title string) string {
	l.t.Helper()
	r := l.site.Do(http.MethodPost, showsPath, l.site.Users.Editor.Token, obj{"title": title})
	return idOf(l.t, r)
}

// queue queues jobs of all kinds, in turns, one right after the other.
func (l *jobLoad) queue(thumbnails, imports, exports, deletions int) {
	l.t.Helper()
	doomed := l.doomed()
	var prepared []func()
	for i := range max(thumbnails, imports, exports, deletions) {
		if i < imports {
			prepared = append(prepared, l.prepareImport(i))
		}
		if i < deletions {
			prepared = append(prepared, l.prepareDeletion(i, doomed))
		}
		if i < thumbnails {
			prepared = append(prepared, l.prepareThumbnail(i))
		}
		if i < exports {
			prepared = append(prepared, func() {
				format := []string{"csv", "ndjson"}[i%2]
				l.add(kindExport, obj{"what": "episodes", "format": format, "episodes": obj{"show_id": l.exported}})
			})
		}
	}
	for _, queue := range prepared {
		queue()
	}
}

func (l *jobLoad) add(kind string, args any) string {
	l.t.Helper()
	j := l.site.QueueJob(l.site.Users.Editor.Token, kind, args)
	l.jobs = append(l.jobs, j.ID)
	return j.ID
}

func (l *jobLoad) prepareImport(i int) (queue func()) {
	l.t.Helper()
	show := l.newShow(fmt.Sprintf("Import %d", i))
	r := l.site.Upload(ownFiles, l.site.Users.Editor.Token, "sheet.csv", strings.NewReader(l.imported))
	args := obj{"file_id": idOf(l.t, r), "show_id": show}
	return func() { l.imports[l.add(kindImport, args)] = show }
}

// prepareDeletion has every second job find its episodes by itself.
func (l *jobLoad) prepareDeletion(i int, doomed map[string][]string) (queue func()) {
	digits := fmt.Sprint(10 + i)
	args := obj{"ids": doomed[digits]}
	if i%2 == 1 {
		args = obj{"filter": obj{"q": "Doomed " + digits}}
	}
	return func() { l.deletions[l.add(kindDelete, args)] = doomed[digits] }
}

func (l *jobLoad) prepareThumbnail(i int) (queue func()) {
	l.t.Helper()
	token := l.site.Users.Editor.Token
	episode := idOf(l.t, l.site.Do(http.MethodPost, episodesPath, token, obj{"title": fmt.Sprintf("Pictured %d", i)}))
	r := l.site.Upload(episodesPath+"/"+episode+"/files", token, "still.png", bytes.NewReader(pictureOf(l.t, 700, 500, i%2 == 0)))
	file := idOf(l.t, r)
	return func() { l.pictures[l.add(kindThumbnail, obj{"file_id": file})] = file }
}

// doomed returns the episodes to be deleted, by the first two digits of their number. Numbers of one digit are left alone.
func (l *jobLoad) doomed() map[string][]string {
	l.t.Helper()
	byDigits := map[string][]string{}
	for cursor := ""; ; {
		var page struct {
			Data []struct {
				ID    string `json:"id"`
				Title string `json:"title"`
			} `json:"data"`
			Pagination struct {
				NextCursor string `json:"next_cursor"`
			} `json:"pagination"`
		}
		r := l.site.Do(http.MethodGet, episodesPath+"?limit=200&q=Doomed&cursor="+cursor, l.site.Users.Editor.Token, nil)
		if err := r.JSON(&page); err != nil {
			l.t.Fatal(err)
		}
		for _, e := range page.Data {
			if number := strings.TrimPrefix(e.Title, "Doomed "); len(number) > 1 {
				byDigits[number[:2]] = append(byDigits[number[:2]], e.ID)
			}
		}
		if cursor = page.Pagination.NextCursor; cursor == "" {
			return byDigits
		}
	}
}

// pictureOf returns a picture with something on it, as JPEG or PNG.
func pictureOf(t *testing.T, width, height int, asJPEG bool) []byte {
	t.Helper()
	picture := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			picture.SetNRGBA(x, y, color.NRGBA{R: uint8(x), G: uint8(y), B: uint8(x * y), A: 255}) //nolint:gosec // it wraps, for a pattern
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, picture)
	if asJPEG {
		b.Reset()
		err = jpeg.Encode(&b, picture, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// count returns how many of the jobs are as wanted.
func (l *jobLoad) count(ok func(apptest.Job) bool) int {
	l.t.Helper()
	n := 0
	for _, j := range l.site.Jobs() {
		if ok(j) {
			n++
		}
	}
	return n
}

// awaitDone waits until n of the jobs have come to their end.
func (l *jobLoad) awaitDone(n int) {
	l.t.Helper()
	apptest.Eventually(l.t, "jobs are done", func() error {
		if done := l.count(apptest.Job.Done); done < n {
			return fmt.Errorf("%d of %d", done, n)
		}
		return nil
	})
}

// awaitAll waits until all jobs have come to their end, and returns them by ID.
func (l *jobLoad) awaitAll() map[string]apptest.Job {
	l.t.Helper()
	all := map[string]apptest.Job{}
	for _, id := range l.jobs {
		all[id] = l.site.AwaitDone(id)
	}
	return all
}

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
	variants := column[string](l.t, db, `SELECT variant FROM files WHERE variant_of = '`+file+`' ORDER BY variant`)
	urls := column[string](l.t, db, `SELECT coalesce(thumbnail_url, '') FROM episodes e JOIN files f ON f.episode_id = e.id WHERE f.id = '`+file+`'`)
	updates := column[int](l.t, db, `SELECT count(*) FROM activity a JOIN files f ON a.resource_id = f.episode_id
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
	titles := column[string](l.t, db, `SELECT title FROM episodes WHERE deleted_at IS NULL AND show_id = '`+l.imports[j.ID]+`'`)
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
	files := column[string](l.t, db, `SELECT id FROM files WHERE job_id = '`+j.ID+`'`)
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
		l.exportedID = column[string](l.t, db, `SELECT id FROM episodes WHERE show_id = '`+l.exported+`' ORDER BY id`)
	}
	content := string(l.site.Do(http.MethodGet, ownFiles+"/"+result.FileID+"/content", l.site.Users.Editor.Token, nil).Body)
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
	living := column[string](l.t, db, `SELECT id FROM episodes WHERE deleted_at IS NULL AND title LIKE 'Doomed %'`)
	told := map[string]int{}
	for _, id := range column[string](l.t, db, `SELECT resource_id FROM activity WHERE action = 'deleted_episode'`) {
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
	for _, e := range collect(t, db, `SELECT resource_id, action, metadata FROM activity WHERE resource_type = 'job' ORDER BY pos`,
		func(scan scanFunc) (e trailEntry, err error) { return e, scan(&e.job, &e.action, &e.metadata) }) {
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
	for _, key := range column[string](t, db, `SELECT storage_key FROM file_garbage`) {
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
	files := collect(t, db, `SELECT storage_key, size FROM files`, func(scan scanFunc) (f file, err error) {
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
	return column[string](t, db, `SELECT name FROM outbox WHERE resource_id = '`+id+`' ORDER BY id`)
}
