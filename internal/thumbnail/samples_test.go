package thumbnail

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

var (
	red, green = color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 255, 0, 255}
	blue       = color.NRGBA{0, 0, 255, 255}
	white      = color.NRGBA{255, 255, 255, 255}
	none       = color.NRGBA{}
)

// quarters is a picture of four coloured corners: red, green, and below blue, white.
func quarters(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetNRGBA(x, y, [][]color.NRGBA{{red, green}, {blue, white}}[2*y/height][2*x/width])
		}
	}
	return m
}

// detailed has stripes of every width, edges and noise.
func detailed(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	random := rand.New(rand.NewPCG(1, 2))
	clip := func(v float64) uint8 { return uint8(max(0, min(255, v))) }
	for y := range height {
		v := float64(y) / float64(height)
		for x := range width {
			u := float64(x) / float64(width)
			a, b := math.Sin(u*u*float64(width)/4+20*v)*60+128, math.Sin(v*v*float64(height)/4+9*u)*60+128
			noise, edge := float64(random.IntN(30)), 0.0
			if (x/37+y/53)%7 == 0 {
				edge = 60
			}
			m.SetRGBA(x, y, color.RGBA{clip(a + noise), clip(b + noise - edge), clip((a+b)/2 + edge - noise), 255})
		}
	}
	return m
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asGIF(t testing.TB, g *gif.GIF) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func paletted(width, height int, c color.Color, more ...color.Color) *image.Paletted {
	return image.NewPaletted(image.Rect(0, 0, width, height), append(color.Palette{c}, more...))
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// exif is a TIFF structure with nothing but an orientation.
func exif(orientation int, order interface {
	binary.ByteOrder
	binary.AppendByteOrder
}) []byte {
	mark := "II"
	if order.Uint16([]byte{0, 1}) == 1 {
		mark = "MM"
	}
	b := order.AppendUint16([]byte(mark), 42)
	b = order.AppendUint32(b, 8)      // where the directory begins
	b = order.AppendUint16(b, 1)      // entries
	b = order.AppendUint16(b, 0x0112) // orientation
	b = order.AppendUint16(b, 3)      // 16 bits
	b = order.AppendUint32(b, 1)
	b = order.AppendUint16(b, uint16(orientation))
	return append(b, make([]byte, 6)...) // padding, and no next directory
}

// withSegment puts a segment behind the start of a JPEG.
func withSegment(file []byte, marker byte, content []byte) []byte {
	segment := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(content)+2))
	return bytes.Join([][]byte{file[:2], segment, content, file[2:]}, nil)
}

func jpegWithEXIF(file []byte, orientation int) []byte {
	return withSegment(file, 0xe1, append([]byte("Exif\x00\x00"), exif(orientation, binary.BigEndian)...))
}

func pngChunk(name string, content []byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	b = append(append(b, name...), content...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

// pngWithEXIF puts a chunk behind the header of a PNG.
func pngWithEXIF(file []byte, orientation int) []byte {
	return bytes.Join([][]byte{file[:33], pngChunk("eXIf", exif(orientation, binary.LittleEndian)), file[33:]}, nil)
}

// pngHeader is the beginning of a PNG with 8 bits a channel.
func pngHeader(width, height uint32, colors byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, width)
	b = binary.BigEndian.AppendUint32(b, height)
	return append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", append(b, 8, colors, 0, 0, 0))...)
}

// webpWithEXIF wraps a plain WebP of the given size in the extended form.
func webpWithEXIF(file []byte, width, height, orientation int) []byte {
	chunk := func(name string, content []byte) []byte {
		b := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
		return append(append(b, content...), make([]byte, len(content)%2)...)
	}
	header := []byte{0x08, 0, 0, 0, byte(width - 1), byte((width - 1) >> 8), 0, byte(height - 1), byte((height - 1) >> 8), 0}
	body := bytes.Join([][]byte{
		[]byte("WEBP"), chunk("VP8X", header), file[12:], chunk("EXIF", exif(orientation, binary.LittleEndian)),
	}, nil)
	return chunk("RIFF", body)
}

// cmykJPEG makes an Adobe CMYK file out of four grey ones: each channel is a scan of its own. Adobe stores it inverted.
func cmykJPEG(t testing.TB, width, height int, ink [4]uint8) []byte {
	t.Helper()
	out := []byte{0xff, 0xd8}
	out = append(out, 0xff, 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0)
	for i, v := range ink {
		grey := image.NewGray(image.Rect(0, 0, width, height))
		for p := range grey.Pix {
			grey.Pix[p] = 255 - v
		}
		file := asJPEG(t, grey)
		frame, scan := bytes.Index(file, []byte{0xff, 0xc0}), bytes.Index(file, []byte{0xff, 0xda})
		if i == 0 {
			tables := file[frame+2+11 : scan]
			out = append(out, file[2:frame]...)
			out = append(out, 0xff, 0xc0, 0, 20, 8, byte(height>>8), byte(height), byte(width>>8), byte(width), 4)
			for c := range byte(4) {
				out = append(out, c+1, 0x11, 0)
			}
			out = append(out, tables...)
		}
		out = append(out, 0xff, 0xda, 0, 8, 1, byte(i+1), 0, 0, 63, 0)
		out = append(out, file[scan+2+8:len(file)-2]...)
	}
	return append(out, 0xff, 0xd9)
}
