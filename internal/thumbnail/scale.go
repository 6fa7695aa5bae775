package thumbnail

import (
	"context"
	"image"

	"golang.org/x/image/draw"
)

// bandBytes bounds what scaling takes at a time. In one go it would take 32 bytes for every pixel of the new width and the
// old height.
const bandBytes = 8 << 20

// scale returns src in the given size, which is not larger, by Catmull-Rom: first along the rows, in bands of rows, then
// along the columns, in bands of columns. ctx ends it between bands.
func scale(ctx context.Context, src image.Image, width, height int) (*image.RGBA, error) {
	from := src.Bounds()
	narrow := image.NewRGBA(image.Rect(0, 0, width, from.Dy()))
	rows := max(1, bandBytes/(32*width))
	scaler := draw.CatmullRom.NewScaler(width, rows, from.Dx(), rows)
	for y := 0; y < from.Dy() && ctx.Err() == nil; y += rows {
		end := min(y+rows, from.Dy())
		band := image.Rect(from.Min.X, from.Min.Y+y, from.Max.X, from.Min.Y+end)
		scaler.Scale(narrow, image.Rect(0, y, width, end), src, band, draw.Src, nil)
	}
	if from.Dy() == height {
		return narrow, ctx.Err()
	}
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	columns := max(1, bandBytes/(32*from.Dy()))
	scaler = draw.CatmullRom.NewScaler(columns, height, columns, from.Dy())
	for x := 0; x < width && ctx.Err() == nil; x += columns {
		end := min(x+columns, width)
		scaler.Scale(dst, image.Rect(x, 0, end, height), narrow, image.Rect(x, 0, end, from.Dy()), draw.Src, nil)
	}
	return dst, ctx.Err()
}
