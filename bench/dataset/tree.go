package dataset

import (
	"encoding/binary"
	"fmt"
)

// The kinds of pages of a B-tree.
const (
	indexInner = 0x02
	tableInner = 0x05
	indexLeaf  = 0x0a
	tableLeaf  = 0x0d
)

// tree writes a B-tree from entries that come in order. Its root is a page that exists, that of an empty table or index.
type tree struct {
	pages *pages
	root  uint32
	table bool // rows by their number; else an index, or a table WITHOUT ROWID
	leaf  page
	last  []byte // the newest cell of the leaf
	key   int64  // the newest row
	left  int    // entries that are still to come
	nodes []node // the leaves so far
}

// node is a finished page, and the cell between it and its right neighbour, without the number of the page.
type node struct {
	page      uint32
	separator []byte
}

func newTree(p *pages, root uint32, table bool, entries int) *tree {
	t := &tree{pages: p, root: root, table: table, left: entries}
	t.leaf.begin(t.kind(false), p.size)
	return t
}

func (t *tree) kind(inner bool) byte {
	switch {
	case t.table && inner:
		return tableInner
	case t.table:
		return tableLeaf
	case inner:
		return indexInner
	}
	return indexLeaf
}

// addRow adds a row of a table.
func (t *tree) addRow(rowid int64, payload []byte) error {
	t.left--
	cell := appendVarint(appendVarint(t.last[:0], uint64(len(payload))), uint64(rowid))
	t.last = append(cell, payload...)
	if len(t.last) > t.pages.size/4 {
		return fmt.Errorf("a row of %d bytes is longer than rows may be here", len(payload))
	}
	if !t.leaf.fits(len(t.last)) {
		if err := t.endLeaf(appendVarint(nil, uint64(t.key))); err != nil {
			return err
		}
	}
	t.leaf.add(t.last)
	t.key = rowid
	return nil
}

// addKey adds an entry of an index. The one that finds a leaf full becomes the separator behind it.
func (t *tree) addKey(payload []byte) error {
	t.left--
	t.last = append(appendVarint(t.last[:0], uint64(len(payload))), payload...)
	if len(t.last) > t.pages.size/5 {
		return fmt.Errorf("an index entry of %d bytes is longer than entries may be here", len(payload))
	}
	if t.leaf.fits(len(t.last)) {
		t.leaf.add(t.last)
		return nil
	}
	if t.left > 0 {
		return t.endLeaf(append([]byte(nil), t.last...))
	}
	separator := t.leaf.pop() // or nothing would be left for the last leaf
	if err := t.endLeaf(separator); err != nil {
		return err
	}
	t.leaf.add(t.last)
	return nil
}

func (t *tree) endLeaf(separator []byte) error {
	number, err := t.pages.add(t.leaf.finish())
	t.nodes = append(t.nodes, node{number, separator})
	t.leaf.begin(t.kind(false), t.pages.size)
	return err
}

// finish writes what is above the leaves, level by level.
func (t *tree) finish() error {
	if t.left != 0 {
		return fmt.Errorf("%d entries are missing", t.left)
	}
	if len(t.nodes) == 0 {
		return t.pages.put(t.root, t.leaf.finish())
	}
	if err := t.endLeaf(nil); err != nil {
		return err
	}
	for nodes := t.nodes; ; {
		above, err := t.level(nodes)
		if err != nil || len(above) == 0 {
			return err
		}
		nodes = above
	}
}

// level writes the pages above nodes, and returns them, or none when they are one, which is then the root.
func (t *tree) level(nodes []node) ([]node, error) {
	var above []node
	for len(nodes) > 0 {
		var p page
		n := p.fill(t.kind(true), t.pages.size, nodes)
		if n == len(nodes) && len(above) == 0 {
			return nil, t.pages.put(t.root, p.finish())
		}
		number, err := t.pages.add(p.finish())
		if err != nil {
			return nil, err
		}
		above = append(above, node{number, nodes[n-1].separator})
		nodes = nodes[n:]
	}
	return above, nil
}

// page is a page in the making.
type page struct {
	image []byte
	cells int
	start int // of the cells, which grow downwards
	array int // where the pointers to them begin
}

func (p *page) begin(kind byte, size int) {
	if len(p.image) != size {
		p.image = make([]byte, size)
	}
	clear(p.image)
	p.image[0] = kind
	p.cells, p.start, p.array = 0, size, 8
	if kind == tableInner || kind == indexInner {
		p.array = 12
	}
}

func (p *page) fits(cell int) bool { return p.array+2*(p.cells+1)+cell <= p.start }

func (p *page) add(parts ...[]byte) {
	for i := len(parts) - 1; i >= 0; i-- {
		p.start -= len(parts[i])
		copy(p.image[p.start:], parts[i])
	}
	binary.BigEndian.PutUint16(p.image[p.array+2*p.cells:], uint16(p.start))
	p.cells++
}

// pop takes the newest cell off again.
func (p *page) pop() []byte {
	p.cells--
	end := len(p.image)
	if p.cells > 0 {
		end = int(binary.BigEndian.Uint16(p.image[p.array+2*(p.cells-1):]))
	}
	cell := append([]byte(nil), p.image[p.start:end]...)
	p.start = end
	return cell
}

// fill makes a page above the first of nodes, and returns how many of them it took. It leaves none alone: a page above
// others needs two of them.
func (p *page) fill(kind byte, size int, nodes []node) int {
	p.begin(kind, size)
	n := 0
	var child [4]byte
	for n < len(nodes)-1 && p.fits(4+len(nodes[n].separator)) {
		binary.BigEndian.PutUint32(child[:], nodes[n].page)
		p.add(child[:], nodes[n].separator)
		n++
	}
	if n == len(nodes)-2 { // one would be left
		n--
		p.pop()
	}
	binary.BigEndian.PutUint32(p.image[8:], nodes[n].page)
	return n + 1
}

// finish completes the header of the page.
func (p *page) finish() []byte {
	binary.BigEndian.PutUint16(p.image[3:], uint16(p.cells))
	binary.BigEndian.PutUint16(p.image[5:], uint16(p.start))
	return p.image
}
