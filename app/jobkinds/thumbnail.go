package jobkinds

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/internal/thumbnail"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/sqldb"
)

// ThumbnailArgs are the arguments of thumbnail-generation.
type ThumbnailArgs struct {
	FileID string `json:"file_id" format:"uuid" doc:"A picture (JPEG, PNG, GIF, WebP; at most 100 megapixels) or, where ffmpeg is installed, a video of an episode."`
}

// Kind implements job.Args.
func (ThumbnailArgs) Kind() string { return "thumbnail-generation" }

// ThumbnailResult is the result of thumbnail-generation.
type ThumbnailResult struct {
	ThumbnailURL string             `json:"thumbnail_url"` // of the episode from now on: the medium size
	Variants     []ThumbnailVariant `json:"variants"`
}

// ThumbnailVariant is one of the sizes that were made.
type ThumbnailVariant struct {
	Variant string `json:"variant"`
	FileID  string `json:"file_id"`
	Width   int    `json:"width"`
	Height  int    `json:"height"`
	Size    int64  `json:"size"` // bytes
}

// thumbnailSizes are the boxes that a picture is fitted into.
func thumbnailSizes() []thumbnail.Size {
	return []thumbnail.Size{
		{Name: file.Large, Width: 1280, Height: 1280}, {Name: file.Medium, Width: 640, Height: 640}, {Name: file.Small, Width: 320, Height: 320},
	}
}

type thumbnails struct{ Parts }

// thumbnailGeneration makes three sizes of a picture, and the medium one the thumbnail of the episode.
func thumbnailGeneration(p Parts) job.Kind {
	t := thumbnails{p}
	return job.Define(job.Definition[ThumbnailArgs]{
		Settings: job.Settings{
			Title:       "Thumbnails",
			Summary:     "Makes three sizes of a picture or a video of an episode, and the medium one the episode's thumbnail.",
			Concurrency: 1,                                               // decoding takes up to 512 MB, and scaling all processors
			Timeout:     5 * time.Minute, MaxAttempts: 3, PerOwner: 1000, // a folder of pictures at once is usual
		},
		Check: t.check, Work: t.work,
	})
}

func (t thumbnails) check(ctx context.Context, args ThumbnailArgs) (job.Placement, error) {
	if err := needScopes(ctx, "files:write"); err != nil {
		return job.Placement{}, err
	}
	f, err := t.readableFile(ctx, args.FileID)
	if err != nil {
		return job.Placement{}, err
	}
	if f.EpisodeID == nil || f.VariantOf != nil {
		return job.Placement{}, invalid("args.file_id", "must be a file of an episode")
	}
	if !thumbnail.IsPicture(f.ContentType) && !thumbnail.IsVideo(f.ContentType) {
		return job.Placement{}, invalid("args.file_id", "must be a JPEG, PNG, GIF or WebP picture, or a video; its content is something else")
	}
	return job.Placement{EpisodeID: *f.EpisodeID, Unique: f.ID}, nil
}

func (t thumbnails) work(ctx context.Context, run *job.Run, args ThumbnailArgs) (any, error) {
	f, err := t.Files.Get(ctx, args.FileID)
	if err != nil {
		return nil, err
	}
	run.Progress(5, "reading the file")
	pictures, err := t.pictures(ctx, f)
	if err != nil {
		return nil, err
	}
	run.Progress(60, "storing the thumbnails")
	var pending []*file.Staged
	result := ThumbnailResult{}
	for _, picture := range pictures {
		stored, err := t.store(ctx, f, picture)
		if err != nil {
			return nil, err
		}
		run.OnFailure(stored.Discard) // each for itself: the attempt may have been given up while this one was stored
		pending = append(pending, stored)
		variant := ThumbnailVariant{picture.Name, stored.ID(), picture.Width, picture.Height, stored.Size()}
		result.Variants = append(result.Variants, variant)
		if picture.Name == file.Medium {
			result.ThumbnailURL = t.Files.URL(stored.ID())
		}
		run.Logger().Info("made a thumbnail", "variant", picture.Name, "width", picture.Width, "height", picture.Height)
	}
	run.AtCompletion(func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := t.Files.ReplaceVariantsTx(ctx, tx, f.ID, pending)
		if callboard.CodeOf(err) == callboard.CodeNotFound {
			return callboard.Wrap(err, callboard.CodeInvalid, "the file was deleted while its thumbnails were made")
		}
		if err != nil {
			return err
		}
		_, err = t.Episodes.UpdateTx(ctx, tx, *f.EpisodeID, episode.Patch{ThumbnailURL: callboard.Some(&result.ThumbnailURL)}, 0)
		return err
	})
	return result, nil
}

// pictures returns the thumbnails, of a video those of one of its pictures.
func (t thumbnails) pictures(ctx context.Context, f file.File) ([]thumbnail.Picture, error) {
	if thumbnail.IsVideo(f.ContentType) {
		var frame []byte
		err := t.Files.Local(ctx, f.ID, func(path string) (err error) {
			frame, err = thumbnail.Frame(ctx, path)
			return err
		})
		if err != nil {
			return nil, err
		}
		return thumbnail.Make(ctx, bytes.NewReader(frame), thumbnailSizes())
	}
	_, content, err := t.Files.Open(ctx, f.ID)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	return thumbnail.Make(ctx, content, thumbnailSizes())
}

func (t thumbnails) store(ctx context.Context, f file.File, picture thumbnail.Picture) (*file.Staged, error) {
	extension := ".jpg"
	if picture.ContentType == "image/png" {
		extension = ".png"
	}
	name := fmt.Sprintf("%s-%s%s", strings.TrimSuffix(f.Name, path.Ext(f.Name)), picture.Name, extension)
	return t.Files.Stage(ctx, file.NewFile{Name: name, VariantOf: &f.ID, Variant: picture.Name}, func(w io.Writer) error {
		_, err := w.Write(picture.Data)
		return err
	})
}
