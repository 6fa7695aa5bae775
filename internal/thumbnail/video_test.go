package thumbnail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/needtest"
)

// requireFFmpeg skips the test where ffmpeg is not installed, unless it is required.
func requireFFmpeg(t *testing.T) {
	t.Helper()
	if _, err := exec.LookPath("ffmpeg"); err != nil {
		needtest.Missing(t, "ffmpeg", err)
	}
}

// record writes a video of ffmpeg's test picture, 3 seconds long, with the given way of writing it.
func record(t *testing.T, name, source string, arguments ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	all := append([]string{"-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", source, "-t", "3"}, arguments...)
	if text, err := exec.CommandContext(t.Context(), "ffmpeg", append(all, path)...).CombinedOutput(); err != nil {
		needtest.Missing(t, "ffmpeg", fmt.Errorf("this one does not write %s: %w: %s", name, err, text))
	}
	return path
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFrame(t *testing.T) {
	t.Parallel()
	requireFFmpeg(t)
	const small, anamorphic, large = "testsrc=s=320x180:r=10", "testsrc=s=180x180:r=10,setsar=16/9", "testsrc=s=2560x1440:r=2"
	for name, how := range map[string][]string{
		"a.mp4":       {small, "-c:v", "mpeg4"},
		"a.mov":       {small, "-c:v", "mjpeg"},
		"a.mkv":       {small, "-c:v", "mpeg4"},
		"a.webm":      {small, "-c:v", "libvpx"},
		"a.avi":       {small, "-c:v", "mpeg4"},
		"a.mpg":       {small, "-c:v", "mpeg2video", "-r", "25"},
		"a.ts":        {small, "-c:v", "mpeg2video", "-r", "25"},
		"a.ogv":       {small, "-c:v", "libtheora"},
		"sar.mkv":     {anamorphic, "-c:v", "mpeg4"},
		"large.mkv":   {large, "-c:v", "mpeg4"},
		"a'%d:\n.mp4": {small, "-c:v", "mpeg4", "-f", "mp4"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			frame, err := Frame(t.Context(), record(t, name, how[0], how[1:]...))
			if err != nil {
				t.Fatal(err)
			}
			p, _ := makeOne(t, frame, Size{"", 2048, 2048})
			want := Picture{Width: 320, Height: 180}
			if name == "large.mkv" {
				want = Picture{Width: 1920, Height: 1080}
			}
			if p.Width != want.Width || p.Height != want.Height {
				t.Errorf("%d x %d", p.Width, p.Height)
			}
		})
	}
}

func TestDamagedVideos(t *testing.T) {
	t.Parallel()
	requireFFmpeg(t)
	whole, err := os.ReadFile(record(t, "a.mp4", "testsrc=s=64x64:r=5", "-c:v", "mpeg4"))
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"truncated": string(whole[:len(whole)/2]),
		"nothing":   "\x00\x00\x00\x18ftypmp42",
		"garbage":   "\x1a\x45\xdf\xa3" + strings.Repeat("garbage", 1000),
		"playlist":  "G#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n" + strings.Repeat("G", 1000),
	} {
		path := write(t, "secret-name", content)
		_, err := Frame(t.Context(), path)
		expectCode(t, err, callboard.CodeInvalid)
		if messageOf(err) != "this video is damaged or of a kind that is not known" && name != "playlist" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnlySound(t *testing.T) {
	t.Parallel()
	requireFFmpeg(t)
	const cover = "testsrc=s=64x64:r=1"
	for name, path := range map[string]string{
		"MP4":              record(t, "a.mp4", "sine", "-c:a", "aac"),
		"MP4 with a cover": record(t, "b.mp4", "sine=d=3", "-f", "lavfi", "-t", "1", "-i", cover, "-c:a", "aac", "-c:v", "mjpeg", "-disposition:v:0", "attached_pic"),
		"Matroska":         record(t, "a.mkv", "sine", "-c:a", "aac"),
		"Ogg":              record(t, "a.ogg", "sine", "-c:a", "libvorbis"),
	} {
		_, err := Frame(t.Context(), path)
		if callboard.CodeOf(err) != callboard.CodeInvalid || messageOf(err) != "this file holds sound but no picture" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func messageOf(err error) string {
	if e, ok := errors.AsType[*callboard.Error](err); ok {
		return e.Message
	}
	return ""
}

// What lists other files is refused before ffmpeg sees it, and without ffmpeg too.
func TestNotVideos(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"empty":    "",
		"HLS":      "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nfile:///etc/passwd\n",
		"concat":   "ffconcat version 1.0\nfile '/etc/passwd'\n",
		"DASH":     `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>`,
		"metadata": ";FFMETADATA1\n",
		"HEIC":     "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00",
		"PNG":      "\x89PNG\r\n\x1a\n",
		"text":     strings.Repeat("hello ", 100),
		"WAV":      "RIFF\x24\x00\x00\x00WAVEfmt ",
	} {
		_, err := Frame(t.Context(), write(t, "a.mp4", content))
		if callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := Frame(t.Context(), filepath.Join(t.TempDir(), "absent"))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent: %v", err)
	}
}

const mp4Start = "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"

func TestWithoutFFmpeg(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := Frame(t.Context(), write(t, "a.mp4", mp4Start))
	expectCode(t, err, callboard.CodeUnsupported)
	if e, ok := errors.AsType[*callboard.Error](err); !ok || e.Message != "making thumbnails of videos needs ffmpeg, which is not installed on the server" {
		t.Errorf("%v", err)
	}
}

// pretend puts a shell script in the place of ffmpeg.
func pretend(t *testing.T, script string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: a Unix shell is needed in the place of ffmpeg")
	}
	path := write(t, "ffmpeg", "#!/bin/sh\n"+script+"\n")
	if err := os.Chmod(path, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(path))
}

func TestFFmpegIsRunWithCare(t *testing.T) {
	t.Setenv("CALLBOARD_SECRET", "hunter2")
	pretend(t, `printf '%s\n' "$@"; printf 'secret=%s\n' "$CALLBOARD_SECRET"`)
	path := write(t, "-i http: x.mp4", mp4Start)
	out, err := Frame(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	for _, want := range []string{"-nostdin", "-protocol_whitelist\nfile,pipe", "-format_whitelist\nmov\n-f\nmov", "-i\nfile:" + path, "-enable_drefs\n0", "secret="} {
		parts := strings.Split(want, "\n")
		at := slices.Index(lines, parts[0])
		if at < 0 || at+len(parts) > len(lines) || !slices.Equal(lines[at:at+len(parts)], parts) {
			t.Errorf("%q is missing in %q", want, lines)
		}
	}
}

func TestWhatFFmpegSaysIsNotShown(t *testing.T) {
	pretend(t, `echo "/srv/secret: no such codec" >&2; exit 1`)
	_, err := Frame(t.Context(), write(t, "a.mp4", mp4Start))
	expectCode(t, err, callboard.CodeInvalid)
	if e, ok := errors.AsType[*callboard.Error](err); !ok || strings.Contains(e.Message, "secret") || !strings.Contains(e.Err.Error(), "no such codec") {
		t.Errorf("%v", err)
	}
}

func TestFFmpegThatWritesTooMuch(t *testing.T) {
	pretend(t, `while :; do echo 0123456789012345678901234567890123456789012345678901234567890123456789; done`)
	_, err := Frame(t.Context(), write(t, "a.mp4", mp4Start))
	expectCode(t, err, callboard.CodeInvalid)
}

func TestFFmpegThatWritesNothing(t *testing.T) {
	pretend(t, `exit 0`)
	_, err := Frame(t.Context(), write(t, "a.mp4", mp4Start))
	expectCode(t, err, callboard.CodeInvalid)
}

func TestFFmpegIsKilled(t *testing.T) {
	pretend(t, `while :; do :; done`)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := Frame(ctx, write(t, "a.mp4", mp4Start)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
}

func TestCapped(t *testing.T) {
	t.Parallel()
	lenient, strict := &capped{room: 3}, &capped{room: 3, strict: true}
	if n, err := lenient.Write([]byte("hello")); n != 5 || err != nil || !bytes.Equal(lenient.kept, []byte("hel")) {
		t.Errorf("%d, %v, %q", n, err, lenient.kept)
	}
	if _, err := strict.Write([]byte("hello")); err == nil {
		t.Error("too much was taken")
	}
}
