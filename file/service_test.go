package file_test

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/sqldb"
)

func TestLifeOfAFile(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		ctx := as(t.Context(), callboard.NewID(), callboard.RoleEditor)
		created, err := f.Create(ctx, file.NewFile{Name: "../notes.html", EpisodeID: &f.episode}, writing("plain words"))
		if err != nil {
			t.Fatal(err)
		}
		if created.Name != "notes.html" || created.Size != 11 || created.ContentType != "text/plain; charset=utf-8" ||
			created.SHA256 != "fcfb09747001a6e80d289a03381a059d7771bc472c6320851e9371c009e36781" {
			t.Errorf("created %+v", created)
		}
		renamed, err := f.Rename(ctx, created.ID, "notes.txt")
		if err != nil || renamed.Name != "notes.txt" {
			t.Errorf("renamed %+v, %v", renamed, err)
		}
		if _, err := f.Rename(ctx, created.ID, "notes.txt"); err != nil {
			t.Errorf("an empty change: %v", err)
		}
		for _, name := range []string{"", "a/b", " a", "con", strings.Repeat("x", 256), "a\x00"} {
			if _, err := f.Rename(ctx, created.ID, name); callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Errorf("renamed to %q: %v", name, err)
			}
		}
		got, err := f.Get(ctx, created.ID)
		if diff := cmp.Diff(renamed, got, cmp.AllowUnexported(file.File{})); diff != "" || err != nil {
			t.Errorf("read back, %v (-want +got):\n%s", err, diff)
		}
		f.check(t, "a file", 1, 1, 0)
		if err := f.Delete(ctx, created.ID); err != nil {
			t.Fatal(err)
		}
		f.check(t, "deleted", 1, 0, 1)
		f.sweep(t)
		f.check(t, "swept", 0, 0, 0)
		var names []string
		for _, e := range f.events(t) {
			names = append(names, e.Name)
			want := `["broadcast","file:` + created.ID + `","episode:` + f.episode + `"]`
			if e.Channels != want || !strings.Contains(e.Audience, "watchers:episode:"+f.episode) || e.Resource == "" {
				t.Errorf("event %+v", e)
			}
		}
		if diff := cmp.Diff([]string{"file_created", "file_updated", "file_deleted"}, names); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		for name, err := range map[string]error{
			"get": errOf(f.Get(ctx, created.ID)), "delete": f.Delete(ctx, created.ID), "rename": errOf(f.Rename(ctx, created.ID, "x")),
			"local": f.Local(ctx, created.ID, nil),
		} {
			if callboard.CodeOf(err) != callboard.CodeNotFound {
				t.Errorf("%s of a deleted file: %v", name, err)
			}
		}
	})
}

func errOf[T any](_ T, err error) error { return err }

func TestPrivateFiles(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		owner := as(t.Context(), callboard.NewID(), callboard.RoleEditor)
		other := as(t.Context(), callboard.NewID(), callboard.RoleEditor)
		admin := as(t.Context(), callboard.NewID(), callboard.RoleAdmin)
		mine, err := f.Create(owner, file.NewFile{Name: "salaries.csv"}, writing("a,b\n1,2\n"))
		if err != nil {
			t.Fatal(err)
		}
		for name, ctx := range map[string]context.Context{"another": other, "nobody": t.Context()} {
			for what, err := range map[string]error{
				"get": errOf(f.Get(ctx, mine.ID)), "delete": f.Delete(ctx, mine.ID), "rename": errOf(f.Rename(ctx, mine.ID, "x")),
				"local": f.Local(ctx, mine.ID, func(string) error { return nil }),
			} {
				if callboard.CodeOf(err) != callboard.CodeNotFound {
					t.Errorf("%s by %s: %v", what, name, err)
				}
			}
		}
		for name, tt := range map[string]struct {
			ctx  context.Context
			want int
		}{"owner": {owner, 1}, "another": {other, 0}, "admin": {admin, 1}} {
			list, err := f.Own(tt.ctx, callboard.Page{})
			if err != nil || len(list.Items) != tt.want {
				t.Errorf("the list of %s: %+v, %v", name, list, err)
			}
		}
		err = f.Local(owner, mine.ID, func(path string) error {
			content, err := os.ReadFile(path)
			if string(content) != "a,b\n1,2\n" {
				t.Errorf("the local file has %q", content)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if _, err := f.Rename(admin, mine.ID, "wages.csv"); err != nil {
			t.Error(err)
		}
		for _, e := range f.events(t) {
			if e.Channels != `["user:`+mine.CreatedBy+`"]` || e.Audience != "[]" || e.Resource != "" ||
				strings.Contains(e.Payload, "salaries") || strings.Contains(e.Payload, "wages") || strings.Contains(e.Payload, mine.SHA256) {
				t.Errorf("others learn from the event %+v", e)
			}
		}
	})
}

func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		ctx := as(t.Context(), callboard.NewID(), callboard.RoleEditor)
		broken := errors.New("the sender went away")
		for name, tt := range map[string]struct {
			in    file.NewFile
			write func(io.Writer) error
			code  callboard.Code
		}{
			"broken":      {file.NewFile{}, func(w io.Writer) error { return errors.Join(writing("half")(w), broken) }, callboard.CodeInternal},
			"empty":       {file.NewFile{}, writing(""), callboard.CodeInvalid},
			"too large":   {file.NewFile{MaxSize: 3}, writing("four"), callboard.CodeTooLarge},
			"no episode":  {file.NewFile{EpisodeID: new(callboard.NewID())}, writing("x"), callboard.CodeNotFound},
			"no original": {file.NewFile{VariantOf: new(callboard.NewID()), Variant: file.Small}, writing("x"), callboard.CodeNotFound},
		} {
			if _, err := f.Create(ctx, tt.in, tt.write); callboard.CodeOf(err) != tt.code {
				t.Errorf("%s: %v", name, err)
			}
			f.check(t, name, 0, 0, 0)
		}
		func() {
			defer func() { _ = recover() }()
			_, _ = f.Create(ctx, file.NewFile{}, func(w io.Writer) error { panic(writing("half")(w)) })
		}()
		f.clock.advance(14 * time.Hour)
		f.sweep(t)
		f.check(t, "after a panic", 0, 0, 0)
	})
}

// TestStaged has contents that wait: until they are committed, discarded, or too late.
func TestStaged(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		ctx := as(t.Context(), callboard.NewID(), callboard.RoleEditor)
		store := func() *file.Staged {
			p, err := f.Stage(ctx, file.NewFile{Name: "x", EpisodeID: &f.episode}, writing("x"))
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
		rolledBack, late := store(), store()
		undo := errors.New("undo")
		err := f.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			_, err := rolledBack.CommitTx(ctx, tx)
			return errors.Join(err, undo)
		})
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		f.check(t, "rolled back", 2, 0, 2)
		f.clock.advance(12 * time.Hour)
		f.sweep(t)
		f.check(t, "still in time", 2, 0, 2)
		if _, err := sqldb.WriteValue(ctx, f.db, rolledBack.CommitTx); err != nil {
			t.Errorf("a second try: %v", err)
		}
		rolledBack.Discard(ctx) // as after a commit whose outcome was not known
		f.check(t, "committed", 2, 1, 1)
		f.clock.advance(45 * time.Minute)
		if _, err := sqldb.WriteValue(ctx, f.db, late.CommitTx); callboard.CodeOf(err) != callboard.CodeGone {
			t.Errorf("too late: %v", err)
		}
		f.clock.advance(time.Hour)
		f.sweep(t)
		f.check(t, "the rest is swept", 1, 1, 0)
		dropped := store()
		dropped.Discard(ctx)
		if _, err := sqldb.WriteValue(ctx, f.db, dropped.CommitTx); callboard.CodeOf(err) != callboard.CodeGone {
			t.Errorf("after a discard: %v", err)
		}
		f.check(t, "discarded", 1, 1, 0)
	})
}

func TestVariantsAndJobs(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		ctx := as(t.Context(), callboard.NewID(), callboard.RoleEditor)
		job := callboard.NewID()
		original, err := f.Create(ctx, file.NewFile{Name: "x", EpisodeID: &f.episode, JobID: &job}, writing("original"))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time in the place of the first
			var pending []*file.Staged
			for _, variant := range file.Variants() {
				p, err := f.Stage(ctx, file.NewFile{VariantOf: &original.ID, Variant: variant}, writing(variant))
				if err != nil {
					t.Fatal(err)
				}
				pending = append(pending, p)
			}
			if _, err := sqldb.WriteValue(ctx, f.db, func(ctx context.Context, tx *sqldb.Tx) ([]file.File, error) {
				return f.ReplaceVariantsTx(ctx, tx, original.ID, pending)
			}); err != nil {
				t.Fatal(err)
			}
		}
		f.check(t, "replaced", 7, 4, 3)
		f.sweep(t)
		f.check(t, "replaced and swept", 4, 4, 0)
		list, err := f.OfEpisode(ctx, f.episode, callboard.Page{})
		if err != nil || len(list.Items) != 1 || len(list.Items[0].Variants) != 3 {
			t.Fatalf("listed %+v, %v", list, err)
		}
		small := list.Items[0].Variants[file.Small]
		got, content, err := f.Open(ctx, small)
		if err != nil {
			t.Fatal(err)
		}
		if text, err := io.ReadAll(content); string(text) != "small" || err != nil || got.EpisodeID == nil {
			t.Errorf("a variant reads %q, %v: %+v", text, err, got)
		}
		content.Close()
		if err := f.Delete(ctx, small); callboard.CodeOf(err) != callboard.CodeNotFound {
			t.Errorf("a variant was deleted alone: %v", err)
		}
		if err := f.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			return f.DeleteOfJobsTx(ctx, tx, callboard.NewID(), job)
		}); err != nil {
			t.Error(err)
		}
		f.sweep(t)
		f.check(t, "the job's files are deleted", 0, 0, 0)
		if n := len(f.events(t)); n != 2 {
			t.Errorf("%d events, want those of the original alone", n)
		}
	})
}

// watched tells of every content that is deleted.
type watched struct {
	file.Storage
	deleted chan string
}

func (s *watched) Delete(ctx context.Context, key string) error {
	err := s.Storage.Delete(ctx, key)
	s.deleted <- key
	return err
}

func TestPages(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, f *fixture) {
		ctx := as(t.Context(), callboard.NewID(), callboard.RoleEditor)
		var want, got []string
		for range 5 {
			created, err := f.Create(ctx, file.NewFile{EpisodeID: &f.episode}, writing("x"))
			if err != nil {
				t.Fatal(err)
			}
			want = append([]string{created.ID}, want...)
		}
		for page := (callboard.Page{Limit: 2}); ; {
			list, err := f.OfEpisode(ctx, f.episode, page)
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range list.Items {
				got = append(got, item.ID)
			}
			if page.Cursor = list.NextCursor; page.Cursor == "" {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
