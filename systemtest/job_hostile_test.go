package systemtest

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"encoding/binary"
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb/sqldbtest"
)

func newEpisode(t *testing.T, s *apptest.Server) (id, files string) {
	t.Helper()
	var episode struct {
		ID string `json:"id"`
	}
	s.Want(http.StatusCreated, http.MethodPost, episodesPath, s.Users.Editor.Token, obj{"title": "Pilot"}, &episode)
	return episode.ID, episodesPath + "/" + episode.ID + "/files"
}

// things are what requests for jobs can be about.
type things struct {
	episode, picture, text, variant, own, foreign string
}

func newThings(t *testing.T, s *apptest.Server) things {
	t.Helper()
	token := s.Users.Editor.Token
	var th things
	var files string
	th.episode, files = newEpisode(t, s)
	th.picture = s.UploadFile(files, token, "still.png", bytes.NewReader(pictureOf(t, 50, 50, false))).ID
	th.text = s.UploadFile(files, token, "still.png", strings.NewReader("a text in disguise")).ID
	th.own = s.UploadFile(apptest.FilesPath, token, "sheet.csv", strings.NewReader("title\na\n")).ID
	th.foreign = s.UploadFile(apptest.FilesPath, s.Users.Admin.Token, "sheet.csv", strings.NewReader("title\na\n")).ID
	s.AwaitDone(s.QueueJob(token, kindThumbnail, obj{"file_id": th.picture}).ID)
	th.variant = sqldbtest.Column[string](t, s.DB, `SELECT id FROM callboard_files WHERE variant = 'small'`)[0]
	return th
}

// badRequest asks for a job that must be refused.
type badRequest struct {
	name  string
	body  any
	field string // that is named
}

func badRequests(th things) []badRequest {
	of := func(kind string, args any) obj { return obj{"kind": kind, "args": args} }
	with := func(field string, value any) obj {
		return obj{"kind": kindExport, "args": obj{"what": "episodes"}, field: value}
	}
	many := make([]string, 5001)
	for i := range many {
		many[i] = someID
	}
	long := strings.Repeat("a", 300<<10)
	return []badRequest{
		{"no kind", obj{}, "kind"},
		{"unknown kind", of(apptest.Marker, obj{}), "kind"},
		{"NUL in kind", of("bulk-export\x00", obj{}), "kind"},
		{"kind of another type", obj{"kind": 7}, "kind"},
		{"unknown field", obj{"kind": kindExport, "args": obj{"what": "episodes"}, "colour": apptest.Marker}, "colour"},
		{"args of another type", of(kindExport, []string{apptest.Marker}), "args"},
		{"args is text", of(kindExport, apptest.Marker), "args"},
		{"unknown arg", of(kindExport, obj{"what": "episodes", "colour": apptest.Marker}), "args.colour"},
		{"priority 0", with("priority", 0), "priority"},
		{"priority 5", with("priority", 5), "priority"},
		{"half a priority", with("priority", 1.5), "priority"},
		{"max_attempts 0", with("max_attempts", 0), "max_attempts"},
		{"max_attempts 26", with("max_attempts", 26), "max_attempts"},
		{"max_attempts of another type", with("max_attempts", apptest.Marker), "max_attempts"},
		{"no such episode", with("episode_id", someID), "episode_id"},
		{"nonsense for an episode", with("episode_id", apptest.Marker), "episode_id"},

		{"thumbnails of nothing", of(kindThumbnail, obj{}), "args.file_id"},
		{"thumbnails of nonsense", of(kindThumbnail, obj{"file_id": apptest.Marker}), "args.file_id"},
		{"thumbnails of a path", of(kindThumbnail, obj{"file_id": "../../etc/passwd"}), "args.file_id"},
		{"thumbnails of a number", of(kindThumbnail, obj{"file_id": 7}), "args.file_id"},
		{"thumbnails of NUL", of(kindThumbnail, obj{"file_id": "\x00"}), "args.file_id"},
		{"thumbnails of no file", of(kindThumbnail, obj{"file_id": someID}), "args.file_id"},
		{"thumbnails of another's file", of(kindThumbnail, obj{"file_id": th.foreign}), "args.file_id"},
		{"thumbnails of a file of no episode", of(kindThumbnail, obj{"file_id": th.own}), "args.file_id"},
		{"thumbnails of a text", of(kindThumbnail, obj{"file_id": th.text}), "args.file_id"},
		{"thumbnails of a thumbnail", of(kindThumbnail, obj{"file_id": th.variant}), "args.file_id"},

		{"import of nothing", of(kindImport, obj{}), "args.file_id"},
		{"import of another's file", of(kindImport, obj{"file_id": th.foreign}), "args.file_id"},
		{"import of no file", of(kindImport, obj{"file_id": someID}), "args.file_id"},
		{"import into no show", of(kindImport, obj{"file_id": th.own, "show_id": someID}), "args.show_id"},
		{"import into nonsense", of(kindImport, obj{"file_id": th.own, "show_id": apptest.Marker}), "args.show_id"},
		{"import into two shows", of(kindImport, obj{"file_id": th.own, "show_id": someID, "show_title": "x"}), "args.show_title"},
		{"import into a show without a title", of(kindImport, obj{"file_id": th.own, "show_title": ""}), "args.show_title"},
		{"import into a blank title", of(kindImport, obj{"file_id": th.own, "show_title": "  "}), "args.show_title"},
		{"import into NUL", of(kindImport, obj{"file_id": th.own, "show_title": "a\x00"}), "args.show_title"},
		{"import into a long title", of(kindImport, obj{"file_id": th.own, "show_title": long}), "args.show_title"},
		{"import with no such field", of(kindImport, obj{"file_id": th.own, "mapping": obj{apptest.Marker: []string{"a"}}}), "args.mapping"},
		{"import with a mapping of numbers", of(kindImport, obj{"file_id": th.own, "mapping": obj{"title": 1}}), "args.mapping"},
		{"import with half a dry run", of(kindImport, obj{"file_id": th.own, "dry_run": "maybe"}), "args.dry_run"},

		{"export of nothing", of(kindExport, obj{}), "args.what"},
		{"export of nonsense", of(kindExport, obj{"what": apptest.Marker}), "args.what"},
		{"export as nonsense", of(kindExport, obj{"what": "episodes", "format": apptest.Marker}), "args.format"},
		{"export of the wrong filter", of(kindExport, obj{"what": "episodes", "activity": obj{}}), "args.activity"},
		{"export of half a resource", of(kindExport, obj{"what": "activity", "activity": obj{"resource_id": "1"}}), "args.activity.resource_type"},
		{"export since nonsense", of(kindExport, obj{"what": "activity", "activity": obj{"since": apptest.Marker}}), "args.activity.since"},
		{"export of a show of nonsense", of(kindExport, obj{"what": "episodes", "episodes": obj{"show_id": apptest.Marker}}), "args.episodes.show_id"},
		{"export of NUL", of(kindExport, obj{"what": "episodes", "episodes": obj{"q": "\x00"}}), "args.episodes.q"},

		{"deletion of nothing", of(kindDelete, obj{}), "args.ids"},
		{"deletion of everything", of(kindDelete, obj{"filter": obj{}}), "args.filter"},
		{"deletion of everything, at length", of(kindDelete, obj{"filter": obj{"q": "", "status": "draft", "show_id": ""}}), "args.filter"},
		{"deletion of blanks", of(kindDelete, obj{"filter": obj{"q": "  "}}), "args.filter"},
		{"deletion of an accent", of(kindDelete, obj{"filter": obj{"q": "\u0301"}}), "args.filter"},
		{"deletion of null", of(kindDelete, obj{"filter": nil}), "args"},
		{"deletion of none", of(kindDelete, obj{"ids": []string{}}), "args.ids"},
		{"deletion of nonsense", of(kindDelete, obj{"ids": []string{someID, apptest.Marker}}), "args.ids[1]"},
		{"deletion of both", of(kindDelete, obj{"ids": []string{someID}, "filter": obj{"q": "x"}}), "args.ids"},
		{"deletion of too many", of(kindDelete, obj{"ids": many}), "args.ids"},
		{"deletion of a status of nonsense", of(kindDelete, obj{"filter": obj{"status": apptest.Marker}}), "args.filter.status"},
	}
}

// What cannot be a job is refused with the field that is wrong, nothing of it is repeated, and nothing is left.
func TestHostileJobs(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		th := newThings(t, s)
		s.Settle()
		before := s.RowCounts()
		for _, bad := range badRequests(th) {
			r := s.Do(http.MethodPost, apptest.JobsPath, s.Users.Editor.Token, bad.body)
			if r.Status != http.StatusUnprocessableEntity || !bytes.Contains(r.Body, []byte(`"field":"`+bad.field)) {
				t.Errorf("%s: answer %d %.300s, want 422 that names %s", bad.name, r.Status, r.Body, bad.field)
			}
			apptest.CheckProblem(t, bad.name, r.Body)
		}
		huge := obj{"kind": kindImport, "args": obj{"file_id": th.own, "mapping": obj{"title": []string{strings.Repeat("a", 300<<10)}}}}
		if r := s.Do(http.MethodPost, apptest.JobsPath, s.Users.Editor.Token, huge); r.Status != 413 && r.Status != 422 {
			t.Errorf("huge arguments: answer %d %.300s", r.Status, r.Body)
		}
		s.Settle()
		if after := s.RowCounts(); after != before {
			t.Errorf("rows before %q and after %q", before, after)
		}
	})
}

// badFile is a content that a job cannot make sense of.
type badFile struct {
	name    string
	content func(t *testing.T) io.Reader
	says    string // part of the reason, whenever it is found out
}

func text(s string) func(*testing.T) io.Reader {
	return func(*testing.T) io.Reader { return strings.NewReader(s) }
}

func badPictures() []badFile {
	cut := func(asJPEG bool) func(*testing.T) io.Reader {
		return func(t *testing.T) io.Reader {
			whole := pictureOf(t, 200, 200, asJPEG)
			return bytes.NewReader(whole[:len(whole)/2])
		}
	}
	return []badFile{
		{"cut.png", cut(false), "damaged"},
		{"cut.jpg", cut(true), "damaged"},
		{"bomb.png", func(*testing.T) io.Reader { return bytes.NewReader(pngOfSize(30_000, 30_000)) }, "too large"},
		{"negative.png", func(*testing.T) io.Reader { return bytes.NewReader(pngOfSize(1<<31, 1)) }, ""},
		{"empty.png", func(*testing.T) io.Reader { return bytes.NewReader(pngOfSize(0, 0)) }, ""},
		{"bomb.gif", text("GIF89a\xff\xff\xff\xff\x80\x00\x00" + strings.Repeat("\x00", 100)), "too large"},
		{"head.gif", text("GIF89a"), ""},
		{"script.svg", text(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "must be a JPEG"},
		{"page.jpg", text("<html><script>alert(1)</script></html>"), "must be a JPEG"},
	}
}

// pngOfSize returns a PNG that says how large it is, and is not.
func pngOfSize(width, height uint32) []byte {
	var b bytes.Buffer
	b.WriteString("\x89PNG\r\n\x1a\n")
	chunk := func(name string, data []byte) {
		_ = binary.Write(&b, binary.BigEndian, uint32(len(data))) //nolint:gosec // a few bytes; a buffer never fails
		data = append([]byte(name), data...)
		b.Write(data)
		_ = binary.Write(&b, binary.BigEndian, crc32.ChecksumIEEE(data))
	}
	head := binary.BigEndian.AppendUint32(nil, width)
	head = append(binary.BigEndian.AppendUint32(head, height), 8, 2, 0, 0, 0)
	chunk("IHDR", head)
	chunk("IDAT", []byte{0x78, 0x9c, 0x03, 0, 0, 0, 0, 1})
	chunk("IEND", nil)
	return b.Bytes()
}

func badSheets() []badFile {
	return []badFile{
		{"bomb.xlsx", xlsxBomb, ""},
		{"other.xlsx", func(t *testing.T) io.Reader { return zipOf(t, "readme.txt", strings.NewReader("no workbook")) }, ""},
		{"cut.xlsx", text("PK\x03\x04" + strings.Repeat("\x00", 200)), ""},
		{"cell.csv", text("title\n" + strings.Repeat("a", 10<<20) + "\n"), ""},
		{"quote.csv", text("title,status\n\"never ends,draft\n" + strings.Repeat("more\n", 1000)), ""},
		{"columns.csv", text(strings.Repeat("a,", 100_000) + "title\n"), ""},
		{"other.csv", text("colour,size\nred,1\n"), ""},
		{"twice.csv", text("title,title\na,b\n"), ""},
		{"picture.csv", func(t *testing.T) io.Reader { return bytes.NewReader(pictureOf(t, 50, 50, false)) }, ""},
		{"noise.csv", text(strings.Repeat("\x00\x01\xfe\xff", 1000)), ""},
		{"broken.ndjson", text("{\"title\": \"a\n{\n"), ""},
		{"deep.ndjson", text(strings.Repeat(`{"title":`, 20_000)), ""},
		{"list.json", text(`[[[[`), ""},
	}
}

// xlsxBomb is a workbook whose sheet is 2 GB of blanks.
func xlsxBomb(t *testing.T) io.Reader {
	const part, parts = 32 << 20, 64
	var once bytes.Buffer
	deflate, err := flate.NewWriter(&once, flate.BestSpeed)
	if err == nil {
		_, err = deflate.Write(bytes.Repeat([]byte(" "), part))
	}
	if err == nil {
		err = deflate.Flush() // what follows stands by itself, so that the same may follow again
	}
	if err != nil {
		t.Fatal(err)
	}
	z, b := newWorkbook(t)
	packed := bytes.Repeat(once.Bytes(), parts)
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CompressedSize64: uint64(len(packed)), UncompressedSize64: part * parts,
	})
	if err == nil {
		_, err = w.Write(packed)
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b
}

func zipOf(t *testing.T, name string, content io.Reader) io.Reader {
	t.Helper()
	z, b := newWorkbook(t)
	w, err := z.Create(name)
	if err == nil {
		_, err = io.Copy(w, content)
	}
	if err = errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b
}

// newWorkbook returns a workbook without its sheet.
func newWorkbook(t *testing.T) (*zip.Writer, *bytes.Buffer) {
	t.Helper()
	b := &bytes.Buffer{}
	z := zip.NewWriter(b)
	for name, text := range map[string]string{
		"[Content_Types].xml":        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"xl/workbook.xml":            `<workbook><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
	} {
		w, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(w, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return z, b
}

// A file that a job cannot make sense of is refused beforehand, or fails the job at once with a reason for people. Nothing
// is left of it.
func TestHostileFiles(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		_, files := newEpisode(t, s)
		for _, bad := range badPictures() {
			tryFile(t, s, kindThumbnail, files, bad)
		}
		for _, bad := range badSheets() {
			tryFile(t, s, kindImport, apptest.FilesPath, bad)
		}
		s.Settle()
		made := sqldbtest.Column[int](t, s.DB, `SELECT count(*) FROM callboard_files WHERE variant_of IS NOT NULL OR job_id IS NOT NULL`)[0]
		episodes := sqldbtest.Column[string](t, s.DB, `SELECT title FROM callboard_episodes`)
		if made > 0 || len(episodes) != 1 {
			t.Errorf("%d files and the episodes %.300q are left", made, episodes)
		}
		verifyStorage(t, s.DB, filepath.Join(s.Config.DataDir, "files"))
		s.Want(http.StatusOK, http.MethodGet, episodesPath, s.Users.Viewer.Token, nil, nil)
	})
}

func tryFile(t *testing.T, s *apptest.Server, kind, path string, bad badFile) {
	t.Helper()
	token := s.Users.Editor.Token
	f := s.UploadFile(path, token, bad.name, bad.content(t))
	r := s.Do(http.MethodPost, apptest.JobsPath, token, obj{"kind": kind, "args": obj{"file_id": f.ID}})
	if r.Status == http.StatusUnprocessableEntity {
		if bad.says == "" || !bytes.Contains(r.Body, []byte(bad.says)) {
			t.Errorf("%s: answer %.300s", bad.name, r.Body)
		}
		return
	}
	if r.Status != http.StatusCreated {
		t.Errorf("%s: answer %d %.300s", bad.name, r.Status, r.Body)
		return
	}
	j := s.AwaitDone(r.ID())
	internal := strings.Contains(j.Error, "internal") || strings.Contains(j.Error, "crashed")
	if j.Status != "failed" || j.Attempt != 1 || j.Error == "" || internal || !strings.Contains(j.Error, bad.says) {
		t.Errorf("%s: the job is %s at attempt %d: %.300q %.300s", bad.name, j.Status, j.Attempt, j.Error, j.Result)
	}
	t.Logf("%s: %s", bad.name, j.Error)
}

// The names of files that jobs make come from those that people have sent.
func TestHostileNameOfPicture(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	_, files := newEpisode(t, s)
	f := s.UploadFile(files, s.Users.Editor.Token, "../../../../tmp/"+strings.Repeat("é", 200)+".png", bytes.NewReader(pictureOf(t, 50, 50, false)))
	if j := s.AwaitDone(s.QueueJob(s.Users.Editor.Token, kindThumbnail, obj{"file_id": f.ID}).ID); j.Status != "completed" {
		t.Fatalf("the job is %+v", j)
	}
	for _, name := range sqldbtest.Column[string](t, s.DB, `SELECT name FROM callboard_files WHERE variant_of IS NOT NULL`) {
		if strings.ContainsAny(name, `/\`) || len(name) > 255 {
			t.Errorf("a thumbnail is called %q", name)
		}
	}
	verifyStorage(t, s.DB, filepath.Join(s.Config.DataDir, "files"))
}

// Requests that are repeated at the same time, with one key, make one job.
func TestJobIsRequestedRepeatedly(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{Config: apptest.WithToil(job.Settings{}, apptest.Idler)}, func(t *testing.T, s *apptest.Server) {
		ids := map[string]bool{}
		for _, r := range atOnce(t, s, obj{"kind": apptest.KindToil, "args": obj{"text": "once"}}, "a key") {
			switch r.Status {
			case http.StatusCreated:
				ids[r.ID()] = true
			case http.StatusConflict: // while the first is under way
			default:
				t.Errorf("answer %d %s", r.Status, r.Body)
			}
		}
		if len(ids) != 1 || len(s.Jobs()) != 1 {
			t.Errorf("%d answers, %d jobs", len(ids), len(s.Jobs()))
		}
		for id := range ids {
			s.Want(http.StatusOK, http.MethodPost, apptest.JobsPath+"/"+id+"/cancel", s.Users.Editor.Token, nil, nil)
		}
	})
}

// Of the requests for thumbnails of one file, one is taken while it is under way.
func TestThumbnailsAreRequestedRepeatedly(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		_, files := newEpisode(t, s)
		token := s.Users.Editor.Token
		large := s.UploadFile(files, token, "large.png", bytes.NewReader(pictureOf(t, 2000, 1500, true))).ID
		small := s.UploadFile(files, token, "small.png", bytes.NewReader(pictureOf(t, 50, 50, false))).ID
		first := s.QueueJob(token, kindThumbnail, obj{"file_id": large}).ID // keeps the next one waiting
		taken := 0
		for _, r := range atOnce(t, s, obj{"kind": kindThumbnail, "args": obj{"file_id": small}}, "") {
			if r.Status == http.StatusCreated {
				taken++
			} else if r.Status != http.StatusConflict || r.Problem() == "" {
				t.Errorf("answer %d %.300s", r.Status, r.Body)
			}
		}
		waited := s.Job(first).Status != "completed"
		jobs := s.Jobs()
		if waited && (taken != 1 || len(jobs) != 2) || len(jobs) != 1+taken {
			t.Errorf("%d requests were taken, and there are %d jobs", taken, len(jobs))
		}
		for _, j := range jobs {
			if j = s.AwaitDone(j.ID); j.Status != "completed" {
				t.Errorf("the job is %+v", j)
			}
		}
	})
}

// atOnce sends a request for a job eight times at the same time.
func atOnce(t *testing.T, s *apptest.Server, body any, key string) []apptest.Response {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if key != "" {
		header.Set("Idempotency-Key", key)
	}
	answers := make([]apptest.Response, 8)
	var requests sync.WaitGroup
	for i := range answers {
		requests.Go(func() {
			r, err := s.TryRaw(t.Context(), http.MethodPost, apptest.JobsPath, s.Users.Editor.Token, header, bytes.NewReader(encoded))
			if err != nil {
				t.Error(err)
			}
			answers[i] = r
		})
	}
	requests.Wait()
	return answers
}
