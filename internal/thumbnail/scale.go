package thumbnail

import (
	"context"
	"fmt"
	"image"
	"runtime"

	stddraw "image/draw"

	"golang.org/x/image/draw"
	"golang.org/x/sync/errgroup"
)

// bandBytes is what a band may take while it is scaled, by rough measure. Scaling in one go would take 32 bytes for every
// pixel of the new width and the old height.
const bandBytes = 4 << 20

// maxReduce bounds the rows that are averaged at once, thus the memory of a band.
const maxReduce = 16

// scale returns src in the given size, which is not larger. Very large pictures are first reduced by averaging, to not less
// than twice the size: that is twice as fast and cannot be told apart. The rest is Catmull-Rom, along the rows, then
// along the columns, in bands.
func scale(ctx context.Context, src image.Image, width, height int) (*image.RGBA, error) {
	size := src.Bounds().Size()
	by := max(1, min(size.X/(2*width), size.Y/(2*height), maxReduce))
	m, err := narrow(ctx, src, by, width)
	if err != nil || m.Rect.Dy() == height {
		return m, err
	}
	return flatten(ctx, m, height)
}

// narrow reduces src by about the given factor and scales it to the given width.
func narrow(ctx context.Context, src image.Image, by, width int) (*image.RGBA, error) {
	size := src.Bounds().Size()
	columns, lines := steps(size.X, by), steps(size.Y, by)
	across, down := len(columns)-1, len(lines)-1
	dst := image.NewRGBA(image.Rect(0, 0, width, down))
	rows := min(down, max(1, bandBytes/(4*size.X*by+32*width)))
	// At the same height the filter leaves rows alone: bands need no overlap.
	scaler := draw.CatmullRom.NewScaler(width, rows, across, rows)
	err := inBands(ctx, down, rows, func(from, to int) {
		band := rowsOf(src, lines[from], lines[to])
		if by > 1 {
			band = reduce(band, columns, lines[from:to+1])
		}
		if across == width {
			copy(dst.Pix[from*dst.Stride:], band.Pix)
			return
		}
		use := scaler
		if to-from != rows {
			use = draw.CatmullRom.NewScaler(width, to-from, across, to-from)
		}
		use.Scale(dst, image.Rect(0, from, width, to), band, band.Rect, draw.Src, nil)
	})
	return dst, err
}

// flatten scales src to the given height.
func flatten(ctx context.Context, src *image.RGBA, height int) (*image.RGBA, error) {
	width, old := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, width, height))
	columns := min(width, max(1, bandBytes/(32*old)))
	scaler := draw.CatmullRom.NewScaler(columns, height, columns, old)
	err := inBands(ctx, width, columns, func(from, to int) {
		use := scaler
		if to-from != columns {
			use = draw.CatmullRom.NewScaler(to-from, height, to-from, old)
		}
		use.Scale(dst, image.Rect(from, 0, to, height), src, image.Rect(from, 0, to, old), draw.Src, nil)
	})
	return dst, err
}

// inBands calls work for all of 0 to total, in bands of step, on all processors. ctx ends it between bands.
func inBands(ctx context.Context, total, step int, work func(from, to int)) error {
	g, going := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for from := 0; from < total && going.Err() == nil; from += step {
		g.Go(func() (err error) {
			// A panic here would end the process: it is not the caller's goroutine.
			defer func() {
				if p := recover(); p != nil {
					err = damaged(fmt.Errorf("scaling panicked: %v", p))
				}
			}()
			work(from, min(from+step, total))
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	return ctx.Err()
}

// rowsOf returns the rows from one to before another, counted from the top. Package image/draw is quick with every kind of
// picture here.
func rowsOf(src image.Image, from, to int) *image.RGBA {
	b := src.Bounds()
	rows := image.NewRGBA(image.Rect(0, 0, b.Dx(), to-from))
	stddraw.Draw(rows, rows.Rect, src, image.Pt(b.Min.X, b.Min.Y+from), stddraw.Src)
	return rows
}

// steps divides a length into parts of by or slightly more, evenly, so that nothing is left over at the end, which would
// shift the picture. It returns where they begin, and the end.
func steps(length, by int) []int {
	n := length / by
	at := make([]int, n+1)
	for i := range at {
		at[i] = (i*length + n/2) / n
	}
	return at
}

// reduce averages what is between two columns and two lines into one pixel. The first line is the first row of src.
func reduce(src *image.RGBA, columns, lines []int) *image.RGBA {
	width := len(columns) - 1
	dst := image.NewRGBA(image.Rect(0, 0, width, len(lines)-1))
	sums := make([]uint32, 4*width)
	for y := range len(lines) - 1 {
		clear(sums)
		for row := lines[y] - lines[0]; row < lines[y+1]-lines[0]; row++ {
			addRow(sums, src.Pix[row*src.Stride:(row+1)*src.Stride], columns)
		}
		divide(dst.Pix[y*dst.Stride:(y+1)*dst.Stride], sums, columns, lines[y+1]-lines[y])
	}
	return dst
}

// addRow adds each pixel of a row to the sum of its column.
func addRow(sums []uint32, row []byte, columns []int) {
	for x := range len(columns) - 1 {
		sum := sums[4*x : 4*x+4 : 4*x+4]
		for p := 4 * columns[x]; p < 4*columns[x+1]; p += 4 {
			pixel := row[p : p+4 : p+4]
			sum[0] += uint32(pixel[0])
			sum[1] += uint32(pixel[1])
			sum[2] += uint32(pixel[2])
			sum[3] += uint32(pixel[3])
		}
	}
}

// divide makes averages of sums over the given number of rows.
func divide(dst []byte, sums []uint32, columns []int, rows int) {
	for x := range len(columns) - 1 {
		n := uint32(rows * (columns[x+1] - columns[x]))
		for c := 4 * x; c < 4*x+4; c++ {
			dst[c] = byte((sums[c] + n/2) / n)
		}
	}
}
