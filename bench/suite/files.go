package suite

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"callboard/bench/load"
	"callboard/bench/report"
)

const (
	fileSize      = 2 << 30
	fileSizeQuick = 128 << 20
	fileSpare     = 1 << 30 // bytes that stay free on the disk

	thumbnailSeconds = 1.5
	thumbnailMB      = 300
)

// Files measures a large file on its way in and out, and the thumbnails of a large picture.
func (s *Suite) Files(ctx context.Context) (figures []report.Figure, series []report.Series, err error) {
	figures, err = s.largeFile(ctx)
	if errors.Is(err, errMissing) {
		s.NotMeasured("a large file", err)
		err = nil
	}
	if err != nil {
		return nil, nil, err
	}
	thumbnails, err := s.thumbnails(ctx)
	return append(figures, thumbnails...), nil, err
}

func (s *Suite) fileSize() int64 {
	if s.Quick {
		return fileSizeQuick
	}
	return fileSize
}

// largeFile uploads a file that is made on its way and downloads it again. Neither side may change a byte.
func (s *Suite) largeFile(ctx context.Context) (figures []report.Figure, err error) {
	size := s.fileSize()
	if err := s.room(size); err != nil {
		return nil, err
	}
	c, err := s.callboard(ctx, "callboard files")
	if err != nil {
		return nil, err
	}
	defer stopAll(&err, c)
	idle, err := s.idleMemory(ctx, c)
	if err != nil {
		return nil, err
	}
	files := load.NewFiles(c.Tokens["edgar"])
	var stored uploaded
	up, upMemory, err := c.watched(idle, func() (took time.Duration, err error) {
		stored, took, err = c.uploadContent(ctx, files, size)
		return took, err
	})
	if err != nil {
		return nil, err
	}
	down, downMemory, err := c.watched(idle, func() (time.Duration, error) { return c.downloadContent(ctx, files, stored, size) })
	if err != nil {
		return nil, err
	}
	rate := func(took time.Duration) float64 { return megabytes(size) / took.Seconds() }
	s.Log("%.0f MB: up %.0f MB/s, %.0f MB above idle; down %.0f MB/s, %.0f MB above idle", megabytes(size), rate(up), upMemory.above(),
		rate(down), downMemory.above())
	what := fmt.Sprintf("a file of %.0f MB", megabytes(size))
	memory := memoryUse{idle, max(upMemory.peak, downMemory.peak)}.figure(report.Figure{
		ID: "file_memory", Name: what + ", up and down: memory above that of an idle server", Target: report.Target{AtMost: 50},
	})
	memory.Parts["upload, MB above idle"], memory.Parts["download, MB above idle"] = upMemory.above(), downMemory.above()
	return []report.Figure{
		memory,
		single(report.Figure{
			ID: "file_upload", Name: "upload of " + what, Unit: "MB/s",
			Note: "Until it is durable and the answer is there. Making the file and its sum take CPU of the generator on the same cores.",
		}, []float64{rate(up)}),
		single(report.Figure{ID: "file_download", Name: "download of " + what, Unit: "MB/s", Note: "With its sum."}, []float64{rate(down)}),
	}, nil
}

// room fails with errMissing when a file of this size has no room in the folder of the data.
func (s *Suite) room(size int64) error {
	var stat unix.Statfs_t
	if err := unix.Statfs(s.Folder, &stat); err != nil {
		return fmt.Errorf("look for room on the disk: %w", err)
	}
	free := int64(stat.Bavail) * stat.Bsize
	if free < size+fileSpare {
		return fmt.Errorf("room for a file of %.0f MB, with %.0f MB free, %w", megabytes(size), megabytes(free), errMissing)
	}
	return nil
}

// watched does something and returns the most memory that the server took meanwhile.
func (c *contender) watched(idle int64, do func() (time.Duration, error)) (took time.Duration, m memoryUse, err error) {
	if err := c.ForgetPeak(); err != nil {
		return 0, m, err
	}
	if took, err = do(); err != nil {
		return took, m, fmt.Errorf("%s: %w", c.name, err)
	}
	m, err = c.memorySince(idle)
	return took, m, err
}

func (c *contender) uploadContent(ctx context.Context, files *load.Files, size int64) (uploaded, time.Duration, error) {
	content := load.NewContent(size)
	answer, took, err := files.Upload(ctx, c.URL+"/api/v1/files", "reel.bin", content, size)
	if err != nil {
		return uploaded{}, took, err
	}
	stored, err := readUploaded(answer)
	if err == nil && stored.SHA256 != content.SHA256() {
		err = fmt.Errorf("what was sent has the sum %s, and what is stored %s", content.SHA256(), stored.SHA256)
	}
	return stored, took, err
}

func (c *contender) downloadContent(ctx context.Context, files *load.Files, stored uploaded, size int64) (time.Duration, error) {
	sum := sha256.New()
	n, took, err := files.Download(ctx, c.URL+stored.URL, sum)
	if err != nil {
		return took, err
	}
	if got := hex.EncodeToString(sum.Sum(nil)); n != size || got != stored.SHA256 {
		err = fmt.Errorf("%d bytes with the sum %s came back of %d with the sum %s", n, got, size, stored.SHA256)
	}
	return took, err
}

// thumbnails has thumbnails made of a picture as a camera makes it.
func (s *Suite) thumbnails(ctx context.Context) (figures []report.Figure, err error) {
	c, err := s.callboard(ctx, "callboard thumbnails")
	if err != nil {
		return nil, err
	}
	defer stopAll(&err, c)
	picture, err := load.Picture(6000, 4000)
	if err != nil {
		return nil, err
	}
	var episode struct{ Data struct{ ID string } }
	if err := c.post(ctx, "/api/v1/episodes", "edgar", `{"title":"The picture"}`, &episode); err != nil {
		return nil, err
	}
	var seconds, peaks []float64
	for range s.Rounds {
		f, err := c.upload(ctx, "/api/v1/episodes/"+episode.Data.ID+"/files", "still.jpg", picture)
		if err != nil {
			return nil, err
		}
		took, memory, err := c.watched(0, func() (time.Duration, error) {
			done, err := c.work(ctx, `{"kind":"thumbnail-generation","args":{"file_id":"`+f.ID+`"}}`)
			return done.FinishedAt.Sub(done.StartedAt), err
		})
		if err != nil {
			return nil, err
		}
		seconds, peaks = append(seconds, took.Seconds()), append(peaks, megabytes(memory.peak))
		s.Log("thumbnails of 24 megapixels: %.2f s, RSS %.0f MB", took.Seconds(), megabytes(memory.peak))
	}
	size := map[string]float64{"picture MB": megabytes(int64(len(picture)))}
	return []report.Figure{
		single(report.Figure{
			ID: "thumbnail_time", Name: "thumbnails of a JPEG of 24 megapixels: from job_started to job_completed", Unit: "s",
			Target: report.Target{AtMost: thumbnailSeconds}, Parts: size,
		}, seconds),
		single(report.Figure{
			ID: "thumbnail_memory", Name: "the same: memory of the server", Unit: "MB", Target: report.Target{AtMost: thumbnailMB},
			Note: "All of it, not only what the picture takes.",
		}, peaks),
	}, c.checkThumbnails(ctx, episode.Data.ID)
}

// checkThumbnails fails unless the episode shows a picture.
func (c *contender) checkThumbnails(ctx context.Context, episodeID string) error {
	var answer struct {
		Data struct {
			ThumbnailURL string `json:"thumbnail_url"`
		}
	}
	if err := c.ask(ctx, "GET", "/api/v1/episodes/"+episodeID, "edgar", "", &answer); err != nil {
		return err
	}
	var shown bytes.Buffer
	if _, _, err := load.NewFiles(c.Tokens["edgar"]).Download(ctx, c.URL+answer.Data.ThumbnailURL, &shown); err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	return load.CheckPicture(shown.Bytes(), 640)
}
