package file

import (
	"context"
	"io"

	"github.com/callboard/callboard"
)

// noStorage is where there is no place for contents.
type noStorage struct{}

func errNoStorage() error {
	return callboard.Errorf(callboard.CodeSwitchedOff, "files are switched off: this server has no place for them")
}

// Put implements Storage.
func (noStorage) Put(context.Context, string, io.Reader) error { return errNoStorage() }

// Open implements Storage.
func (noStorage) Open(context.Context, string) (Content, error) { return nil, errNoStorage() }

// Delete implements Storage. Nothing is here.
func (noStorage) Delete(context.Context, string) error { return nil }

// Ping implements Storage.
func (noStorage) Ping(context.Context) error { return errNoStorage() }

// Close implements Storage.
func (noStorage) Close() error { return nil }
