package thumbnail

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"

	"callboard"
)

const (
	maxPixels = 100_000_000
	maxSide   = 30_000
	maxMemory = 256 << 20 // bytes that decoding may take
	bigMemory = 64 << 20  // bytes from which on leftovers are collected at once
	maxScans  = 100       // of a JPEG; cameras and tools write about ten
)

// check refuses pictures that are too large to be decoded, going by their header. It returns the bytes that decoding takes.
func (f format) check(s *source, config image.Config) (int64, error) {
	if min(config.Width, config.Height) < 1 {
		return 0, damaged(errors.New("no pixels"))
	}
	if max(config.Width, config.Height) > maxSide || config.Width*config.Height > maxPixels {
		return 0, callboard.Errorf(callboard.CodeInvalid,
			"this picture is too large: thumbnails are made of at most 100 megapixels and 30,000 pixels a side")
	}
	memory, err := f.memory(s, config)
	if err != nil {
		return 0, f.refusal(s, err)
	}
	if memory > maxMemory {
		return 0, invalid(fmt.Errorf("decoding would take %d bytes", memory),
			"this picture is too large: decoding it would take too much memory")
	}
	return memory, nil
}

// pngMemory allows for a transparent colour, which makes grey pictures decode to four channels and is noted only after the
// header, and for the passes of an interlaced file, of which the largest is half the picture.
func pngMemory(s *source, config image.Config) (int64, error) {
	b, err := s.start()
	if err != nil {
		return 0, err
	}
	head, err := b.Peek(29)
	if err != nil {
		return 0, err
	}
	pixels := int64(config.Width) * int64(config.Height)
	bytes := 4 * pixels
	switch config.ColorModel {
	case color.Gray16Model, color.RGBA64Model, color.NRGBA64Model:
		bytes = 8 * pixels
	default:
		if _, ok := config.ColorModel.(color.Palette); ok {
			bytes = pixels
		}
	}
	if head[28] != 0 {
		bytes += bytes / 2
	}
	return bytes, nil
}

// gifMemory counts the frame, and the canvas when they differ.
func gifMemory(_ *source, config image.Config) (int64, error) {
	return 2 * int64(config.Width) * int64(config.Height), nil
}

// webpMemory counts the worst case, since the header does not tell lossless from lossy: the pixels, and once more for
// undoing a transform.
func webpMemory(_ *source, config image.Config) (int64, error) {
	return 8 * int64(config.Width) * int64(config.Height), nil
}

// jpegMemory reads the frame header, because the subsampling, and whether coefficients have to be kept, decide. It also
// refuses files with so many scans that decoding would take minutes, which are made only for that.
func jpegMemory(s *source, config image.Config) (int64, error) {
	b, err := s.start()
	if err != nil {
		return 0, err
	}
	frame, err := readJPEGFrame(b)
	if err != nil {
		return 0, err
	}
	if err := frame.readScans(b); err != nil {
		return 0, err
	}
	if frame.scans > maxScans {
		return 0, errors.New("too many scans")
	}
	bytes := frame.samples()
	if frame.progressive {
		bytes *= 1 + 4 // coefficients are kept as 32 bits
	}
	if frame.converted || config.ColorModel == color.RGBAModel || config.ColorModel == color.CMYKModel {
		bytes += 4 * int64(config.Width) * int64(config.Height)
	}
	return bytes, nil
}

// Markers of JPEG segments.
const (
	markerScan  = 0xda
	markerAdobe = 0xee
)

// jpegFrame is what decides how much a JPEG takes.
type jpegFrame struct {
	progressive   bool
	converted     bool // perhaps: an Adobe segment may ask for another colour space, wherever it stands
	width, height int
	sampling      [][2]int // of each component: horizontal and vertical factor
	scans         int
}

// samples counts the samples of all components, with the padding to whole blocks.
func (f jpegFrame) samples() int64 {
	h, v := 1, 1
	for _, s := range f.sampling {
		h, v = max(h, s[0]), max(v, s[1])
	}
	across, down := (f.width+8*h-1)/(8*h), (f.height+8*v-1)/(8*v)
	n := int64(0)
	for _, s := range f.sampling {
		n += int64(across) * int64(down) * 64 * int64(s[0]*s[1])
	}
	return n
}

// readJPEGFrame walks the segments up to the frame header, as lenient as image/jpeg: bytes between segments are skipped.
func readJPEGFrame(b *bufio.Reader) (jpegFrame, error) {
	if _, err := b.Discard(2); err != nil {
		return jpegFrame{}, err
	}
	adobe := false
	for {
		marker, err := nextMarker(b)
		if err != nil {
			return jpegFrame{}, err
		}
		adobe = adobe || marker == markerAdobe
		if marker >= 0xd0 && marker <= 0xd7 {
			continue
		}
		head, err := b.Peek(2)
		if err != nil {
			return jpegFrame{}, err
		}
		length := int(head[0])<<8 | int(head[1])
		switch {
		case length < 2 || marker == 0xd9 || marker == markerScan:
			return jpegFrame{}, errors.New("no frame header")
		case marker >= 0xc0 && marker <= 0xc2:
			f, err := parseJPEGFrame(b, marker, length)
			f.converted = adobe
			return f, err
		}
		if _, err := b.Discard(length); err != nil {
			return jpegFrame{}, err
		}
	}
}

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

// parseJPEGFrame reads length bytes: the length itself, precision, height, width, and three bytes for each component.
func parseJPEGFrame(b *bufio.Reader, marker byte, length int) (jpegFrame, error) {
	if length > 8+3*4 {
		return jpegFrame{}, errors.New("too many components")
	}
	p, err := b.Peek(length)
	if err != nil {
		return jpegFrame{}, err
	}
	if length < 8 || length != 8+3*int(p[7]) {
		return jpegFrame{}, errors.New("bad frame header")
	}
	f := jpegFrame{progressive: marker == 0xc2, height: int(p[3])<<8 | int(p[4]), width: int(p[5])<<8 | int(p[6])}
	for ; len(p) > 8; p = p[:len(p)-3] {
		hv := p[len(p)-2]
		f.sampling = append(f.sampling, [2]int{int(hv >> 4), int(hv & 0x0f)})
	}
	if len(f.sampling) == 1 {
		f.sampling[0] = [2]int{1, 1}
	}
	return f, nil
}

// readScans notes what matters of the rest of the file. Markers cannot occur in compressed data; those that seem to be in
// other segments do no harm.
func (f *jpegFrame) readScans(b *bufio.Reader) error {
	for {
		marker, err := nextMarker(b)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch marker {
		case markerScan:
			f.scans++
		case markerAdobe:
			f.converted = true
		}
	}
}
