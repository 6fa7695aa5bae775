package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/callboard/callboard"
)

// magicOLE begins the files of old versions of Excel, and the new ones that are locked with a password.
const magicOLE = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

// checkKind refuses what is neither a workbook nor text, with what it is.
func checkKind(r io.ReaderAt, size int64) (isWorkbook bool, err error) {
	head := make([]byte, min(size, 4<<10))
	n, err := r.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return false, fmt.Errorf("read sheet: %w", err)
	}
	head = head[:n]
	switch {
	case len(head) == 0:
		return false, errEmpty()
	case bytes.HasPrefix(head, []byte(magicOLE)):
		return false, callboard.Errorf(callboard.CodeInvalid,
			"the workbook is locked with a password or in the format of Excel 97; save it as XLSX without a password")
	}
	return bytes.HasPrefix(head, []byte("PK\x03\x04")) || bytes.HasPrefix(head, []byte("PK\x05\x06")), nil
}
