package thumbnail

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"io"
)

// halfJPEG decodes a JPEG (ITU-T T.81: 8 bits, Huffman coded, sequential or progressive) to half its width and height.
// Package image/jpeg keeps all 64 coefficients of each block of a progressive picture, as 32 bits; at half the size 16 of them, as 16
// bits, are all that counts. So 100 megapixels take at most 350 MB, in colour without subsampling 290.
type halfJPEG struct {
	r             *bufio.Reader
	bits          bitReader
	width, height int // of the file, in pixels
	progressive   bool
	jfif          bool
	adobe         int // transform that an Adobe segment names, -1 without one
	components    []jpegComponent
	maxH, maxV    int // sampling factors
	quant         [4]*[64]uint16
	huffman       [2][4]*huffmanTable // DC and AC
	restart       int                 // MCUs between restarts, 0 without
	scans         int
	band          jpegBand // of the scan that is read
	eobRun        int      // blocks that have nothing more in this band
}

type jpegComponent struct {
	id, h, v     int
	table        int           // of quant
	across, down int           // blocks that show: those of a scan of this component alone
	stride, rows int           // blocks, padded to whole MCUs
	blocks       []jpegBlock   // stride × rows
	quant        *[64]uint16   // as it was at the first scan; nil before
	dc, ac       *huffmanTable // of the scan that is read
	previous     int           // DC
}

// jpegBlock is what is kept of 8 × 8 pixels.
type jpegBlock struct {
	low     [16]int16 // the coefficients of the 4 lowest frequencies each way, row by row
	nonzero uint64    // which of all 64 are not zero, in zigzag order: refining scans have a bit for each
}

// jpegBand says which coefficients a scan holds, from and to in zigzag order, and which bits of them.
type jpegBand struct{ from, to, high, low int }

// lowPlaces holds for a coefficient in zigzag order where it is in jpegBlock.low; 16 is nowhere, and so is all that follows.
const lowPlaces = "\x00\x01\x04\x08\x05\x02\x03\x06\x09\x0c\x10\x0d\x0a\x07\x10\x10\x10\x0b\x0e\x10\x10\x10\x10\x10\x0f"

func (b *jpegBlock) set(k, value int) {
	b.nonzero |= 1 << k
	if k < len(lowPlaces) && lowPlaces[k] < 16 {
		b.low[lowPlaces[k]] = int16(value)
	}
}

// grow adds a bit to the magnitude of a coefficient.
func (b *jpegBlock) grow(k, bit int) {
	if k >= len(lowPlaces) || lowPlaces[k] == 16 {
		return
	}
	if value := &b.low[lowPlaces[k]]; *value < 0 {
		*value -= int16(bit)
	} else {
		*value += int16(bit)
	}
}

func decodeHalfJPEG(r io.Reader) (image.Image, error) {
	b := bufio.NewReader(r)
	d := &halfJPEG{r: b, bits: bitReader{r: b}, adobe: -1}
	if _, err := b.Discard(len("\xff\xd8")); err != nil {
		return nil, err
	}
	for {
		marker, err := nextMarker(b)
		if err != nil {
			return nil, err
		}
		switch {
		case marker == 0xd9: // end of the picture
			return d.picture()
		case marker == 0x01, marker >= 0xd0 && marker <= 0xd7: // these have no length
			continue
		}
		var length [2]byte
		if _, err := io.ReadFull(b, length[:]); err != nil {
			return nil, err
		}
		segment := make([]byte, max(2, binary.BigEndian.Uint16(length[:]))-2)
		if _, err := io.ReadFull(b, segment); err != nil {
			return nil, err
		}
		if err := d.take(marker, segment); err != nil {
			return nil, err
		}
	}
}

func (d *halfJPEG) take(marker byte, segment []byte) error {
	switch marker {
	case 0xc0, 0xc1, 0xc2:
		d.progressive = marker == 0xc2
		return d.takeFrame(segment)
	case 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf:
		return jpeg.UnsupportedError("lossless, hierarchical or arithmetic coding")
	case 0xc4:
		return d.takeHuffmanTables(segment)
	case 0xdb:
		return d.takeQuantTables(segment)
	case 0xdd:
		if len(segment) != 2 {
			return jpeg.FormatError("restart interval")
		}
		d.restart = int(binary.BigEndian.Uint16(segment))
	case 0xe0:
		d.jfif = d.jfif || bytes.HasPrefix(segment, []byte("JFIF\x00"))
	case 0xee:
		if len(segment) >= 12 && bytes.HasPrefix(segment, []byte("Adobe")) {
			d.adobe = int(segment[11])
		}
	case 0xda:
		return d.takeScan(segment)
	}
	return nil
}

func (d *halfJPEG) takeFrame(s []byte) error {
	if d.components != nil || len(s) < 6 || len(s) != 6+3*int(s[5]) {
		return jpeg.FormatError("frame")
	}
	if s[0] != 8 {
		return jpeg.UnsupportedError("precision")
	}
	d.height, d.width = int(binary.BigEndian.Uint16(s[1:])), int(binary.BigEndian.Uint16(s[3:]))
	if count := s[5]; count != 1 && count != 3 && count != 4 {
		return jpeg.UnsupportedError("number of components")
	}
	d.components = make([]jpegComponent, s[5])
	for i := range d.components {
		c := &d.components[i]
		c.id, c.h, c.v, c.table = int(s[6+3*i]), int(s[7+3*i]>>4), int(s[7+3*i]&15), int(s[8+3*i])
		if len(d.components) == 1 {
			c.h, c.v = 1, 1 // whatever it says: there is nothing to be in proportion to
		}
		if min(c.h, c.v) < 1 || max(c.h, c.v) > 4 || c.table > 3 {
			return jpeg.FormatError("component")
		}
		d.maxH, d.maxV = max(d.maxH, c.h), max(d.maxV, c.v)
	}
	for i := range d.components {
		c := &d.components[i]
		if d.maxH%c.h != 0 || d.maxV%c.v != 0 {
			return jpeg.UnsupportedError("subsampling ratio")
		}
		c.across, c.down = ceil(d.width*c.h, 8*d.maxH), ceil(d.height*c.v, 8*d.maxV)
		c.stride, c.rows = ceil(d.width, 8*d.maxH)*c.h, ceil(d.height, 8*d.maxV)*c.v
		c.blocks = make([]jpegBlock, c.stride*c.rows)
	}
	return nil
}

func ceil(a, b int) int { return (a + b - 1) / b }

func (d *halfJPEG) takeQuantTables(s []byte) error {
	for len(s) > 0 {
		wide, id := int(s[0]>>4), s[0]&15
		size := 64 * (1 + wide)
		if wide > 1 || id > 3 || len(s) < 1+size {
			return jpeg.FormatError("quantization table")
		}
		table := new([64]uint16)
		for k := range table {
			if table[k] = uint16(s[1+k]); wide == 1 {
				table[k] = binary.BigEndian.Uint16(s[1+2*k:])
			}
		}
		d.quant[id], s = table, s[1+size:]
	}
	return nil
}

func (d *halfJPEG) takeHuffmanTables(s []byte) error {
	for len(s) > 0 {
		class, id := s[0]>>4, s[0]&15
		if class > 1 || id > 3 || len(s) < 17 {
			return jpeg.FormatError("Huffman table")
		}
		counts, total := s[1:17], 0
		for _, n := range counts {
			total += int(n)
		}
		if len(s) < 17+total {
			return jpeg.FormatError("Huffman table")
		}
		table, err := newHuffmanTable(counts, s[17:17+total])
		if err != nil {
			return err
		}
		d.huffman[class][id], s = table, s[17+total:]
	}
	return nil
}

// takeScan reads a scan, which follows its segment.
func (d *halfJPEG) takeScan(s []byte) error {
	if d.scans++; d.scans > maxScans {
		return jpeg.FormatError("too many scans")
	}
	if len(s) < 1 || s[0] < 1 || int(s[0]) > len(d.components) || len(s) != 4+2*int(s[0]) {
		return jpeg.FormatError("scan")
	}
	n := int(s[0])
	d.band = jpegBand{0, 63, 0, 0}
	if d.progressive {
		d.band = jpegBand{int(s[1+2*n]), int(s[2+2*n]), int(s[3+2*n] >> 4), int(s[3+2*n] & 15)}
	}
	if b := d.band; b.from > b.to || b.to > 63 || b.low > 13 || b.high > 0 && b.high != b.low+1 ||
		d.progressive && (b.from == 0 && b.to > 0 || b.from > 0 && n > 1) {
		return jpeg.FormatError("band of a scan")
	}
	var components []*jpegComponent
	for i := range n {
		c, err := d.scanned(int(s[1+2*i]), s[2+2*i])
		if err != nil {
			return err
		}
		components = append(components, c)
	}
	return d.readScan(components)
}

// scanned returns the component of an ID, with its tables.
func (d *halfJPEG) scanned(id int, tables byte) (*jpegComponent, error) {
	for i := range d.components {
		c := &d.components[i]
		if c.id != id {
			continue
		}
		if c.quant == nil {
			c.quant = d.quant[c.table]
		}
		c.dc, c.ac = d.huffman[0][tables>>4&3], d.huffman[1][tables&3]
		if c.quant == nil || c.dc == nil && d.band.from == 0 && d.band.high == 0 || c.ac == nil && d.band.to > 0 {
			return nil, jpeg.FormatError("a table is missing")
		}
		return c, nil
	}
	return nil, jpeg.FormatError("unknown component")
}

// readScan reads the blocks of one component as they show, and those of several in MCUs.
func (d *halfJPEG) readScan(components []*jpegComponent) error {
	d.startInterval()
	only := components[0]
	across, down := only.across, only.down
	if len(components) > 1 {
		across, down = ceil(d.width, 8*d.maxH), ceil(d.height, 8*d.maxV)
	}
	for i := range across * down {
		if d.restart > 0 && i > 0 && i%d.restart == 0 {
			marker, err := nextMarker(d.r)
			if err != nil {
				return err
			}
			if marker != 0xd0+byte((i/d.restart-1)%8) {
				return jpeg.FormatError("restart marker")
			}
			d.startInterval()
		}
		x, y := i%across, i/across
		if len(components) == 1 {
			d.readBlock(only, &only.blocks[y*only.stride+x])
		} else {
			for _, c := range components {
				for j := range c.h * c.v {
					d.readBlock(c, &c.blocks[(y*c.v+j/c.h)*c.stride+x*c.h+j%c.h])
				}
			}
		}
		if d.bits.failed {
			return jpeg.FormatError("coefficients")
		}
	}
	return nil
}

// startInterval forgets what does not reach over a restart.
func (d *halfJPEG) startInterval() {
	d.bits.reset()
	d.eobRun = 0
	for i := range d.components {
		d.components[i].previous = 0
	}
}

func (d *halfJPEG) readBlock(c *jpegComponent, b *jpegBlock) {
	from := d.band.from
	switch {
	case from == 0 && d.band.high == 0:
		c.previous += d.bits.value(int(c.dc.next(&d.bits)))
		b.low[0] = int16(c.previous << d.band.low)
		from = 1
	case from == 0:
		b.low[0] |= int16(d.bits.take(1) << d.band.low)
		from = 1
	case d.band.high > 0:
		d.refineAC(c.ac, b)
		return
	}
	if d.eobRun > 0 {
		d.eobRun--
		return
	}
	for k := from; k <= d.band.to; k++ {
		code := int(c.ac.next(&d.bits))
		zeros, size := code>>4, code&15
		if size == 0 && zeros < 15 {
			if d.progressive {
				d.eobRun = 1<<zeros + d.bits.take(zeros) - 1
			}
			return
		}
		if k += zeros; size == 0 {
			continue // 16 zeros
		}
		if k > d.band.to {
			d.bits.failed = true
			return
		}
		b.set(k, d.bits.value(size)<<d.band.low)
	}
}

// refineAC reads one more bit of what is not zero, and what is so small that it shows only now (T.81, G.1.2.3).
func (d *halfJPEG) refineAC(table *huffmanTable, b *jpegBlock) {
	k, to, bit := d.band.from, d.band.to, 1<<d.band.low
	for k <= to && d.eobRun == 0 {
		code := int(table.next(&d.bits))
		zeros, size := code>>4, code&15
		value := 0
		switch {
		case size == 0 && zeros < 15:
			d.eobRun = 1<<zeros + d.bits.take(zeros)
			continue
		case size > 0:
			value = bit
			if d.bits.take(1) == 0 {
				value = -bit
			}
		}
		if k = d.refine(b, k, zeros, bit); k <= to && size > 0 {
			b.set(k, value)
		}
		k++
	}
	if d.eobRun > 0 {
		d.eobRun--
		d.refine(b, k, 64, bit)
	}
}

// refine goes on from coefficient k over so many zeros to the next zero, which it returns, and refines what it passes.
func (d *halfJPEG) refine(b *jpegBlock, k, zeros, bit int) int {
	for ; k <= d.band.to; k++ {
		if b.nonzero>>k&1 == 1 {
			if d.bits.take(1) == 1 {
				b.grow(k, bit)
			}
			continue
		}
		if zeros == 0 {
			break
		}
		zeros--
	}
	return k
}

// picture makes pixels of the coefficients, one row of MCUs after the other.
func (d *halfJPEG) picture() (image.Image, error) {
	if d.components == nil {
		return nil, jpeg.FormatError("no frame")
	}
	if len(d.components) == 4 && d.adobe < 0 {
		return nil, jpeg.UnsupportedError("four components without an Adobe segment")
	}
	planes := make([]jpegPlane, len(d.components))
	for i, c := range d.components {
		if c.quant == nil {
			return nil, jpeg.FormatError("a component is missing")
		}
		planes[i] = jpegPlane{make([]byte, 4*c.v*4*c.stride), 4 * c.stride, d.maxH / c.h, d.maxV / c.v}
	}
	bounds := image.Rect(0, 0, ceil(d.width, 2), ceil(d.height, 2))
	grey, colored, inked := &image.Gray{}, &image.RGBA{}, &image.CMYK{}
	var m image.Image
	switch len(d.components) {
	case 1:
		grey = image.NewGray(bounds)
		m = grey
	case 3:
		colored = image.NewRGBA(bounds)
		m = colored
	case 4:
		inked = image.NewCMYK(bounds)
		m = inked
	}
	for top := 0; top < bounds.Max.Y; top += 4 * d.maxV {
		for i := range d.components {
			d.components[i].draw(planes[i], top/(4*d.maxV))
		}
		for y := top; y < min(top+4*d.maxV, bounds.Max.Y); y++ {
			switch len(d.components) {
			case 1:
				copy(grey.Pix[y*grey.Stride:][:bounds.Max.X], planes[0].pixels[(y-top)*planes[0].stride:])
			case 3:
				d.color(colored.Pix[y*colored.Stride:][:4*bounds.Max.X], planes, y-top)
			case 4:
				d.ink(inked.Pix[y*inked.Stride:][:4*bounds.Max.X], planes, y-top)
			}
		}
	}
	return m, nil
}

// jpegPlane holds the pixels of a component in one row of MCUs. Each is as many pixels of the picture wide and high as columns and
// rows say.
type jpegPlane struct {
	pixels        []byte
	stride        int
	columns, rows int
}

func (p *jpegPlane) row(y int) []byte { return p.pixels[y/p.rows*p.stride:][:p.stride] }

// color fills a row with red, green, blue and no transparency.
func (d *halfJPEG) color(dst []byte, planes []jpegPlane, y int) {
	c := d.components
	isRGB := !d.jfif && (d.adobe == 0 || c[0].id == 'R' && c[1].id == 'G' && c[2].id == 'B')
	first, second, third := planes[0].row(y), planes[1].row(y), planes[2].row(y)
	for x := range len(dst) / 4 {
		r, g, b := first[x/planes[0].columns], second[x/planes[1].columns], third[x/planes[2].columns]
		if !isRGB {
			r, g, b = color.YCbCrToRGB(r, g, b)
		}
		dst[4*x], dst[4*x+1], dst[4*x+2], dst[4*x+3] = r, g, b, 255
	}
}

// ink fills a row with cyan, magenta, yellow and black, which Adobe's programs store inverted. Where the first three are stored as
// YCbCr, that is of the inverted ones, so that they come out as they are.
func (d *halfJPEG) ink(dst []byte, planes []jpegPlane, y int) {
	first, second, third, black := planes[0].row(y), planes[1].row(y), planes[2].row(y), planes[3].row(y)
	for x := range len(dst) / 4 {
		r, g, b := first[x/planes[0].columns], second[x/planes[1].columns], third[x/planes[2].columns]
		if d.adobe == 0 {
			r, g, b = 255-r, 255-g, 255-b
		} else {
			r, g, b = color.YCbCrToRGB(r, g, b)
		}
		dst[4*x], dst[4*x+1], dst[4*x+2], dst[4*x+3] = r, g, b, 255-black[x/planes[3].columns]
	}
}

// draw makes the pixels of one row of MCUs: 4 × 4 of each block, by the inverse DCT of its lowest frequencies.
func (c *jpegComponent) draw(p jpegPlane, row int) {
	var quant [16]float32
	for k, place := range []byte(lowPlaces) {
		if place < 16 {
			quant[place] = float32(c.quant[k])
		}
	}
	for i := range c.v * c.stride {
		var f [16]float32
		for j, coefficient := range c.blocks[row*c.v*c.stride+i].low {
			f[j] = float32(coefficient) * quant[j]
		}
		for x := range 4 {
			f[x], f[4+x], f[8+x], f[12+x] = inverseDCT(f[x], f[4+x], f[8+x], f[12+x])
		}
		pixels := p.pixels[i/c.stride*4*p.stride+i%c.stride*4:]
		for y := range 4 {
			v := f[4*y:][:4]
			v[0], v[1], v[2], v[3] = inverseDCT(v[0], v[1], v[2], v[3])
			for x := range v {
				pixels[y*p.stride+x] = uint8(max(0, min(255, v[x]+128.5)))
			}
		}
	}
}

// inverseDCT is that of 4 points, with the factor that coefficients of 8 points need.
func inverseDCT(f0, f1, f2, f3 float32) (float32, float32, float32, float32) {
	const a, b, c = 0.353553391, 0.461939766, 0.191341716 // √2/4, and half the cosines of π/8 and 3π/8
	even0, even1 := a*(f0+f2), a*(f0-f2)
	odd0, odd1 := b*f1+c*f3, c*f1-b*f3
	return even0 + odd0, even1 + odd1, even1 - odd1, even0 - odd0
}
