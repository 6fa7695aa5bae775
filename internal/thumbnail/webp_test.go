package thumbnail

import (
	"bytes"
	"encoding/binary"
	"image"
	"testing"

	"github.com/callboard/callboard"
)

// animatedWebP makes the picture of a file the first frame of an animation.
func animatedWebP(file []byte, canvas image.Point, frame image.Rectangle) []byte {
	chunks := file[12:]
	if bytes.HasPrefix(chunks, []byte("VP8X")) {
		chunks = chunks[18:]
	}
	three := func(v int) []byte { return []byte{byte(v), byte(v >> 8), byte(v >> 16)} }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	chunk := func(name string, content []byte) []byte {
		return join([]byte(name), binary.LittleEndian.AppendUint32(nil, uint32(len(content))), content, make([]byte, len(content)%2))
	}
	fields := join(three(frame.Min.X/2), three(frame.Min.Y/2), three(frame.Dx()-1), three(frame.Dy()-1), three(100), []byte{0})
	body := join([]byte("WEBP"), chunk("VP8X", join([]byte{0x12, 0, 0, 0}, three(canvas.X-1), three(canvas.Y-1))),
		chunk("ICCP", []byte("odd")), chunk("ANIM", make([]byte, 6)), chunk("ANMF", join(fields, chunks)), chunk("ANMF", []byte("garbage")))
	return chunk("RIFF", body)
}

// The first frame of an animation is what its file shows as a still picture, on the whole canvas.
func TestAnimatedWebP(t *testing.T) {
	t.Parallel()
	if p, _ := makeOne(t, sample(t, "animated.webp"), Size{"", 64, 64}); p.Width != 32 || p.Height != 32 || p.ContentType != "image/jpeg" {
		t.Errorf("%d x %d, %s", p.Width, p.Height, p.ContentType)
	}
	for _, name := range []string{"lossy.webp", "lossless.webp", "alpha.webp"} {
		_, still := makeOne(t, sample(t, name), Size{"", 64, 64})
		p, whole := makeOne(t, animatedWebP(sample(t, name), image.Pt(64, 48), image.Rect(0, 0, 64, 48)), Size{"", 64, 64})
		if p.Width != 64 || p.Height != 48 || !sameColors(still, whole, image.Point{}) {
			t.Errorf("%s: the first frame is another picture", name)
		}
		p, part := makeOne(t, animatedWebP(sample(t, name), image.Pt(100, 80), image.Rect(20, 30, 84, 78)), Size{"", 100, 100})
		if p.Width != 100 || p.Height != 80 || p.ContentType != "image/png" || !sameColors(still, part, image.Pt(20, 30)) {
			t.Errorf("%s: %d x %d, %s", name, p.Width, p.Height, p.ContentType)
		}
		for _, at := range []image.Point{{0, 0}, {19, 40}, {99, 79}, {50, 29}} {
			if _, _, _, a := part.At(at.X, at.Y).RGBA(); a != 0 {
				t.Errorf("%s: around the frame, at %v, it is not transparent", name, at)
			}
		}
	}
}

// sameColors compares a picture with a part of another, but for what JPEG changes.
func sameColors(a, b image.Image, at image.Point) bool {
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r1, g1, b1, a1 := a.At(x, y).RGBA()
			r2, g2, b2, a2 := b.At(at.X+x, at.Y+y).RGBA()
			for _, pair := range [][2]uint32{{r1, r2}, {g1, g2}, {b1, b2}, {a1, a2}} {
				if max(pair[0], pair[1])-min(pair[0], pair[1]) > 40<<8 {
					return false
				}
			}
		}
	}
	return true
}

func TestHostileAnimatedWebP(t *testing.T) {
	t.Parallel()
	canvas, frame := image.Pt(64, 48), image.Rect(0, 0, 64, 48)
	whole := animatedWebP(sample(t, "lossy.webp"), canvas, frame)
	for name, file := range map[string][]byte{
		"beside the canvas":         animatedWebP(sample(t, "lossy.webp"), canvas, frame.Add(image.Pt(2, 0))),
		"of another size":           animatedWebP(sample(t, "lossy.webp"), image.Pt(100, 100), image.Rect(0, 0, 80, 60)),
		"lossless, of another size": animatedWebP(sample(t, "lossless.webp"), image.Pt(100, 100), image.Rect(0, 0, 80, 60)),
		"no frame":                  whole[:60],
		"truncated":                 whole[:len(whole)/2],
		"no canvas":                 append([]byte("RIFF\x00\x10\x00\x00WEBPANMF\x00\x01\x00\x00"), make([]byte, 256)...),
		"too many pixels":           animatedWebP(sample(t, "lossy.webp"), image.Pt(16_000, 16_000), frame),
	} {
		_, err := Make(t.Context(), bytes.NewReader(file), box(32))
		if callboard.CodeOf(err) != callboard.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}
