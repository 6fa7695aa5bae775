package thumbnail

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"

	"github.com/callboard/callboard"
)

// The limits of what is decoded. The header tells how many pixels there are, and the format how many bytes one takes at
// most. That is more than most files take: a colour JPEG has room for 76 megapixels, a progressive one for 28, a PNG for 89
// (44 with 16 bits a channel), and a WebP for 67.
const (
	maxPixels = 100_000_000
	maxSide   = 30_000
	maxMemory = 512 << 20 // bytes that decoding may take
	maxScans  = 100       // of a JPEG; cameras and tools write about ten, and each is a walk over the whole picture
)

// check refuses pictures that are too large to be decoded.
func (f format) check(s *source, config image.Config) error {
	if min(config.Width, config.Height) < 1 {
		return damaged(errors.New("no pixels"))
	}
	pixels := config.Width * config.Height
	if max(config.Width, config.Height) > maxSide || pixels > maxPixels {
		return callboard.Errorf(callboard.CodeInvalid,
			"this picture is too large: thumbnails are made of at most 100 megapixels and 30,000 pixels a side")
	}
	bytes, err := f.bytesPerPixel(s, config.ColorModel)
	if err != nil {
		return f.refusal(s, err)
	}
	if bytes*pixels > maxMemory {
		return callboard.Wrap(fmt.Errorf("decoding may take %d bytes", bytes*pixels), callboard.CodeInvalid,
			"this picture is too large: decoding it would take too much memory")
	}
	return nil
}

// pngBytes allows for a transparent colour, which makes grey pictures decode to four channels and is noted only after the
// header, and for interlacing, whose largest pass is half the picture.
func pngBytes(_ *source, model color.Model) (int, error) {
	switch model {
	case color.Gray16Model, color.RGBA64Model, color.NRGBA64Model:
		return 8 + 4, nil
	}
	if _, ok := model.(color.Palette); ok {
		return 1 + 1, nil
	}
	return 4 + 2, nil
}

// gifBytes counts the frame, and the canvas when they differ.
func gifBytes(*source, color.Model) (int, error) { return 1 + 1, nil }

// webpBytes counts the pixels, and once more for undoing a transform: the header does not tell lossless from lossy.
func webpBytes(*source, color.Model) (int, error) { return 4 + 4, nil }

// jpegBytes counts the samples, without subsampling, and the conversion that an Adobe segment may ask for anywhere.
func jpegBytes(s *source, model color.Model) (int, error) {
	b, err := s.start()
	if err != nil {
		return 0, err
	}
	progressive, scans, err := walkJPEG(b)
	if err != nil {
		return 0, err
	}
	if scans > maxScans {
		return 0, errors.New("too many scans")
	}
	samples := 3
	switch model {
	case color.GrayModel:
		samples = 1
	case color.CMYKModel:
		samples = 4
	}
	if progressive {
		samples *= 1 + 4 // the coefficients are kept, as 32 bits
	}
	return samples + 4, nil
}

// walkJPEG goes from segment to segment, as lenient as image/jpeg: bytes between them are skipped.
func walkJPEG(b *bufio.Reader) (progressive bool, scans int, err error) {
	if _, err := b.Discard(len("\xff\xd8")); err != nil {
		return false, 0, err
	}
	for {
		marker, err := nextMarker(b)
		if errors.Is(err, io.EOF) || marker == 0xd9 { // end of the picture
			return progressive, scans, nil
		}
		if err != nil {
			return false, 0, err
		}
		switch {
		case marker >= 0xd0 && marker <= 0xd7: // restart: it has no length
			continue
		case marker == 0xc2: // progressive frame
			progressive = true
		case marker == 0xda: // scan
			scans++
		}
		length, err := b.Peek(2)
		if err == nil {
			_, err = b.Discard(int(length[0])<<8 | int(length[1]))
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return false, 0, err
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
