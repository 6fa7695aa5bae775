package sheet

import (
	"bufio"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"

	"callboard"
)

const (
	maxTextsInMemory = 4 << 20    // bytes; beyond it shared texts go to a file
	textOverhead     = 16         // bytes of a text beside its characters
	maxTexts         = 10_000_000 // shared texts of a workbook
)

// sharedTexts are the texts that the cells of a workbook refer to by number. Large ones are in a temporary file: they may be
// as long as the worksheet itself.
type sharedTexts struct {
	memory []string
	size   int
	n      int
	file   *textFile
}

// textFile has the texts one after the other, and an index of where each one ends.
type textFile struct {
	texts, ends                 *os.File
	bufferedTexts, bufferedEnds *bufio.Writer
	written                     uint64
}

func (b *workbook) sharedTexts() (*sharedTexts, error) {
	texts := &sharedTexts{}
	main, err := b.main()
	if err != nil {
		return nil, err
	}
	name, err := b.part(main, "sharedStrings")
	if err != nil || name == "" {
		return texts, err
	}
	content, err := b.open(name)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	if err := texts.read(content); err != nil {
		return nil, errors.Join(err, texts.close())
	}
	return texts, nil
}

func (t *sharedTexts) read(content io.Reader) error {
	limited := &budget{r: content}
	dec := xml.NewDecoder(limited)
	next := func() (xml.Token, error) {
		token, err := dec.Token()
		if errors.Is(err, errBudget) {
			return nil, callboard.Errorf(callboard.CodeInvalid, "the workbook has a text of more than %d MB", MaxRow>>20)
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, damaged(err)
		}
		return token, err
	}
	for {
		limited.left = maxRowXML
		token, err := next()
		if errors.Is(err, io.EOF) {
			return t.flush()
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "si" {
			text, err := textWithin(next, true)
			if err != nil {
				return damaged(err)
			}
			if err := t.add(unescape(text)); err != nil {
				return err
			}
		}
	}
}

func (t *sharedTexts) add(text string) error {
	if t.n++; t.n > maxTexts {
		return damaged(errors.New("sheet: too many shared texts"))
	}
	if len(text) > MaxRow {
		text = text[:MaxRow+1] // whichever row refers to it is refused
	}
	if t.file == nil {
		t.memory = append(t.memory, text)
		if t.size += len(text) + textOverhead; t.size <= maxTextsInMemory {
			return nil
		}
		return t.spill()
	}
	return t.file.add(text)
}

func (t *sharedTexts) spill() error {
	file, err := newTextFile()
	if err != nil {
		return err
	}
	t.file = file
	for _, text := range t.memory {
		if err := file.add(text); err != nil {
			return err
		}
	}
	t.memory = nil
	return nil
}

func newTextFile() (*textFile, error) {
	texts, err := os.CreateTemp("", "callboard-texts-*")
	if err != nil {
		return nil, fmt.Errorf("spool shared texts: %w", err)
	}
	ends, err := os.CreateTemp("", "callboard-texts-*")
	if err != nil {
		_ = texts.Close()
		os.Remove(texts.Name())
		return nil, fmt.Errorf("spool shared texts: %w", err)
	}
	return &textFile{texts: texts, ends: ends, bufferedTexts: bufio.NewWriter(texts), bufferedEnds: bufio.NewWriter(ends)}, nil
}

func (f *textFile) add(text string) error {
	f.written += uint64(len(text))
	_, err := f.bufferedTexts.WriteString(text)
	if err == nil {
		_, err = f.bufferedEnds.Write(binary.LittleEndian.AppendUint64(nil, f.written))
	}
	if err != nil {
		return fmt.Errorf("spool shared texts: %w", err)
	}
	return nil
}

func (t *sharedTexts) flush() error {
	if t.file == nil {
		return nil
	}
	if err := errors.Join(t.file.bufferedTexts.Flush(), t.file.bufferedEnds.Flush()); err != nil {
		return fmt.Errorf("spool shared texts: %w", err)
	}
	return nil
}

func (t *sharedTexts) get(n int) (string, error) {
	switch {
	case n < 0 || n >= t.n:
		return "", errNoText(n)
	case t.file == nil:
		return t.memory[n], nil
	}
	return t.file.get(n)
}

func (f *textFile) get(n int) (string, error) {
	var ends [16]byte // of the text before and of this one
	at, into := int64(n-1)*8, ends[:]
	if n == 0 {
		at, into = 0, ends[8:]
	}
	if _, err := f.ends.ReadAt(into, at); err != nil {
		return "", fmt.Errorf("read shared texts: %w", err)
	}
	start, end := binary.LittleEndian.Uint64(ends[:8]), binary.LittleEndian.Uint64(ends[8:])
	text := make([]byte, end-start)
	if _, err := f.texts.ReadAt(text, int64(start)); err != nil {
		return "", fmt.Errorf("read shared texts: %w", err)
	}
	return string(text), nil
}

func (t *sharedTexts) close() error {
	if t.file == nil {
		return nil
	}
	f := t.file
	t.file = nil
	return errors.Join(f.texts.Close(), f.ends.Close(), os.Remove(f.texts.Name()), os.Remove(f.ends.Name()))
}
