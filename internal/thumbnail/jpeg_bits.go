package thumbnail

import (
	"bufio"
	"image/jpeg"
)

// bitReader reads the coded part of a scan, up to the next marker. Behind that come zeros; who takes one of them has failed.
type bitReader struct {
	r       *bufio.Reader
	ahead   uint64 // its lowest n bits were read, and not taken yet
	n       int
	padding int // how many of them are behind the end
	failed  bool
}

func (b *bitReader) reset() { b.ahead, b.n, b.padding = 0, 0, 0 }

// peek returns the next bits, at most 16.
func (b *bitReader) peek(bits int) int {
	if b.n < bits {
		b.fill()
	}
	return int(b.ahead>>(b.n-bits)) & (1<<bits - 1)
}

func (b *bitReader) skip(bits int) {
	b.n -= bits
	b.failed = b.failed || b.n < b.padding
}

// take returns the next bits, at most 16.
func (b *bitReader) take(bits int) int {
	v := b.peek(bits)
	b.skip(bits)
	return v
}

// value takes a number of so many bits. Its first one tells the sign (T.81, F.2.2.1).
func (b *bitReader) value(bits int) int {
	if bits > 16 {
		b.failed = true
		return 0
	}
	v := b.take(bits)
	if bits > 0 && v < 1<<(bits-1) {
		v -= 1<<bits - 1
	}
	return v
}

func (b *bitReader) fill() {
	for b.n <= 48 {
		c := byte(0)
		switch next, _ := b.r.Peek(2); {
		case len(next) > 0 && next[0] != 0xff:
			c = next[0]
			_, _ = b.r.Discard(1)
		case len(next) == 2 && next[1] == 0: // stands for the other one
			c = 0xff
			_, _ = b.r.Discard(2)
		default:
			b.padding += 8
		}
		b.ahead, b.n = b.ahead<<8|uint64(c), b.n+8
	}
}

// huffmanTable finds codes of up to 8 bits at once, and longer ones by their length.
type huffmanTable struct {
	values []byte
	short  [256]uint16 // by the next 8 bits: length and value; 0 where the code is longer
	end    [17]int     // by length: after its last code
	offset [17]int     // by length: from a code to its value
}

func newHuffmanTable(counts, values []byte) (*huffmanTable, error) {
	t := &huffmanTable{values: append([]byte(nil), values...)}
	code, at := 0, 0
	for length := 1; length <= 16; length++ {
		t.offset[length] = at - code
		for range counts[length-1] {
			if code >= 1<<length {
				return nil, jpeg.FormatError("Huffman table")
			}
			if length <= 8 {
				for i := range 1 << (8 - length) {
					t.short[code<<(8-length)|i] = uint16(length)<<8 | uint16(values[at])
				}
			}
			code, at = code+1, at+1
		}
		t.end[length] = code
		code <<= 1
	}
	return t, nil
}

func (t *huffmanTable) next(b *bitReader) byte {
	bits := b.peek(16)
	if short := t.short[bits>>8]; short != 0 {
		b.skip(int(short >> 8))
		return byte(short)
	}
	for length := 9; length <= 16; length++ {
		if code := bits >> (16 - length); code < t.end[length] {
			b.skip(length)
			return t.values[code+t.offset[length]]
		}
	}
	b.failed = true
	return 0
}
