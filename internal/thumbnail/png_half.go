package thumbnail

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/png"
	"io"

	"golang.org/x/image/draw"
)

const pngSignature = "\x89PNG\r\n\x1a\n"

// halfPNG reads a PNG that is not interlaced row by row, in the bytes of its kind of pixels.
type halfPNG struct {
	header     []byte // content of IHDR
	before     []byte // the chunks for colours before the pixels, whole
	pixels     io.Reader
	row, above []byte // unfiltered
}

// decodeHalfPNG returns a PNG that is not interlaced at half its width and height: 1 byte for each pixel of the file. It has
// image/png decode bands of rows, each as a PNG of its own that is not compressed, so that all kinds of pixels are read.
func decodeHalfPNG(r io.Reader) (image.Image, error) {
	p, err := newHalfPNG(bufio.NewReader(r))
	if err != nil {
		return nil, err
	}
	width, height := int(binary.BigEndian.Uint32(p.header)), int(binary.BigEndian.Uint32(p.header[4:]))
	half := image.NewRGBA(image.Rect(0, 0, ceil(width, 2), ceil(height, 2)))
	average := draw.Kernel{Support: 0.5, At: func(float64) float64 { return 1 }}
	rows := max(2, bandBytes/(16*width)&^1) // scaling takes 32 bytes for each pixel of a row, and half the width
	for y := 0; y < height; y += rows {
		n := min(rows, height-y)
		band, err := p.band(n)
		if err != nil {
			return nil, err
		}
		average.Scale(half, image.Rect(0, y/2, half.Rect.Max.X, ceil(y+n, 2)), band, band.Bounds(), draw.Src, nil)
	}
	if _, err := io.ReadFull(p.pixels, make([]byte, 1)); !errors.Is(err, io.EOF) { // the checksum is looked at behind the last row
		return nil, png.FormatError("pixel data")
	}
	return half, nil
}

// newHalfPNG reads up to the pixels.
func newHalfPNG(b *bufio.Reader) (*halfPNG, error) {
	p := &halfPNG{}
	if _, err := b.Discard(len(pngSignature)); err != nil {
		return nil, err
	}
	for {
		head, err := b.Peek(8)
		if err != nil {
			return nil, err
		}
		length, name := int(binary.BigEndian.Uint32(head)), string(head[4:])
		switch {
		case name == "IDAT":
			p.pixels, err = zlib.NewReader(&pngData{b: b})
			return p, err
		case name == "IHDR" && length == 13, name == "PLTE" && length <= 3*256, name == "tRNS" && length <= 256:
			chunk := make([]byte, 8+length+4)
			if _, err := io.ReadFull(b, chunk); err != nil {
				return nil, err
			}
			if name != "IHDR" {
				p.before = append(p.before, chunk...)
				continue
			}
			p.header = chunk[8:21]
			p.row = make([]byte, ceil(int(binary.BigEndian.Uint32(p.header))*p.bitsPerPixel(), 8))
			p.above = make([]byte, len(p.row))
		default:
			if _, err := b.Discard(8 + length + 4); err != nil {
				return nil, err
			}
		}
	}
}

func (p *halfPNG) bitsPerPixel() int {
	channels := map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[p.header[9]]
	return channels * int(p.header[8])
}

// band decodes the next rows.
func (p *halfPNG) band(rows int) (image.Image, error) {
	var pixels bytes.Buffer
	stored, err := zlib.NewWriterLevel(&pixels, zlib.NoCompression)
	if err != nil {
		return nil, err
	}
	for range rows {
		if err := p.nextRow(); err != nil {
			return nil, err
		}
		_, _ = stored.Write([]byte{0}) // not filtered; a bytes.Buffer takes all
		_, _ = stored.Write(p.row)
	}
	if err := stored.Close(); err != nil {
		return nil, err
	}
	header := bytes.Clone(p.header)
	binary.BigEndian.PutUint32(header[4:], uint32(rows))
	file := [][]byte{[]byte(pngSignature), newPNGChunk("IHDR", header), p.before, newPNGChunk("IDAT", pixels.Bytes()), newPNGChunk("IEND", nil)}
	readers := make([]io.Reader, len(file))
	for i := range file {
		readers[i] = bytes.NewReader(file[i])
	}
	return png.Decode(io.MultiReader(readers...))
}

func newPNGChunk(name string, content []byte) []byte {
	b := binary.BigEndian.AppendUint32(make([]byte, 0, 12+len(content)), uint32(len(content)))
	b = append(append(b, name...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// nextRow unfilters a row (PNG specification, section 9.2).
func (p *halfPNG) nextRow() error {
	p.row, p.above = p.above, p.row
	var filter [1]byte
	if _, err := io.ReadFull(p.pixels, filter[:]); err != nil {
		return err
	}
	if _, err := io.ReadFull(p.pixels, p.row); err != nil {
		return err
	}
	if filter[0] > 4 {
		return png.FormatError("filter")
	}
	pixel := max(1, p.bitsPerPixel()/8) // bytes
	for i := range p.row {
		var left, corner int
		up := int(p.above[i])
		if i >= pixel {
			left, corner = int(p.row[i-pixel]), int(p.above[i-pixel])
		}
		switch filter[0] {
		case 1:
			p.row[i] += byte(left)
		case 2:
			p.row[i] += byte(up)
		case 3:
			p.row[i] += byte((left + up) / 2)
		case 4:
			p.row[i] += byte(paeth(left, up, corner))
		}
	}
	return nil
}

// paeth returns which of a pixel's neighbours is nearest to left + up - corner.
func paeth(left, up, corner int) int {
	distance := func(v int) int { d := left + up - corner - v; return max(d, -d) }
	switch l, u, c := distance(left), distance(up), distance(corner); {
	case l <= u && l <= c:
		return left
	case u <= c:
		return up
	}
	return corner
}

// pngData reads the contents of the IDAT chunks that follow one another.
type pngData struct {
	b    *bufio.Reader
	left int // of the chunk that is read
	open bool
}

func (d *pngData) Read(dst []byte) (int, error) {
	for d.left == 0 {
		if d.open {
			if _, err := d.b.Discard(4); err != nil { // its checksum: zlib has one for all of them
				return 0, err
			}
		}
		head, err := d.b.Peek(8)
		if err != nil {
			return 0, err
		}
		if string(head[4:]) != "IDAT" {
			return 0, io.ErrUnexpectedEOF
		}
		d.left, d.open = int(binary.BigEndian.Uint32(head)), true
		if _, err := d.b.Discard(8); err != nil {
			return 0, err
		}
	}
	n, err := d.b.Read(dst[:min(len(dst), d.left)])
	d.left -= n
	return n, err
}
