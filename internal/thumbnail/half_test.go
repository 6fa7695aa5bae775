package thumbnail

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/image/draw"

	"github.com/callboard/callboard"
)

// reduced returns a picture in the given size.
func reduced(t *testing.T, m image.Image, width, height int) *image.RGBA {
	t.Helper()
	small, err := scale(t.Context(), m, width, height)
	if err != nil {
		t.Fatal(err)
	}
	return small
}

// jpegVarieties are small files of all kinds that are decoded to half their size.
func jpegVarieties(t testing.TB) map[string][]byte {
	t.Helper()
	files := map[string][]byte{
		"4:2:0": asJPEG(t, quarters(151, 110)), "grey": asJPEG(t, image.NewGray(image.Rect(0, 0, 17, 33))),
		"CMYK": cmykJPEG(t, 41, 24, [4]uint8{40, 200, 90, 60}), "tiny": asJPEG(t, paletted(1, 1, red)),
	}
	for _, name := range []string{"progressive", "progressive-444", "progressive-420", "progressive-grey", "progressive-rgb",
		"sequential-422-restart", "sequential-440", "sequential-scans"} {
		files[name] = sample(t, name+".jpg")
	}
	return files
}

// A JPEG at half its size gives the thumbnail that the whole one gives.
func TestHalfJPEG(t *testing.T) {
	t.Parallel()
	for name, file := range jpegVarieties(t) {
		half, err := decodeHalfJPEG(bytes.NewReader(file))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		whole, err := jpeg.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		size := whole.Bounds().Size()
		if want := image.Pt((size.X+1)/2, (size.Y+1)/2); half.Bounds().Size() != want {
			t.Errorf("%s: %v is decoded to %v", name, size, half.Bounds())
		}
		width, height := ceil(size.X, 4), ceil(size.Y, 4)
		p := psnr(reduced(t, whole, width, height), reduced(t, half, width, height))
		t.Logf("%s: %.1f dB", name, p)
		if p < 33 {
			t.Errorf("%s: %.1f dB", name, p)
		}
	}
}

// Restarts change nothing. Package image/jpeg does not read them in a progressive file, so they are compared with one that has none.
func TestHalfJPEGWithRestarts(t *testing.T) {
	t.Parallel()
	with, err := decodeHalfJPEG(bytes.NewReader(sample(t, "progressive-420-restart.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	without, err := decodeHalfJPEG(bytes.NewReader(sample(t, "progressive-420.jpg")))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(without, with); diff != "" {
		t.Error(diff)
	}
	make := func(name string) []Picture {
		pictures, err := Make(t.Context(), bytes.NewReader(sample(t, name)), box(32)) // of a size that is else decoded whole
		if err != nil {
			t.Fatal(err)
		}
		return pictures
	}
	whole, half := make("progressive-420.jpg"), make("progressive-420-restart.jpg")
	if a, b := whole[0], half[0]; a.Width != b.Width || a.Height != b.Height {
		t.Errorf("%d x %d, without restarts %d x %d", b.Width, b.Height, a.Width, a.Height)
	}
	damaged := bytes.Clone(sample(t, "progressive-420-restart.jpg"))
	damaged[bytes.LastIndex(damaged, []byte{0xff, 0xd3})+1] = 0xd4
	if _, err := decodeHalfJPEG(bytes.NewReader(damaged)); err == nil {
		t.Error("a restart out of turn was taken")
	}
}

func pngVarieties(t testing.TB) map[string][]byte {
	t.Helper()
	const width, height = 96, 6000 // two bands
	whole := detailed(width, height)
	convert := func(m draw.Image) []byte {
		draw.Draw(m, m.Bounds(), whole, image.Point{}, draw.Src)
		return asPNG(t, m)
	}
	r := whole.Rect
	glass := image.NewNRGBA64(r)
	for i := range glass.Pix {
		glass.Pix[i] = whole.Pix[i%len(whole.Pix)] + byte(i)
	}
	grey := convert(image.NewGray(r))
	return map[string][]byte{
		"grey": grey, "grey 16": convert(image.NewGray16(r)), "RGB": convert(image.NewRGBA(r)), "RGB 16": convert(image.NewRGBA64(r)),
		"1 bit": convert(image.NewPaletted(r, color.Palette{red, none})), "2 bits": convert(image.NewPaletted(r, color.Palette{red, green, blue})),
		"8 bits": convert(image.NewPaletted(r, testPalette())), "RGBA 16": asPNG(t, glass), "RGBA": asPNG(t, halfClear(width, height)),
		"one grey is transparent": bytes.Join([][]byte{grey[:33], pngChunk("tRNS", []byte{0, 128}), pngChunk("tEXt", []byte("a\x00b")), grey[33:]}, nil),
	}
}

func testPalette() color.Palette {
	p := make(color.Palette, 200)
	for i := range p {
		p[i] = color.NRGBA{uint8(i), uint8(255 - i), uint8(i / 2), uint8(55 + i)}
	}
	return p
}

func halfClear(width, height int) *image.NRGBA {
	m := quarters(width, height)
	for i := 3; i < len(m.Pix); i += 8 {
		m.Pix[i] = uint8(i)
	}
	return m
}

// A PNG at half its size has the averages of 2 × 2 pixels, over the ends of bands too.
func TestHalfPNG(t *testing.T) {
	t.Parallel()
	for name, file := range pngVarieties(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeHalfPNG(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			whole, err := png.Decode(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			want := image.NewRGBA(image.Rect(0, 0, 48, 3000))
			average := draw.Kernel{Support: 0.5, At: func(float64) float64 { return 1 }}
			average.Scale(want, want.Rect, whole, whole.Bounds(), draw.Src, nil)
			half, ok := got.(*image.RGBA)
			if !ok || half.Rect != want.Rect {
				t.Fatalf("decoded to %T of %v", got, got.Bounds())
			}
			for i := range want.Pix {
				if d := int(half.Pix[i]) - int(want.Pix[i]); d < -1 || d > 1 {
					t.Fatalf("column %d, row %d: %d, want %d", i/4%48, i/4/48, half.Pix[i], want.Pix[i])
				}
			}
		})
	}
}

// Where a side is odd, the last pixels are averages of fewer.
func TestHalfOfOddPNG(t *testing.T) {
	t.Parallel()
	for _, size := range []image.Point{{97, 6001}, {1, 1}, {1, 30}, {31, 1}, {3, 3}} {
		whole := quarters(size.X, size.Y)
		half, err := decodeHalfPNG(bytes.NewReader(asPNG(t, whole)))
		if err != nil {
			t.Fatal(err)
		}
		width, height := ceil(size.X, 2), ceil(size.Y, 2)
		if half.Bounds().Size() != image.Pt(width, height) {
			t.Fatalf("%v is decoded to %v", size, half.Bounds())
		}
		if p := psnr(reduced(t, whole, width, height), reduced(t, half, width, height)); size.X > 90 && p < 25 {
			t.Errorf("%v: %.1f dB", size, p)
		}
	}
}

func TestHalvesOfDamagedFiles(t *testing.T) {
	t.Parallel()
	for name, file := range jpegVarieties(t) {
		for _, share := range []int{1, 30, 70, 97} {
			if _, err := decodeHalfJPEG(bytes.NewReader(file[:len(file)*share/100])); err == nil {
				t.Errorf("%d %% of %s were taken", share, name)
			}
		}
	}
	file := pngVarieties(t)["RGB"]
	for _, share := range []int{1, 10, 50, 90, 99} {
		if _, err := decodeHalfPNG(bytes.NewReader(file[:len(file)*share/100])); err == nil {
			t.Errorf("%d %% of a PNG were taken", share)
		}
	}
	flipped := bytes.Clone(file)
	flipped[len(flipped)-20] ^= 1 // in the checksum of the pixels
	if _, err := decodeHalfPNG(bytes.NewReader(flipped)); err == nil {
		t.Error("a PNG with a wrong checksum was taken")
	}
	_, err := decodeHalfJPEG(bytes.NewReader(sample(t, "arithmetic.jpg")))
	expectCode(t, format{name: "JPEG"}.refusal(&source{}, err), callboard.CodeUnsupported)
}

// Pictures of more than 16 megapixels, turned and not, are decoded to half their size, and nobody sees it.
func TestLargePictures(t *testing.T) {
	t.Parallel()
	stored := quarters(4201, 4099)
	for name, file := range map[string][]byte{"JPEG": asJPEG(t, stored), "PNG": asPNG(t, stored)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, m := makeOne(t, file, Size{"", 2048, 2048})
			if want := fit(4201, 4099, Size{"", 2048, 2048}); p.Width != want.X || p.Height != want.Y {
				t.Errorf("%d x %d, want %v", p.Width, p.Height, want)
			}
			expectQuarters(t, m)
		})
	}
	t.Run("turned", func(t *testing.T) {
		t.Parallel()
		p, _ := makeOne(t, jpegWithEXIF(asJPEG(t, stored), 6), Size{"", 640, 640})
		if want := fit(4099, 4201, Size{"", 640, 640}); p.Width != want.X || p.Height != want.Y {
			t.Errorf("%d x %d, want %v", p.Width, p.Height, want)
		}
	})
	t.Run("100 megapixels", func(t *testing.T) {
		t.Parallel()
		p, m := makeOne(t, inflating(t, 0), Size{"", 320, 320})
		if p.Width != 320 || p.Height != 320 {
			t.Errorf("%d x %d", p.Width, p.Height)
		}
		expectColor(t, m, 160, 160, color.NRGBA{A: 255})
	})
}

func FuzzHalf(f *testing.F) {
	for _, file := range jpegVarieties(f) {
		f.Add(file)
	}
	f.Add(asPNG(f, quarters(9, 7)))
	f.Add(asPNG(f, paletted(5, 5, red, none)))
	f.Fuzz(func(t *testing.T, file []byte) {
		decode, config := decodeHalfJPEG, jpeg.DecodeConfig
		if bytes.HasPrefix(file, []byte(pngSignature)) {
			decode, config = decodeHalfPNG, png.DecodeConfig
		}
		c, err := config(bytes.NewReader(file))
		if err != nil || c.Width*c.Height > 1<<18 {
			return // not decoded, or takes too long here
		}
		if m, err := decode(bytes.NewReader(file)); err == nil && m.Bounds().Size() != image.Pt(ceil(c.Width, 2), ceil(c.Height, 2)) {
			t.Errorf("%d x %d is decoded to %v", c.Width, c.Height, m.Bounds())
		}
	})
}
