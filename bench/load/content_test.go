package load

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestContentIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	const size = 100_003
	first, again := NewContent(size), NewContent(size)
	b, err := io.ReadAll(first)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, again); err != nil {
		t.Fatal(err)
	}
	if len(b) != size || first.SHA256() != sumOf(b) || again.SHA256() != first.SHA256() {
		t.Errorf("%d bytes, sums %s and %s", len(b), first.SHA256(), again.SHA256())
	}
}

func TestWhatIsUploadedCanBeDownloaded(t *testing.T) {
	t.Parallel()
	var stored []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer secret" {
			t.Errorf("authorization %q", r.Header.Get("Authorization"))
		}
		if r.Method == http.MethodGet {
			_, _ = w.Write(stored)
			return
		}
		file, head, err := r.FormFile("file")
		if err != nil {
			t.Error(err)
			return
		}
		if stored, err = io.ReadAll(file); err != nil || head.Filename != "reel.bin" || r.ContentLength < 0 {
			t.Errorf("%q, length %d, %v", head.Filename, r.ContentLength, err)
		}
		_, _ = w.Write([]byte("kept"))
	}))
	defer server.Close()
	const size = 1 << 20
	files, content := NewFiles("secret"), NewContent(size)
	answer, _, err := files.Upload(t.Context(), server.URL, "reel.bin", content, size)
	if err != nil || string(answer) != "kept" {
		t.Fatalf("%q, %v", answer, err)
	}
	sum := sha256.New()
	n, _, err := files.Download(t.Context(), server.URL, sum)
	if err != nil || n != size || hex.EncodeToString(sum.Sum(nil)) != content.SHA256() {
		t.Errorf("%d bytes, %v", n, err)
	}
}

func TestAnUploadThatIsRefused(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		http.Error(w, "too much", http.StatusRequestEntityTooLarge)
	}))
	defer server.Close()
	if _, _, err := NewFiles("secret").Upload(t.Context(), server.URL, "reel.bin", NewContent(10), 10); err == nil {
		t.Error("passes")
	}
}
