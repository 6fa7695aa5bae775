package app

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"strings"

	"github.com/callboard/callboard/app/importer"
	"github.com/callboard/callboard/app/jobkinds"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/job"
)

// demoSheet is what a production office might send: with a row that cannot be used.
const demoSheet = `season,number,title,air date,status
2,1,Salt,2027-03-05,draft
2,2,The Keeper's Daughter,2027-03-12,draft
2,3,,2027-03-19,draft
2,4,Landfall,2027-03-26,draft
`

// demoJobs uploads stills and a sheet, and queues what a team does with them. The jobs run once the server does.
func (a *App) demoJobs(ctx context.Context, episodes []episode.Episode) error {
	for i, e := range episodes[:2] {
		still, err := a.Files.Create(ctx, file.NewFile{Name: fmt.Sprintf("still-%d.jpg", i+1), EpisodeID: &e.ID}, func(w io.Writer) error {
			return jpeg.Encode(w, lighthouse(1600, 900, i), nil)
		})
		if err != nil {
			return fmt.Errorf("upload demo still: %w", err)
		}
		if err := a.demoJob(ctx, jobkinds.ThumbnailArgs{FileID: still.ID}); err != nil {
			return err
		}
	}
	sheet, err := a.Files.Create(ctx, file.NewFile{Name: "season-2.csv"}, func(w io.Writer) error {
		_, err := io.Copy(w, strings.NewReader(demoSheet))
		return err
	})
	if err != nil {
		return fmt.Errorf("upload demo sheet: %w", err)
	}
	if err := a.demoJob(ctx, jobkinds.ImportArgs{Request: importer.Request{FileID: sheet.ID, Options: importer.Options{ShowID: episodes[0].ShowID}}}); err != nil {
		return err
	}
	return a.demoJob(ctx, jobkinds.ExportArgs{What: "episodes", Format: "xlsx"})
}

func (a *App) demoJob(ctx context.Context, args job.Args) error {
	if _, err := a.Jobs.Queue(ctx, job.Request{Kind: args.Kind(), Args: args}); err != nil {
		return fmt.Errorf("queue demo job: %w", err)
	}
	return nil
}

// lighthouse draws a still of the show: a tower at dusk whose light turns with each picture.
func lighthouse(width, height, turn int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	horizon, tower := height*7/10, width*(2+3*(turn%2))/7
	lamp := height / 4
	for y := range height {
		for x := range width {
			img.SetRGBA(x, y, duskAt(x, y, width, height, horizon, tower, lamp))
		}
	}
	return img
}

func duskAt(x, y, width, height, horizon, tower, lamp int) color.RGBA {
	down := float64(y) / float64(height)
	shade := func(top, bottom float64) uint8 { return uint8(top + (bottom-top)*down) }
	dx, dy := x-tower, y-lamp
	half := width/60 + (y-lamp)*width/(height*30)
	switch {
	case y > lamp && y < horizon+height/20 && dx*dx < half*half:
		if (y-lamp)/(height/9)%2 == 0 {
			return color.RGBA{196, 62, 54, 255}
		}
		return color.RGBA{236, 232, 220, 255}
	case dx*dx+dy*dy < (width/45)*(width/45):
		return color.RGBA{255, 238, 170, 255}
	case y >= horizon:
		return color.RGBA{shade(10, 18), shade(30, 46), shade(60, 74), 255}
	case dx != 0 && dy*dy < dx*dx/90+4: // the beam
		return color.RGBA{shade(120, 250), shade(118, 190), shade(130, 120), 255}
	default:
		return color.RGBA{shade(24, 240), shade(34, 130), shade(78, 90), 255}
	}
}
