package thumbnail

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"math/rand/v2"
	"testing"

	"golang.org/x/image/draw"

	"github.com/callboard/callboard"
)

func box(side int) []Size { return []Size{{"box", side, side}} }

// makeOne returns the only thumbnail of a file, and its pixels.
func makeOne(t *testing.T, file []byte, size Size) (Picture, image.Image) {
	t.Helper()
	pictures, err := Make(t.Context(), bytes.NewReader(file), []Size{size})
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := image.Decode(bytes.NewReader(pictures[0].Data))
	if err != nil {
		t.Fatal(err)
	}
	if m.Bounds() != image.Rect(0, 0, pictures[0].Width, pictures[0].Height) {
		t.Errorf("%v is told as %d x %d", m.Bounds(), pictures[0].Width, pictures[0].Height)
	}
	return pictures[0], m
}

// expectColor allows for what JPEG changes.
func expectColor(t *testing.T, m image.Image, x, y int, want color.NRGBA) {
	t.Helper()
	expectNear(t, m, x, y, want, 12)
}

func expectNear(t *testing.T, m image.Image, x, y int, want color.NRGBA, tolerance uint8) {
	t.Helper()
	got := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
	near := func(a, b uint8) bool { return max(a, b)-min(a, b) <= tolerance }
	if !near(got.R, want.R) || !near(got.G, want.G) || !near(got.B, want.B) || !near(got.A, want.A) {
		t.Errorf("at %d, %d: %v, want %v", x, y, got, want)
	}
}

func expectQuarters(t *testing.T, m image.Image) {
	t.Helper()
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	expectColor(t, m, w/4, h/4, red)
	expectColor(t, m, w*3/4, h/4, green)
	expectColor(t, m, w/4, h*3/4, blue)
	expectColor(t, m, w*3/4, h*3/4, white)
}

func expectCode(t *testing.T, err error, want callboard.Code) {
	t.Helper()
	if got := callboard.CodeOf(err); got != want {
		t.Errorf("code %q, want %q: %v", got, want, err)
	}
}

// storedAs is how a camera stores the upright picture. The words are those of the EXIF standard: which visual side the first
// row, and the first column, of the stored picture are.
func storedAs(upright image.Image, orientation int) *image.NRGBA {
	sides := [...][2]string{
		1: {"top", "left"}, 2: {"top", "right"}, 3: {"bottom", "right"}, 4: {"bottom", "left"},
		5: {"left", "top"}, 6: {"right", "top"}, 7: {"right", "bottom"}, 8: {"left", "bottom"},
	}[orientation]
	w, h := upright.Bounds().Dx(), upright.Bounds().Dy()
	rows, columns := h, w
	if orientation >= 5 {
		rows, columns = w, h
	}
	m := image.NewNRGBA(image.Rect(0, 0, columns, rows))
	for row := range rows {
		for column := range columns {
			var x, y int
			for i, distance := range []int{row, column} {
				switch sides[i] {
				case "top":
					y = distance
				case "bottom":
					y = h - 1 - distance
				case "left":
					x = distance
				case "right":
					x = w - 1 - distance
				}
			}
			m.Set(column, row, upright.At(x, y))
		}
	}
	return m
}

func TestOrientation(t *testing.T) {
	t.Parallel()
	for o := 1; o <= 8; o++ {
		stored := storedAs(quarters(160, 80), o)
		files := map[string][]byte{
			"JPEG": jpegWithEXIF(asJPEG(t, stored), o),
			"PNG":  pngWithEXIF(asPNG(t, stored), o),
		}
		for name, file := range files {
			t.Run(fmt.Sprintf("%s %d", name, o), func(t *testing.T) {
				t.Parallel()
				pictures, err := Make(t.Context(), bytes.NewReader(file), []Size{{"small", 20, 40}, {"large", 80, 80}, {"middle", 70, 70}})
				if err != nil {
					t.Fatal(err)
				}
				for i, want := range []string{"small 20x10", "large 80x40", "middle 70x35"} {
					p := pictures[i]
					if got := fmt.Sprintf("%s %dx%d", p.Name, p.Width, p.Height); got != want {
						t.Errorf("%s, want %s", got, want)
					}
					m, _, err := image.Decode(bytes.NewReader(p.Data))
					if err != nil {
						t.Fatal(err)
					}
					expectQuarters(t, m)
				}
			})
		}
	}
}

func TestOrientationOfWebP(t *testing.T) {
	t.Parallel()
	for name, want := range map[int][2]int{1: {32, 24}, 6: {24, 32}} {
		for _, file := range []string{"lossy.webp", "lossless.webp"} {
			p, _ := makeOne(t, webpWithEXIF(sample(t, file), 64, 48, name), Size{"", 32, 32})
			if p.Width != want[0] || p.Height != want[1] {
				t.Errorf("%s with orientation %d: %d x %d", file, name, p.Width, p.Height)
			}
		}
	}
}

func TestBrokenEXIFIsIgnored(t *testing.T) {
	t.Parallel()
	file := asJPEG(t, quarters(64, 32))
	random := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		content := append([]byte("Exif\x00\x00"), exif(1, binary.BigEndian)...)
		for range 3 {
			content[6+random.IntN(len(content)-6)] = byte(random.IntN(256))
		}
		if _, err := Make(t.Context(), bytes.NewReader(withSegment(file, 0xe1, content)), box(20)); err != nil {
			t.Fatalf("%x: %v", content, err)
		}
	}
	for _, o := range []int{0, 9, 300} {
		if _, m := makeOne(t, jpegWithEXIF(file, o), Size{"", 64, 64}); m.Bounds().Dx() != 64 {
			t.Errorf("orientation %d: %v", o, m.Bounds())
		}
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	tests := []struct {
		width, height int
		box           Size
		want          image.Point
	}{
		{6000, 4000, Size{"", 1280, 1280}, image.Pt(1280, 853)},
		{4000, 6000, Size{"", 1280, 1280}, image.Pt(853, 1280)},
		{6000, 4000, Size{"", 300, 100}, image.Pt(150, 100)},
		{10, 20, Size{"", 320, 320}, image.Pt(10, 20)},
		{10, 20, Size{"", 10, 20}, image.Pt(10, 20)},
		{10000, 1, Size{"", 320, 320}, image.Pt(320, 1)},
		{1, 30000, Size{"", 320, 320}, image.Pt(1, 320)},
		{1, 1, Size{"", 1, 1}, image.Pt(1, 1)},
		{30000, 3333, Size{"", 1, 1}, image.Pt(1, 1)},
	}
	for _, test := range tests {
		if got := fit(test.width, test.height, test.box); got != test.want {
			t.Errorf("%d x %d into %v: %v, want %v", test.width, test.height, test.box, got, test.want)
		}
	}
}

func TestExtremeShapes(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{10000, 1}, {1, 10000}, {30000, 2}, {1, 1}, {2, 3}, {4097, 33}, {500, 500}} {
		for _, side := range []int{1, 7, 320, 2048} {
			p, _ := makeOne(t, asPNG(t, quarters(size.X, size.Y)), Size{"", side, side})
			if want := fit(size.X, size.Y, Size{"", side, side}); image.Pt(p.Width, p.Height) != want {
				t.Errorf("%v into %d: %d x %d", size, side, p.Width, p.Height)
			}
		}
	}
}

func TestNeverEnlarged(t *testing.T) {
	t.Parallel()
	p, m := makeOne(t, asJPEG(t, quarters(50, 30)), Size{"", 2048, 2048})
	if p.Width != 50 || p.Height != 30 {
		t.Errorf("%d x %d", p.Width, p.Height)
	}
	expectQuarters(t, m)
}

func TestFormats(t *testing.T) {
	t.Parallel()
	deep := image.NewNRGBA64(image.Rect(0, 0, 64, 64))
	draw.Draw(deep, deep.Rect, quarters(64, 64), image.Point{}, draw.Src)
	few := paletted(64, 64, red, green, blue, white)
	draw.Draw(few, few.Rect, quarters(64, 64), image.Point{}, draw.Src)
	animated := &gif.GIF{Image: []*image.Paletted{few, paletted(64, 64, blue)}, Delay: []int{1, 1}}
	for name, file := range map[string][]byte{
		"JPEG":         asJPEG(t, quarters(64, 64)),
		"PNG":          asPNG(t, quarters(64, 64)),
		"PNG 16 bit":   asPNG(t, deep),
		"PNG palette":  asPNG(t, few),
		"GIF animated": asGIF(t, animated),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, m := makeOne(t, file, Size{"", 16, 16})
			if p.ContentType != "image/jpeg" {
				t.Errorf("an opaque picture comes as %s", p.ContentType)
			}
			expectQuarters(t, m)
		})
	}
}

func TestGrey(t *testing.T) {
	t.Parallel()
	m := image.NewGray16(image.Rect(0, 0, 40, 40))
	draw.Draw(m, m.Rect, image.NewUniform(color.Gray{100}), image.Point{}, draw.Src)
	for _, file := range [][]byte{asPNG(t, m), asJPEG(t, m)} {
		_, got := makeOne(t, file, Size{"", 10, 10})
		expectColor(t, got, 5, 5, color.NRGBA{100, 100, 100, 255})
	}
}

func TestCMYK(t *testing.T) {
	t.Parallel()
	_, m := makeOne(t, cmykJPEG(t, 40, 24, [4]uint8{255, 0, 0, 0}), Size{"", 20, 20})
	expectColor(t, m, 10, 6, color.NRGBA{0, 255, 255, 255})
	_, m = makeOne(t, cmykJPEG(t, 40, 24, [4]uint8{0, 255, 255, 51}), Size{"", 20, 20})
	expectColor(t, m, 10, 6, color.NRGBA{204, 0, 0, 255})
}

// The samples are red and dark in turn, with a rising green to the right and a rising blue downwards.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"progressive.jpg", "lossy.webp", "lossless.webp"} {
		p, m := makeOne(t, sample(t, name), Size{"", 64, 64})
		if p.Width != 64 || p.Height != 48 || p.ContentType != "image/jpeg" {
			t.Errorf("%s: %d x %d, %s", name, p.Width, p.Height, p.ContentType)
		}
		expectNear(t, m, 16, 12, color.NRGBA{255, 64, 65, 255}, 30)
		expectNear(t, m, 48, 12, color.NRGBA{30, 194, 65, 255}, 30)
	}
}

func TestTransparency(t *testing.T) {
	t.Parallel()
	half := quarters(64, 64)
	draw.Draw(half, image.Rect(0, 0, 32, 64), image.NewUniform(none), image.Point{}, draw.Src)
	few := paletted(64, 64, none, white)
	draw.Draw(few, few.Rect, half, image.Point{}, draw.Src)
	part := paletted(64, 64, white)
	part.Rect = part.Rect.Add(image.Pt(32, 0))
	small := &gif.GIF{Image: []*image.Paletted{part}, Delay: []int{0}, Config: image.Config{Width: 96, Height: 64}}
	for name, file := range map[string][]byte{
		"PNG": asPNG(t, half), "PNG palette": asPNG(t, few), "GIF": asGIF(t, &gif.GIF{Image: []*image.Paletted{few}, Delay: []int{0}}),
		"GIF part of the canvas": asGIF(t, small), "WebP": sample(t, "alpha.webp"),
	} {
		p, m := makeOne(t, file, Size{"", 24, 24})
		if p.ContentType != "image/png" {
			t.Errorf("%s comes as %s", name, p.ContentType)
		}
		for x, want := range map[int]uint32{2: 0, p.Width - 3: 0xffff} {
			if _, _, _, a := m.At(x, p.Height-3).RGBA(); a != want {
				t.Errorf("%s: alpha %x at column %d", name, a, x)
			}
		}
	}
}

func TestDeterminism(t *testing.T) {
	t.Parallel()
	file := asJPEG(t, detailed(1000, 750))
	sizes := []Size{{"a", 320, 320}, {"b", 50, 150}, {"c", 300, 300}}
	first, err := Make(t.Context(), bytes.NewReader(file), sizes)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Make(t.Context(), bytes.NewReader(file), sizes)
	if err != nil {
		t.Fatal(err)
	}
	for i := range first {
		if !bytes.Equal(first[i].Data, again[i].Data) {
			t.Errorf("%s differs", first[i].Name)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string][2]bool{
		"image/jpeg": {true, false}, "IMAGE/PNG; x=y": {true, false}, "image/gif": {true, false}, "image/webp": {true, false},
		"image/svg+xml": {}, "image/heic": {}, "text/html": {}, "": {}, "/": {},
		"video/mp4": {false, true}, "Video/WebM; codecs=vp9": {false, true}, "video/x-msvideo": {false, true},
		"application/vnd.apple.mpegurl": {}, "audio/mpeg": {},
	} {
		if got := [2]bool{IsPicture(kind), IsVideo(kind)}; got != want {
			t.Errorf("%q: %v", kind, got)
		}
	}
}

func FuzzMake(f *testing.F) {
	for _, name := range []string{"progressive.jpg", "lossy.webp", "lossless.webp", "alpha.webp", "animated.webp"} {
		f.Add(sample(f, name))
	}
	f.Add(animatedWebP(sample(f, "alpha.webp"), image.Pt(80, 60), image.Rect(2, 2, 66, 50)))
	f.Add(webpWithEXIF(sample(f, "lossy.webp"), 64, 48, 6))
	f.Add(jpegWithEXIF(asJPEG(f, quarters(16, 8)), 6))
	f.Add(cmykJPEG(f, 8, 8, [4]uint8{1, 2, 3, 4}))
	f.Add(pngWithEXIF(asPNG(f, quarters(8, 8)), 3))
	f.Add(asGIF(f, &gif.GIF{Image: []*image.Paletted{paletted(8, 8, red)}, Delay: []int{0}}))
	f.Fuzz(func(t *testing.T, file []byte) {
		if c, _, err := image.DecodeConfig(bytes.NewReader(file)); err == nil && c.Width*c.Height > 1<<20 {
			return // takes too long here
		}
		pictures, err := Make(t.Context(), bytes.NewReader(file), []Size{{"", 32, 32}, {"", 8, 16}})
		code := callboard.CodeOf(err)
		if err != nil && code != callboard.CodeInvalid && code != callboard.CodeUnsupported {
			t.Errorf("%q: %v", code, err)
		}
		for _, p := range pictures {
			if p.Width < 1 || p.Width > 32 || p.Height < 1 || p.Height > 32 || len(p.Data) == 0 {
				t.Errorf("%d x %d, %d bytes", p.Width, p.Height, len(p.Data))
			}
		}
	})
}
