package thumbnail

import (
	"bufio"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/callboard/callboard"
)

// The limits of what is decoded. The header tells how many pixels there are, and the kind of file how many bytes one takes at most.
const (
	maxPixels = 100_000_000
	maxSide   = 30_000
	maxMemory = 512 << 20 // bytes that decoding may take
	maxScans  = 100       // of a JPEG; cameras and tools write about ten, and each is a walk over the whole picture

	// halfFrom is from how many pixels on a JPEG or PNG is decoded to half its width and height: no thumbnail is larger than
	// that, and it takes a quarter of the memory or less.
	halfFrom = 4 * maxBox * maxBox
)

// plan is how a picture is decoded.
type plan struct {
	decode        func(io.Reader) (image.Image, error)
	half          bool // decode returns half the width and height, rounded up
	bytesPerPixel int  // of the file, that decoding takes at most
	kind          string
}

// check returns how a picture is decoded, unless it is too large for that.
func (f format) check(s *source, config image.Config) (plan, error) {
	if min(config.Width, config.Height) < 1 {
		return plan{}, damaged(errors.New("no pixels"))
	}
	pixels := config.Width * config.Height
	if max(config.Width, config.Height) > maxSide || pixels > maxPixels {
		return plan{}, callboard.Errorf(callboard.CodeInvalid,
			"this picture is too large: thumbnails are made of at most 100 megapixels and 30,000 pixels a side")
	}
	p, err := f.plan(s, config)
	if err != nil {
		return plan{}, f.refusal(s, err)
	}
	if p.bytesPerPixel*pixels > maxMemory {
		return plan{}, callboard.Errorf(callboard.CodeInvalid,
			"this picture is too large: thumbnails of %s are made of at most %d megapixels, since decoding may take 512 MB",
			p.kind, maxMemory/p.bytesPerPixel/1_000_000)
	}
	return p, nil
}

// planPNG allows for a transparent colour, which makes grey pictures decode to four channels and is noted only after the
// header, and for interlacing, whose passes together are as large as the picture: measured, most of them are still there at the end.
func planPNG(s *source, config image.Config) (plan, error) {
	b, err := s.start()
	if err != nil {
		return plan{}, err
	}
	head, err := b.Peek(29)
	if err != nil {
		return plan{}, err
	}
	interlaced := head[28] != 0
	if !interlaced && config.Width*config.Height > halfFrom {
		return plan{decodeHalfPNG, true, 2, "a PNG"}, nil
	}
	switch config.ColorModel {
	case color.Gray16Model, color.RGBA64Model, color.NRGBA64Model:
		return plan{png.Decode, false, 8 + 8, "an interlaced PNG with 16 bits a channel"}, nil
	}
	return plan{png.Decode, false, 4 + 4, "an interlaced PNG"}, nil
}

// planGIF counts the frame, and the canvas when they differ.
func planGIF(*source, image.Config) (plan, error) { return plan{decodeGIF, false, 1 + 1, "a GIF"}, nil }

// planWebP counts what package webp makes: of a lossless picture the pixels, half as much for a palette that is packed, and what it
// predicts by; of a lossy one a brightness for each pixel and a quarter of two colours; and transparency, which it decodes like a
// lossless picture before.
func planWebP(s *source, config image.Config) (plan, error) {
	b, err := s.start()
	if err != nil {
		return plan{}, err
	}
	picture, err := findWebP(b)
	if err != nil {
		return plan{}, err
	}
	p := plan{decodeWebP, false, 2, "a WebP"}
	switch {
	case picture.lossless:
		p.bytesPerPixel, p.kind = 7, "a lossless WebP"
	case picture.alpha:
		p.bytesPerPixel, p.kind = 7+1+2, "a lossy WebP with transparency"
	}
	if picture.animated && picture.frame != picture.canvas {
		p.bytesPerPixel, p.kind = p.bytesPerPixel+4, p.kind+" whose first frame is smaller than the picture"
	}
	return p, nil
}

// planJPEG counts the samples, without subsampling, the coefficients of a progressive picture, and the conversion that an Adobe segment
// may ask for anywhere.
func planJPEG(s *source, config image.Config) (plan, error) {
	if config.Width*config.Height > halfFrom {
		return plan{decodeHalfJPEG, true, 4, "a JPEG"}, nil // 40 bytes for 64 samples, of four colours, and a quarter of four bytes
	}
	b, err := s.start()
	if err != nil {
		return plan{}, err
	}
	scans, restarts, err := countScans(b)
	switch {
	case err != nil:
		return plan{}, err
	case scans > maxScans:
		return plan{}, errors.New("too many scans")
	case restarts: // image/jpeg counts them as if a scan of one component had those of all
		return plan{decodeHalfJPEG, true, 4, "a JPEG"}, nil
	}
	return plan{jpeg.Decode, false, 4*(1+4) + 4, "a JPEG"}, nil
}

// countScans goes from segment to segment, as lenient as image/jpeg: bytes between them are skipped. Restarts says whether the file is
// progressive and has restarts within its scans.
func countScans(b *bufio.Reader) (scans int, restarts bool, err error) {
	if _, err := b.Discard(len("\xff\xd8")); err != nil {
		return 0, false, err
	}
	progressive, interval := false, false
	for {
		marker, err := nextMarker(b)
		if errors.Is(err, io.EOF) || marker == 0xd9 { // end of the picture
			return scans, progressive && interval, nil
		}
		if err != nil {
			return 0, false, err
		}
		switch {
		case marker >= 0xd0 && marker <= 0xd7: // restart: it has no length
			continue
		case marker == 0xda: // scan
			scans++
		case marker == 0xc2:
			progressive = true
		case marker == 0xdd: // its interval follows the length
			if s, err := b.Peek(4); err == nil && (s[2] != 0 || s[3] != 0) {
				interval = true
			}
		}
		length, err := b.Peek(2)
		if err == nil {
			_, err = b.Discard(int(length[0])<<8 | int(length[1]))
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return 0, false, err
		}
	}
}

// nextMarker skips to the next marker. 0xff may be repeated before one; behind it, zero stands for data.
func nextMarker(b *bufio.Reader) (byte, error) {
	for {
		if _, err := b.ReadSlice(0xff); errors.Is(err, bufio.ErrBufferFull) {
			continue
		} else if err != nil {
			return 0, err
		}
		c, err := b.ReadByte()
		for c == 0xff && err == nil {
			c, err = b.ReadByte()
		}
		if c != 0 || err != nil {
			return c, err
		}
	}
}
