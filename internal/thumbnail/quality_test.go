package thumbnail

import (
	"image"
	"math"
	"testing"

	"golang.org/x/image/draw"
)

// psnr compares two pictures, in decibels.
func psnr(a, b *image.RGBA) float64 {
	sum := 0.0
	for i := range a.Pix {
		d := float64(a.Pix[i]) - float64(b.Pix[i])
		sum += d * d
	}
	return 10 * math.Log10(255*255/(sum/float64(len(a.Pix))))
}

func TestQuality(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		width, height, to int
		least             float64
	}{{600, 400, 200, 50}, {1500, 1000, 320, 45}, {1501, 1003, 160, 42}} {
		src := detailed(test.width, test.height)
		size := fit(test.width, test.height, Size{"", test.to, test.to})
		reference := image.NewRGBA(image.Rectangle{Max: size})
		draw.CatmullRom.Scale(reference, reference.Rect, src, src.Rect, draw.Src, nil)
		got, err := scale(t.Context(), src, size.X, size.Y)
		if err != nil {
			t.Fatal(err)
		}
		p := psnr(reference, got)
		t.Logf("%d to %d: %.1f dB", test.width, test.to, p)
		if p < test.least {
			t.Errorf("%d to %d: %.1f dB, want %.0f", test.width, test.to, p, test.least)
		}
	}
}
