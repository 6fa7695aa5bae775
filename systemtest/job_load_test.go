package systemtest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/callboard/callboard/app/apptest"
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
		rows: rows, exportedN: size(400, 1500),
	}
	l.imported, l.bad = sheetOf("Imported", rows, true)
	l.exported = l.newShow("Exported")
	sheet, _ := sheetOf("Kept", l.exportedN, false)
	importNow(t, b, sheet, "Exported")
	sheet, _ = sheetOf("Doomed", size(140, 1300), false)
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
	return r.ID()
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
	r := l.site.Upload(apptest.FilesPath, l.site.Users.Editor.Token, "sheet.csv", strings.NewReader(l.imported))
	args := obj{"file_id": r.ID(), "show_id": show}
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
	episode := l.site.Do(http.MethodPost, episodesPath, token, obj{"title": fmt.Sprintf("Pictured %d", i)}).ID()
	r := l.site.Upload(episodesPath+"/"+episode+"/files", token, "still.png", bytes.NewReader(pictureOf(l.t, 700, 500, i%2 == 0)))
	file := r.ID()
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
