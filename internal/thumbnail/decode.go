package thumbnail

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"runtime"
	"slices"

	"github.com/bep/imagemeta"
	"golang.org/x/image/webp"

	"github.com/callboard/callboard"
)

// source reads a file for decoders: ctx ends it, and a failure to read is kept separate from a bad file.
type source struct {
	ctx context.Context
	r   io.ReadSeeker
	err error
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return 0, err
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = fmt.Errorf("read a picture: %w", err)
	}
	return n, err
}

// Seek does not note failures: a metadata reader may be led to seek anywhere.
func (s *source) Seek(offset int64, whence int) (int64, error) {
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return 0, err
	}
	return s.r.Seek(offset, whence)
}

// start goes back to the beginning and returns a buffered reader.
func (s *source) start() (*bufio.Reader, error) {
	if _, err := s.Seek(0, io.SeekStart); err != nil {
		s.err = cmp.Or(s.err, fmt.Errorf("read a picture: %w", err))
		return nil, s.err
	}
	return bufio.NewReaderSize(s, 32<<10), nil
}

// format is how files of one kind are read. It does not depend on what else the program registers with package image.
type format struct {
	name   string
	config func(io.Reader) (image.Config, error)
	// plan says how a picture of that size and those colours is decoded.
	plan func(*source, image.Config) (plan, error)
	exif imagemeta.ImageFormat // ImageFormatAuto where the format has none
}

// formatOf detects the format from the first bytes of a file.
func formatOf(head []byte) (format, bool) {
	starts := func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }
	switch {
	case starts("\xff\xd8\xff"):
		return format{"JPEG", jpeg.DecodeConfig, planJPEG, imagemeta.JPEG}, true
	case starts("\x89PNG\r\n\x1a\n"):
		return format{"PNG", png.DecodeConfig, planPNG, imagemeta.PNG}, true
	case starts("GIF87a"), starts("GIF89a"):
		return format{"GIF", gif.DecodeConfig, planGIF, imagemeta.ImageFormatAuto}, true
	case starts("RIFF") && len(head) >= 12 && string(head[8:12]) == "WEBP":
		return format{"WebP", webp.DecodeConfig, planWebP, imagemeta.WebP}, true
	}
	return format{}, false
}

// open checks a file and decodes it.
func open(ctx context.Context, r io.ReadSeeker) (original, error) {
	s := &source{ctx: ctx, r: r}
	b, err := s.start()
	if err != nil {
		return original{}, err
	}
	head, _ := b.Peek(headSize)
	f, ok := formatOf(head)
	if !ok {
		if s.err != nil {
			return original{}, s.err
		}
		return original{}, callboard.Errorf(callboard.CodeInvalid, "this file is not a JPEG, PNG, GIF or WebP picture")
	}
	return f.open(s)
}

const (
	headSize   = 12
	bigPicture = 8_000_000 // pixels
)

func (f format) open(s *source) (original, error) {
	config, err := read(s, f.config)
	if err != nil {
		return original{}, f.refusal(s, err)
	}
	p, err := f.check(s, config)
	if err != nil {
		return original{}, err
	}
	m, err := read(s, p.decode)
	if err != nil {
		return original{}, f.refusal(s, err)
	}
	if config.Width*config.Height > bigPicture {
		runtime.GC() // what a decoder leaves, up to four times the picture, would add to what the next one takes
	}
	size := image.Pt(config.Width, config.Height)
	expected := size
	if p.half {
		expected = image.Pt(ceil(size.X, 2), ceil(size.Y, 2))
	}
	if m.Bounds().Size() != expected {
		return original{}, damaged(errors.New("the size is not the announced one"))
	}
	orientation := f.orientation(s)
	if err := s.ctx.Err(); err != nil {
		return original{}, err
	}
	return original{m, size, orientation}, nil
}

// read runs a decoder from the beginning of the file. A panic of the decoder becomes an error.
func read[T any](s *source, decode func(io.Reader) (T, error)) (v T, err error) {
	b, err := s.start()
	if err != nil {
		return v, err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the decoder panicked: %v", p)
		}
	}()
	return decode(b)
}

// refusal returns the error for people to a decoder's error.
func (f format) refusal(s *source, err error) error {
	if s.err != nil {
		return s.err
	}
	_, badJPEG := errors.AsType[jpeg.UnsupportedError](err)
	_, badPNG := errors.AsType[png.UnsupportedError](err)
	if badJPEG || badPNG {
		return callboard.Wrap(err, callboard.CodeUnsupported, "thumbnails of this variety of "+f.name+" are not made")
	}
	return damaged(err)
}

// orientation returns 1, as it is stored, when the file notes nothing or nothing sensible.
func (f format) orientation(s *source) int {
	found := 1
	if f.exif == imagemeta.ImageFormatAuto {
		return found
	}
	if _, err := s.start(); err != nil {
		return found
	}
	// Broken metadata do not spoil a picture that was read: the error means no orientation.
	_, _ = imagemeta.Decode(imagemeta.Options{
		R:           s,
		ImageFormat: f.exif,
		Sources:     imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool {
			return tag.Namespace == "IFD0" && tag.Tag == "Orientation"
		},
		HandleTag: func(tag imagemeta.TagInfo) error {
			if v, ok := tag.Value.(uint16); ok && v >= 1 && v <= 8 {
				found = int(v)
			}
			return imagemeta.ErrStopWalking
		},
	})
	return found
}

// decodeGIF returns the first frame on the whole canvas, of which it may cover only a part.
func decodeGIF(r io.Reader) (image.Image, error) {
	b := bufio.NewReader(r) // r itself, when it is buffered
	head, err := b.Peek(10)
	if err != nil {
		return nil, err
	}
	canvas := image.Rect(0, 0, int(head[6])|int(head[7])<<8, int(head[8])|int(head[9])<<8)
	m, err := gif.Decode(b)
	if err != nil {
		return nil, err
	}
	frame, ok := m.(*image.Paletted)
	if !ok || frame.Rect == canvas {
		return m, nil
	}
	return onCanvas(frame, canvas), nil
}

func onCanvas(frame *image.Paletted, canvas image.Rectangle) *image.Paletted {
	m := image.NewPaletted(canvas, slices.Clone(frame.Palette))
	if empty := transparentIndex(m); empty != 0 {
		for i := range m.Pix {
			m.Pix[i] = empty
		}
	}
	for y := frame.Rect.Min.Y; y < frame.Rect.Max.Y; y++ {
		copy(m.Pix[m.PixOffset(frame.Rect.Min.X, y):], frame.Pix[frame.PixOffset(frame.Rect.Min.X, y):][:frame.Rect.Dx()])
	}
	return m
}

// transparentIndex returns the colour for what the frame leaves out. A full palette without a transparent one gives its
// first colour.
func transparentIndex(m *image.Paletted) uint8 {
	for i, c := range m.Palette {
		if _, _, _, a := c.RGBA(); a == 0 {
			return uint8(i)
		}
	}
	if len(m.Palette) < 256 {
		m.Palette = append(m.Palette, image.Transparent.C)
		return uint8(len(m.Palette) - 1)
	}
	return 0
}
