package thumbnail

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/draw"
	"io"

	"golang.org/x/image/webp"
)

// webpPicture is the picture in a WebP file, in an animated one the first.
type webpPicture struct {
	canvas                    image.Rectangle // empty in the simple form of the format, which has none
	frame                     image.Rectangle // where the picture is on the canvas
	animated, lossless, alpha bool
	file                      io.Reader // a WebP file with nothing but this picture
}

// findWebP reads up to the picture. Package webp reads no animations, and takes a file for broken that only says it were transparent.
func findWebP(r io.Reader) (webpPicture, error) {
	b := bufio.NewReader(r)
	var p webpPicture
	if _, err := b.Discard(len("RIFF....WEBP")); err != nil {
		return p, err
	}
	for {
		head, err := b.Peek(8)
		if err != nil {
			return p, err
		}
		name, size := string(head[:4]), int(binary.LittleEndian.Uint32(head[4:]))
		var fields [16]byte
		switch name {
		case "ALPH", "VP8 ", "VP8L":
			p.alpha, p.lossless = name == "ALPH", name == "VP8L"
			p.file = io.MultiReader(bytes.NewReader(p.head()), b)
			return p, nil
		case "ANMF": // what follows its fields are chunks again
			_, err := b.Discard(8)
			if err == nil {
				_, err = io.ReadFull(b, fields[:])
			}
			if err != nil {
				return p, err
			}
			corner := image.Pt(2*uint24(fields[0:]), 2*uint24(fields[3:]))
			p.frame = image.Rectangle{Max: image.Pt(uint24(fields[6:])+1, uint24(fields[9:])+1)}.Add(corner)
			if p.animated = true; !p.frame.In(p.canvas) {
				return p, errors.New("a frame that is not on the canvas")
			}
			continue
		case "VP8X":
			peeked, err := b.Peek(8 + 10)
			if err != nil {
				return p, err
			}
			p.canvas.Max = image.Pt(uint24(peeked[12:])+1, uint24(peeked[15:])+1)
			p.frame = p.canvas
		}
		if _, err := b.Discard(8 + size + size%2); err != nil {
			return p, err
		}
	}
}

func uint24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

// head is what comes before the picture in a file of its own. In the extended form that names the size, which the decoder compares.
func (p webpPicture) head() []byte {
	b := []byte("RIFF\xfe\xff\xff\xffWEBP") // the size of the file is not known; this is the largest
	if p.frame.Empty() {
		return b
	}
	b = append(b, "VP8X\x0a\x00\x00\x00\x00\x00\x00\x00"...)
	if p.alpha {
		b[len(b)-4] = 1 << 4
	}
	size := p.frame.Size().Sub(image.Pt(1, 1))
	for _, v := range []int{size.X, size.Y} {
		b = append(b, byte(v), byte(v>>8), byte(v>>16))
	}
	return b
}

// decodeWebP returns the first frame of an animation on the whole canvas, which is transparent where the frame does not cover it.
func decodeWebP(r io.Reader) (image.Image, error) {
	p, err := findWebP(r)
	if err != nil {
		return nil, err
	}
	m, err := webp.Decode(p.file)
	if err != nil || !p.animated {
		return m, err
	}
	if m.Bounds().Size() != p.frame.Size() {
		return nil, errors.New("the size of the frame is not the announced one")
	}
	if p.frame == p.canvas {
		return m, nil
	}
	canvas := image.NewNRGBA(p.canvas)
	draw.Draw(canvas, p.frame, m, m.Bounds().Min, draw.Src)
	return canvas, nil
}
