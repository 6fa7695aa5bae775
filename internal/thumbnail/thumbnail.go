// Package thumbnail makes small pictures of uploaded ones, and takes a frame out of a video for it. Files come from people
// and are trusted with nothing: the format is detected from the content, and what would take too much memory is refused before
// it is decoded.
//
// It reads JPEG (baseline and progressive, also CMYK), PNG, GIF and WebP, of what is animated the first frame. The orientation
// that a camera notes in EXIF is honoured. Colour profiles are ignored: a picture in a wide colour space comes out paler.
package thumbnail

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"math"
	"mime"
	"slices"

	"github.com/callboard/callboard"
)

const (
	jpegQuality = 82
	maxBox      = 2048 // pixels a side: bounds what scaling takes beside the decoded picture
)

// Size is a box, in pixels, that a picture is fitted into. A side is 1 to 2,048.
type Size struct {
	Name          string
	Width, Height int
}

// Picture is a thumbnail, encoded. Width and Height are its own, in pixels, not those of the box.
type Picture struct {
	Name          string
	Width, Height int
	ContentType   string // image/jpeg, or image/png where the source shows transparency
	Data          []byte
}

// IsPicture says whether Make reads files of that media type. Parameters and case do not matter.
func IsPicture(contentType string) bool {
	return isMedia(contentType, "image/jpeg", "image/png", "image/gif", "image/webp")
}

func isMedia(contentType string, types ...string) bool {
	name, _, err := mime.ParseMediaType(contentType)
	return err == nil && slices.Contains(types, name)
}

// Make returns one picture for each size, in the order of sizes: fitted into the box, never enlarged, the aspect kept, at
// least 1 px a side. The same file gives the same bytes. Decoding takes 512 MB at most, so callers should not run many at once.
//
// Errors: CodeInvalid for what is no picture, damaged, or larger than 100 megapixels or 30,000 px a side; for a lossless WebP larger
// than 76 megapixels, a lossy one with transparency 53, an interlaced PNG 67, with 16 bits a channel 33, which take more memory;
// CodeUnsupported for a variety of a known format that is not read; ctx's error; else what reading r failed with.
func Make(ctx context.Context, r io.ReadSeeker, sizes []Size) ([]Picture, error) {
	for _, s := range sizes {
		if min(s.Width, s.Height) < 1 || max(s.Width, s.Height) > maxBox {
			return nil, callboard.Errorf(callboard.CodeInvalid, "a thumbnail is 1 to %d pixels wide and high", maxBox)
		}
	}
	o, err := open(ctx, r)
	if err != nil {
		return nil, err
	}
	scaled, err := o.scaleAll(ctx, sizes)
	if err != nil {
		return nil, err
	}
	return encodeAll(ctx, scaled, sizes)
}

// original is a decoded picture as it is stored, and how it has to be turned to be looked at.
type original struct {
	image.Image             // or half of it
	size        image.Point // of the file
	orientation int         // 1 to 8, as in EXIF
}

// upright returns the width and height of the picture when it is turned as it should be.
func (o original) upright() (int, int) {
	if o.orientation >= 5 {
		return o.size.Y, o.size.X
	}
	return o.size.X, o.size.Y
}

// scaleAll returns the pixels of each size. The largest is made first, since smaller ones are made from larger ones.
func (o original) scaleAll(ctx context.Context, sizes []Size) ([]*image.RGBA, error) {
	width, height := o.upright()
	order := make([]int, len(sizes))
	targets := make([]image.Point, len(sizes))
	for i, s := range sizes {
		order[i], targets[i] = i, fit(width, height, s)
	}
	slices.SortStableFunc(order, func(a, b int) int { return targets[b].X*targets[b].Y - targets[a].X*targets[a].Y })
	made := make([]*image.RGBA, len(sizes))
	for n, i := range order {
		m, err := o.scale(ctx, targets[i], made, order[:n])
		if err != nil {
			return nil, err
		}
		made[i] = m
	}
	return made, nil
}

// scale makes one size out of the smallest of those made already that is large enough, else out of the original.
func (o original) scale(ctx context.Context, target image.Point, made []*image.RGBA, order []int) (*image.RGBA, error) {
	for _, i := range slices.Backward(order) {
		size := made[i].Rect.Size()
		if size == target {
			return made[i], nil
		}
		// Scaling twice by little would show; from half as large again on it does not.
		if 2*size.X >= 3*target.X && 2*size.Y >= 3*target.Y {
			return scale(ctx, made[i], target.X, target.Y)
		}
	}
	if o.orientation >= 5 {
		target.X, target.Y = target.Y, target.X
	}
	m, err := scale(ctx, o.Image, target.X, target.Y)
	if err != nil {
		return nil, err
	}
	return orient(m, o.orientation), nil
}

// fit returns the size of a picture within a box.
func fit(width, height int, box Size) image.Point {
	f := min(float64(box.Width)/float64(width), float64(box.Height)/float64(height), 1)
	return image.Pt(
		max(1, int(math.Round(float64(width)*f))),
		max(1, int(math.Round(float64(height)*f))),
	)
}

func encodeAll(ctx context.Context, scaled []*image.RGBA, sizes []Size) ([]Picture, error) {
	// One answer for all sizes, by the most detailed: a small hole may vanish in the smallest.
	transparent := slices.ContainsFunc(scaled, func(m *image.RGBA) bool { return !m.Opaque() })
	pictures := make([]Picture, len(sizes))
	for i, m := range scaled {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		contentType, data, err := encode(m, transparent)
		if err != nil {
			return nil, err
		}
		pictures[i] = Picture{sizes[i].Name, m.Rect.Dx(), m.Rect.Dy(), contentType, data}
	}
	return pictures, nil
}

func encode(m *image.RGBA, transparent bool) (contentType string, data []byte, err error) {
	var b bytes.Buffer
	if transparent {
		contentType, err = "image/png", png.Encode(&b, m)
	} else {
		contentType, err = "image/jpeg", jpeg.Encode(&b, m, &jpeg.Options{Quality: jpegQuality})
	}
	if err != nil {
		return "", nil, fmt.Errorf("encode a thumbnail: %w", err)
	}
	return contentType, b.Bytes(), nil
}

func damaged(cause error) error {
	return callboard.Wrap(cause, callboard.CodeInvalid, "this picture is damaged or incomplete")
}
