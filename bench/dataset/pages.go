package dataset

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// pages appends pages to a SQLite file that nobody has open, and that needs no recovery:
// https://www.sqlite.org/fileformat2.html
//
// SQL would sort the rows of each index and look for the place of each row. The rows of a made-up log are known in the
// order of every index, so their pages can be written one after the other, which takes a tenth of the time.
type pages struct {
	file   *os.File
	size   int
	last   uint32 // the newest page of the file
	buffer []byte // pages that follow each other and are yet to be written
	next   uint32 // the first of them
}

const (
	lockByte    = 1 << 30 // the page in which this byte lies must stay empty
	pagesBuffer = 1 << 20
)

// openPages opens the file at path.
func openPages(path string) (*pages, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("open the database file: %w", err)
	}
	p := &pages{file: file}
	if err := p.readHeader(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return p, nil
}

func (p *pages) readHeader() error {
	var header [100]byte
	if _, err := io.ReadFull(p.file, header[:]); err != nil {
		return fmt.Errorf("read the header of the database file: %w", err)
	}
	p.size = int(binary.BigEndian.Uint16(header[16:]))
	p.last = binary.BigEndian.Uint32(header[28:])
	p.next = p.last + 1
	rollback, reserved, vacuum := header[18], header[20], binary.BigEndian.Uint32(header[52:])
	if p.size < 512 || rollback != 1 || reserved != 0 || vacuum != 0 {
		return errors.New("the database file is in a mode that cannot be written page by page")
	}
	return nil
}

// add appends a page and returns its number.
func (p *pages) add(image []byte) (uint32, error) {
	if p.last++; p.last == uint32(lockByte/p.size)+1 {
		if err := p.flush(); err != nil {
			return 0, err
		}
		p.last++
		p.next = p.last
	}
	p.buffer = append(p.buffer, image...)
	if len(p.buffer) < pagesBuffer {
		return p.last, nil
	}
	return p.last, p.flush()
}

func (p *pages) flush() error {
	if err := p.put(p.next, p.buffer); err != nil {
		return err
	}
	p.buffer, p.next = p.buffer[:0], p.last+1
	return nil
}

// put writes pages at a place.
func (p *pages) put(at uint32, images []byte) error {
	if _, err := p.file.WriteAt(images, int64(at-1)*int64(p.size)); err != nil {
		return fmt.Errorf("write pages: %w", err)
	}
	return nil
}

// close writes what is left, and into the header how many pages there are now.
func (p *pages) close() error {
	err := p.flush()
	if err == nil {
		err = p.writeHeader()
	}
	return errors.Join(err, p.file.Close())
}

func (p *pages) writeHeader() error {
	var count [4]byte
	binary.BigEndian.PutUint32(count[:], p.last)
	if _, err := p.file.WriteAt(count[:], 28); err != nil {
		return fmt.Errorf("write the header of the database file: %w", err)
	}
	return nil
}
