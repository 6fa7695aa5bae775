package thumbnail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/callboard/callboard"
)

const (
	frameTime = time.Minute // for one video
	maxFrame  = 32 << 20    // bytes of the picture that ffmpeg answers with
	maxStderr = 4 << 10     // bytes kept for the log
)

// IsVideo says whether Frame may take a picture out of files of that media type. Parameters and case do not matter.
func IsVideo(contentType string) bool {
	return isMedia(contentType, "video/mp4", "video/quicktime", "video/x-m4v", "video/3gpp", "video/3gpp2",
		"video/webm", "video/x-matroska", "video/matroska",
		"video/x-msvideo", "video/avi", "video/vnd.avi",
		"video/mpeg", "video/mp2t", "video/ogg")
}

// Frame returns a frame of the video file at path that is like most of its beginning, as a PNG for Make of at most
// 1,920 px a side, turned as the file asks for. It runs the server's ffmpeg, for at most a minute, without the
// environment of this process.
//
// Errors: CodeUnsupported when ffmpeg is not installed; CodeInvalid when the file is not one of the kinds that are allowed
// (MP4, QuickTime, WebM, Matroska, AVI, MPEG, Ogg), is damaged, or holds sound but no picture, which ffprobe beside ffmpeg
// finds out; ctx's error; else what reading it failed with.
func Frame(ctx context.Context, path string) ([]byte, error) {
	demuxer, err := demuxerOf(path)
	if err != nil {
		return nil, err
	}
	ffmpeg, err := exec.LookPath("ffmpeg")
	if err != nil {
		return nil, callboard.Wrap(err, callboard.CodeUnsupported,
			"making thumbnails of videos needs ffmpeg, which is not installed on the server")
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, fmt.Errorf("take a frame of a video: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, frameTime)
	defer cancel()
	frame, err := run(limited, ffmpeg, frameArguments(demuxer, path))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case limited.Err() != nil:
		return nil, callboard.Wrap(limited.Err(), callboard.CodeInvalid, "taking a frame out of this video takes too long")
	case err != nil && onlySound(limited, demuxer, path):
		return nil, callboard.Wrap(err, callboard.CodeInvalid, "this file holds sound but no picture")
	case err != nil:
		return nil, callboard.Wrap(err, callboard.CodeInvalid, "this video is damaged or of a kind that is not known")
	case len(frame) == 0:
		return nil, callboard.Errorf(callboard.CodeInvalid, "this video has no pictures")
	}
	return frame, nil
}

// onlySound reports whether the streams of a file are known, and none of them is a video. A cover is a picture of the file, but
// no video.
func onlySound(ctx context.Context, demuxer, path string) bool {
	ffprobe, err := exec.LookPath("ffprobe")
	if err != nil {
		return false
	}
	arguments := append([]string{"-hide_banner", "-loglevel", "error"}, inputArguments(demuxer)...)
	out, err := run(ctx, ffprobe, append(arguments,
		"-show_entries", "stream=codec_type:stream_disposition=attached_pic", "-of", "csv=print_section=0", "file:"+path))
	return err == nil && bytes.Contains(out, []byte("audio,")) && !bytes.Contains(out, []byte("video,0"))
}

// demuxerOf detects the container from the content. Playlists, and lists of other files, must never reach ffmpeg: it would
// read what they name.
func demuxerOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("take a frame of a video: %w", err)
	}
	defer f.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", fmt.Errorf("take a frame of a video: %w", err)
	}
	demuxer := sniffVideo(head[:n])
	if demuxer == "" {
		return "", callboard.Errorf(callboard.CodeInvalid,
			"this file is not an MP4, QuickTime, WebM, Matroska, AVI, MPEG or Ogg video")
	}
	return demuxer, nil
}

// sniffVideo returns ffmpeg's name for the container that starts with head, or "".
func sniffVideo(head []byte) string {
	at := func(offset int, magic string) bool {
		return len(head) >= offset+len(magic) && string(head[offset:offset+len(magic)]) == magic
	}
	switch {
	case at(4, "ftyp") && !isStill(head), at(4, "moov"), at(4, "mdat"), at(4, "wide"):
		return "mov"
	case at(0, "\x1a\x45\xdf\xa3"):
		return "matroska"
	case at(0, "RIFF") && at(8, "AVI "):
		return "avi"
	case at(0, "\x00\x00\x01\xba"):
		return "mpeg"
	case at(0, "G") && at(188, "G") && at(376, "G"), at(4, "G") && at(196, "G") && at(388, "G"):
		return "mpegts"
	case at(0, "OggS"):
		return "ogg"
	}
	return ""
}

// isStill reports whether head is of a picture, which come in the same container as MP4.
func isStill(head []byte) bool {
	stills := []string{"avif", "avis", "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"}
	return len(head) < 12 || slices.Contains(stills, string(head[8:12]))
}

// inputArguments have a file opened as one container and no other, and nothing that it names.
func inputArguments(demuxer string) []string {
	arguments := []string{"-protocol_whitelist", "file,pipe", "-format_whitelist", demuxer, "-f", demuxer}
	if demuxer == "mov" {
		arguments = append(arguments, "-enable_drefs", "0") // the format can name other files
	}
	return arguments
}

// frameArguments read only the video of a file. Only key frames are decoded, and the filter, which holds what it compares,
// sees them small.
func frameArguments(demuxer, path string) []string {
	const (
		width  = "min(1920,min(1920,ih)*dar)"
		filter = "scale=w='max(1," + width + ")':h='max(1," + width + "/dar)',setsar=1,thumbnail=n=25"
	)
	arguments := []string{
		"-nostdin", "-hide_banner", "-loglevel", "error",
		"-max_alloc", "268435456", // bytes in one piece
		"-max_error_rate", "1", // one good frame is enough; some decoders call each frame that is left out an error
		"-threads", "2", "-skip_frame", "nokey", "-max_pixels", "40000000",
	}
	return append(append(arguments, inputArguments(demuxer)...),
		"-i", "file:"+path,
		"-map", "0:V:0", "-an", "-sn", "-dn", "-vf", filter, "-frames:v", "1",
		"-c:v", "png", "-pix_fmt", "rgb24", "-f", "image2pipe", "pipe:1",
	)
}

// run returns what a program of ffmpeg's writes. Its error holds the beginning of what the program complained of.
func run(ctx context.Context, program string, arguments []string) ([]byte, error) {
	output, complaint := &capped{room: maxFrame, strict: true}, &capped{room: maxStderr}
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Env = []string{} // it holds secrets, and variables that make ffmpeg write files
	cmd.Stdout, cmd.Stderr = output, complaint
	cmd.WaitDelay = 2 * time.Second
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w: %q", filepath.Base(program), err, complaint.kept)
	}
	return output.kept, nil
}

// capped keeps the first room bytes. Beyond them it fails when strict, which ends the writer, and else swallows.
type capped struct {
	kept   []byte
	room   int
	strict bool
}

func (c *capped) Write(p []byte) (int, error) {
	free := c.room - len(c.kept)
	if len(p) > free && c.strict {
		return 0, errors.New("more than expected")
	}
	c.kept = append(c.kept, p[:min(len(p), free)]...)
	return len(p), nil
}
