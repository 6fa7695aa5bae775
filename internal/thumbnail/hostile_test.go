package thumbnail

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"

	"golang.org/x/image/draw"

	"github.com/callboard/callboard"
)

func TestNotPictures(t *testing.T) {
	t.Parallel()
	random := make([]byte, 4096)
	for i := range random {
		random[i] = byte(rand.IntN(256))
	}
	for name, file := range map[string][]byte{
		"empty":            {},
		"random":           random,
		"html":             []byte("<!DOCTYPE html><html><body>hello</body></html>"),
		"zip":              []byte("PK\x03\x04\x14\x00\x00\x00\x08\x00 and so on"),
		"TIFF":             []byte("II*\x00\x08\x00\x00\x00"),
		"two bytes":        {0xff, 0xd8},
		"JPEG then random": append([]byte{0xff, 0xd8, 0xff}, random...),
		"PNG then random":  append([]byte("\x89PNG\r\n\x1a\n"), random...),
		"GIF then random":  append([]byte("GIF89a\x10\x00\x10\x00"), random...),
		"WebP then random": append([]byte("RIFF\x00\x10\x00\x00WEBPVP8 "), random...),
	} {
		_, err := Make(t.Context(), bytes.NewReader(file), box(32))
		if err == nil {
			t.Errorf("%s was taken", name)
			continue
		}
		if code := callboard.CodeOf(err); code != callboard.CodeInvalid && code != callboard.CodeUnsupported {
			t.Errorf("%s: %q: %v", name, code, err)
		}
	}
}

func TestTruncated(t *testing.T) {
	t.Parallel()
	few := paletted(64, 64, red, green, blue, white)
	draw.Draw(few, few.Rect, detailed(64, 64), image.Point{}, draw.Src)
	for name, file := range map[string][]byte{
		"JPEG": asJPEG(t, detailed(64, 64)), "PNG": asPNG(t, detailed(64, 64)), "progressive": sample(t, "progressive.jpg"),
		"GIF": asGIF(t, &gif.GIF{Image: []*image.Paletted{few}, Delay: []int{0}}), "lossy": sample(t, "lossy.webp"), "lossless": sample(t, "lossless.webp"),
	} {
		for _, share := range []int{5, 20, 50, 80} {
			_, err := Make(t.Context(), bytes.NewReader(file[:len(file)*share/100]), box(32))
			if callboard.CodeOf(err) != callboard.CodeInvalid {
				t.Errorf("%d %% of %s: %v", share, name, err)
			}
		}
	}
}

func TestUnsupported(t *testing.T) {
	t.Parallel()
	deep := asJPEG(t, quarters(16, 16))
	deep[bytes.Index(deep, []byte{0xff, 0xc0})+4] = 12 // bits
	for name, file := range map[string][]byte{"arithmetic JPEG": sample(t, "arithmetic.jpg"), "12 bit JPEG": deep} {
		if _, err := Make(t.Context(), bytes.NewReader(file), box(32)); callboard.CodeOf(err) != callboard.CodeUnsupported {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSizesAreChecked(t *testing.T) {
	t.Parallel()
	for _, s := range []Size{{"", 0, 10}, {"", 10, -1}, {"", maxBox + 1, 10}} {
		_, err := Make(t.Context(), bytes.NewReader(asPNG(t, quarters(4, 4))), []Size{s})
		expectCode(t, err, callboard.CodeInvalid)
	}
	if pictures, err := Make(t.Context(), bytes.NewReader(asPNG(t, quarters(4, 4))), nil); err != nil || len(pictures) != 0 {
		t.Errorf("%v, %v", pictures, err)
	}
}

// inflating is a small file of 100 megapixels, interlaced or not.
func inflating(t *testing.T, interlace byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z, row := zlib.NewWriter(&b), make([]byte, 10001)
	for range 10000 {
		if _, err := z.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	header := binary.BigEndian.AppendUint32(nil, 10000)
	header = append(binary.BigEndian.AppendUint32(header, 10000), 8, 0, 0, 0, interlace)
	return bytes.Join([][]byte{[]byte(pngSignature), pngChunk("IHDR", header), pngChunk("IDAT", b.Bytes()), pngChunk("IEND", nil)}, nil)
}

// Not parallel: it counts what is allocated.
func TestBombs(t *testing.T) {
	wide := asJPEG(t, quarters(16, 16))
	copy(wide[bytes.Index(wide, []byte{0xff, 0xc0})+5:], []byte{0xff, 0xff, 0xff, 0xff})
	progressive := sample(t, "progressive.jpg")
	last := bytes.LastIndex(progressive, []byte{0xff, 0xda})
	scans := append(bytes.Clone(progressive[:last]), bytes.Repeat(progressive[last:len(progressive)-2], maxScans)...)
	for name, file := range map[string][]byte{
		"PNG of 50,000 x 50,000": pngHeader(50000, 50000, 2),
		"PNG of 30,001 x 1":      pngHeader(30001, 1, 2),
		"PNG of 90 megapixels":   pngHeader(10000, 9000, 6),
		"PNG that inflates":      inflating(t, 1),
		"JPEG of 65,535":         wide,
		"JPEG of many scans":     append(scans, 0xff, 0xd9),
		"GIF of 65,535":          []byte("GIF89a\xff\xff\xff\xff\x00\x00\x00,"),
		"WebP of 16,384":         []byte("RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\xff\x3f\x00\xff\x3f\x00ALPH"),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Make(t.Context(), bytes.NewReader(file), box(32))
		runtime.ReadMemStats(&after)
		if callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > 1<<20 {
			t.Errorf("%s took %d bytes", name, took)
		}
	}
}

// What is said of the limits, and each kind of file right below its own.
func TestLimits(t *testing.T) {
	t.Parallel()
	interlaced, deep := inflating(t, 1), inflating(t, 1)
	deep[24] = 16
	for name, tt := range map[string]struct {
		file []byte
		most int // megapixels; 0: any that are allowed
		kind string
	}{
		"JPEG":           {file: asJPEG(t, quarters(16, 16))},
		"progressive":    {file: sample(t, "progressive.jpg")},
		"PNG":            {file: pngHeader(10, 10, 6)},
		"GIF":            {file: []byte("GIF89a")},
		"lossy":          {file: sample(t, "lossy.webp")},
		"interlaced":     {interlaced, 67, "an interlaced PNG"},
		"interlaced 16":  {deep, 33, "an interlaced PNG with 16 bits a channel"},
		"lossless":       {sample(t, "lossless.webp"), 76, "a lossless WebP"},
		"lossy alpha":    {sample(t, "alpha.webp"), 53, "a lossy WebP with transparency"},
		"part of canvas": {animatedWebP(sample(t, "lossy.webp"), image.Pt(100, 100), image.Rect(0, 0, 64, 48)), 89, "a WebP whose first frame is smaller than the picture"},
	} {
		f, _ := formatOf(tt.file)
		model := color.NRGBAModel
		if tt.most == 33 {
			model = color.NRGBA64Model
		}
		check := func(megapixels int) error {
			_, err := f.check(&source{ctx: t.Context(), r: bytes.NewReader(tt.file)}, image.Config{ColorModel: model, Width: 10_000, Height: 100 * megapixels})
			return err
		}
		if tt.most == 0 {
			if err := check(100); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		want := fmt.Sprintf("this picture is too large: thumbnails of %s are made of at most %d megapixels, since decoding may take 512 MB", tt.kind, tt.most)
		if err := check(tt.most); err != nil {
			t.Errorf("%s at its limit: %v", name, err)
		}
		if err := check(tt.most + 1); callboard.CodeOf(err) != callboard.CodeInvalid || messageOf(err) != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

// ending cancels once so many bytes were read.
type ending struct {
	*bytes.Reader
	after  int
	cancel func()
}

func (e *ending) Read(p []byte) (int, error) {
	n, err := e.Reader.Read(p)
	if e.after -= n; e.after < 0 {
		e.cancel()
	}
	return n, err
}

func TestContext(t *testing.T) {
	t.Parallel()
	file := asJPEG(t, detailed(800, 800))
	for _, after := range []int{-1, 1, len(file) / 2, 2 * len(file)} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := Make(ctx, &ending{bytes.NewReader(file), after, cancel}, box(32))
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled after %d bytes: %v", after, err)
		}
		cancel()
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := scale(ctx, quarters(64, 64), 32, 32); !errors.Is(err, context.Canceled) {
		t.Errorf("scaling: %v", err)
	}
}

// broken is a disk that fails.
type broken struct{ *bytes.Reader }

func (b broken) Read(p []byte) (int, error) {
	if b.Len() < 1000 {
		return 0, io.ErrClosedPipe
	}
	return b.Reader.Read(p[:min(len(p), 100)])
}

func TestReadErrorsAreNotTheFilesFault(t *testing.T) {
	t.Parallel()
	for _, file := range [][]byte{asJPEG(t, detailed(100, 100)), asPNG(t, detailed(100, 100)), {}} {
		_, err := Make(t.Context(), broken{bytes.NewReader(file)}, box(32))
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("%v", err)
		}
		expectCode(t, err, callboard.CodeInternal)
	}
}

func TestPanicsAreContained(t *testing.T) {
	t.Parallel()
	bad := func(io.Reader) (image.Image, error) { panic("out of range") }
	f, _ := formatOf(asPNG(t, quarters(4, 4)))
	f.plan = func(*source, image.Config) (plan, error) { return plan{decode: bad}, nil }
	_, err := f.open(&source{ctx: t.Context(), r: bytes.NewReader(asPNG(t, quarters(4, 4)))})
	expectCode(t, err, callboard.CodeInvalid)
}
