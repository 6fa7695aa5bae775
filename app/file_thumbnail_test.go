package app_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
)

// still is a small picture.
func still(t *testing.T) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 64))); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

// thumbnailOf returns the thumbnail of an episode, and its version.
func thumbnailOf(s *apptest.Server, episode string) (url *string, version int) {
	var body struct {
		ThumbnailURL *string `json:"thumbnail_url"`
		Version      int     `json:"version"`
	}
	s.Want(200, http.MethodGet, "/api/v1/episodes/"+episode, s.Users.Viewer.Token, nil, &body)
	return body.ThumbnailURL, body.Version
}

// TestDeletedPictureIsNoThumbnail deletes a picture that an episode has as its thumbnail, by whatever URL.
func TestDeletedPictureIsNoThumbnail(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		editor := s.Users.Editor.Token
		for name, url := range map[string]func(made string, f apptest.File) string{
			"what the job has set": func(made string, _ apptest.File) string { return made },
			"the picture itself":   func(_ string, f apptest.File) string { return f.URL },
			"with a server": func(_ string, f apptest.File) string {
				return "https://board.example/old/prefix" + f.URL + "?download=true#top"
			},
			"a thumbnail elsewhere": func(made string, _ apptest.File) string {
				return "http://board.example" + made
			},
		} {
			episode, files := newEpisode(t, s)
			f := s.UploadFile(files, editor, "still.png", still(t))
			if j := s.AwaitDone(s.QueueJob(editor, "thumbnail-generation", obj{"file_id": f.ID}).ID); j.Status != "completed" {
				t.Fatalf("the job is %+v", j)
			}
			made, _ := thumbnailOf(s, episode)
			if made == nil {
				t.Fatal("the job is done, and its thumbnail cannot be read")
			}
			was := url(*made, f)
			s.Want(200, http.MethodPatch, "/api/v1/episodes/"+episode, editor, obj{"thumbnail_url": was}, nil)
			_, before := thumbnailOf(s, episode)
			s.Want(204, http.MethodDelete, apptest.FilesPath+"/"+f.ID, editor, nil, nil)
			if got, version := thumbnailOf(s, episode); got != nil || version != before+1 {
				t.Errorf("%s: the thumbnail is %v in version %d after %d", name, got, version, before)
			}
			want := callboard.Changes{"thumbnail_url": {Old: was}}
			if diff := cmp.Diff(want, lastChange(t, s, episode)); diff != "" {
				t.Errorf("%s: the event (-want +got):\n%s", name, diff)
			}
		}
	})
}

// lastChange returns what the newest event about an episode says that the editor changed.
func lastChange(t *testing.T, s *apptest.Server, episode string) callboard.Changes {
	t.Helper()
	s.Settle()
	var events []callboard.Message
	s.Want(200, http.MethodGet, "/api/v1/events?limit=200", s.Users.Viewer.Token, nil, &events)
	for _, e := range slices.Backward(events) {
		if e.Resource.ID == episode {
			var data callboard.EpisodeData
			if err := json.Unmarshal(e.Data, &data); err != nil || e.Event != "episode_updated" || e.Actor.ID != s.Users.Editor.ID {
				t.Errorf("the event is %+v: %v", e, err)
			}
			return data.Changes
		}
	}
	return nil
}

// Another thumbnail than the deleted picture stays, and so does the version of the episode.
func TestDeletingOtherPictures(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	editor := s.Users.Editor.Token
	episode, files := newEpisode(t, s)
	kept, deleted := s.UploadFile(files, editor, "a.png", still(t)), s.UploadFile(files, editor, "b.png", still(t))
	for _, url := range []string{kept.URL, "https://example.org/a.png", "https://example.org/content", "https://example.org" + apptest.FilesPath + "/content"} {
		s.Want(200, http.MethodPatch, "/api/v1/episodes/"+episode, editor, obj{"thumbnail_url": url}, nil)
		_, before := thumbnailOf(s, episode)
		s.Want(204, http.MethodDelete, apptest.FilesPath+"/"+deleted.ID, editor, nil, nil)
		if got, version := thumbnailOf(s, episode); got == nil || *got != url || version != before {
			t.Errorf("%s became %v in version %d after %d", url, got, version, before)
		}
		deleted = s.UploadFile(files, editor, "b.png", still(t))
	}
}

// TestPictureDeletedAboutWhenItsThumbnailsAreDone lets the deletion and the end of the job meet in whatever order.
func TestPictureDeletedAboutWhenItsThumbnailsAreDone(t *testing.T) {
	t.Parallel()
	apptest.ForEach(t, apptest.Options{}, func(t *testing.T, s *apptest.Server) {
		editor := s.Users.Editor.Token
		for range 10 {
			episode, files := newEpisode(t, s)
			f := s.UploadFile(files, editor, "still.png", still(t))
			id := s.QueueJob(editor, "thumbnail-generation", obj{"file_id": f.ID}).ID
			s.AwaitJob(id, "under way", func(j apptest.Job) bool { return j.Done() || j.Status == "processing" })
			s.Want(204, http.MethodDelete, apptest.FilesPath+"/"+f.ID, editor, nil, nil)
			j := s.AwaitDone(id)
			if got, _ := thumbnailOf(s, episode); got != nil {
				t.Errorf("the job is %s, and the thumbnail is %s", j.Status, *got)
			}
		}
		s.AwaitNoContents()
	})
}
