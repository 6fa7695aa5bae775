package dataset

// record builds a row in SQLite's record format: https://www.sqlite.org/fileformat2.html#record_format
type record struct {
	types []byte // the serial types
	body  []byte
	out   []byte
}

func (r *record) reset() { r.types, r.body = r.types[:0], r.body[:0] }

func (r *record) null() { r.types = append(r.types, 0) }

// text adds one text, made of parts.
func (r *record) text(parts ...string) {
	n := 0
	for _, p := range parts {
		n += len(p)
		r.body = append(r.body, p...)
	}
	r.types = appendVarint(r.types, uint64(13+2*n))
}

func (r *record) bytes(text []byte) {
	r.body = append(r.body, text...)
	r.types = appendVarint(r.types, uint64(13+2*len(text)))
}

// integer adds a number in the smallest size that holds it.
func (r *record) integer(v int64) {
	if v == 0 || v == 1 {
		r.types = append(r.types, byte(8+v))
		return
	}
	for i, size := range [...]int{1, 2, 3, 4, 6, 8} {
		limit := int64(1) << (8*size - 1)
		if size == 8 || v >= -limit && v < limit {
			r.types = append(r.types, byte(i+1))
			for shift := 8 * (size - 1); shift >= 0; shift -= 8 {
				r.body = append(r.body, byte(v>>shift))
			}
			return
		}
	}
}

// encoded returns the record. It is valid until the next call.
func (r *record) encoded() []byte {
	header := len(r.types) + 1 // its own length takes one byte, up to 127
	if header > 127 {
		panic("dataset: a record with too many columns")
	}
	r.out = append(append(append(r.out[:0], byte(header)), r.types...), r.body...)
	return r.out
}

// appendVarint appends a number as SQLite's varint: seven bits a byte, the highest first. Those of nine bytes, which
// have eight bits in the last, do not occur here.
func appendVarint(b []byte, v uint64) []byte {
	n := varintLen(v)
	for i := n - 1; i > 0; i-- {
		b = append(b, byte(v>>(7*i))|0x80)
	}
	return append(b, byte(v&0x7f))
}

func varintLen(v uint64) int {
	n := 1
	for v >>= 7; v != 0; v >>= 7 {
		n++
	}
	return n
}
