package file

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/callboard/callboard"
)

// localStorage keeps contents in a folder, each in a file of its own, spread over 256 folders.
type localStorage struct {
	dir string

	mu   sync.Mutex
	root *os.Root // opened when it is first needed, and anew when dir has become another folder
}

const (
	folderMode = 0o700
	fileMode   = 0o600
	unfinished = ".part" // ends the name of a content that is being written
	probe      = ".probe"
)

func newLocalStorage(dir string) (*localStorage, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, badStorageURL("does not lead to a folder")
	}
	return &localStorage{dir: abs}, nil
}

// folder opens the folder, and creates it when it is missing. One that was opened is left for the folder that has taken its
// place: what is written into a deleted one is lost.
func (s *localStorage) folder() (*os.Root, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.root != nil {
		opened, err := s.root.Stat(".")
		there, thereErr := os.Stat(s.dir)
		if err == nil && thereErr == nil && os.SameFile(opened, there) {
			return s.root, nil
		}
		_ = s.root.Close() // ends what is still being written there
		s.root = nil
	}
	if err := os.MkdirAll(s.dir, folderMode); err != nil {
		return nil, localError(err)
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return nil, localError(err)
	}
	s.root = root
	return root, nil
}

// Close implements Storage.
func (s *localStorage) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.root == nil {
		return nil
	}
	return localError(s.root.Close())
}

// shard returns the folder of a key and its path. The end of an ID is random, its beginning is the time.
func shard(key string) (dir, name string) {
	dir = key[max(0, len(key)-2):]
	return dir, path.Join(dir, key)
}

// Put implements Storage: the content gets its name when it is on disk, and the name is on disk when Put returns.
func (s *localStorage) Put(ctx context.Context, key string, r io.Reader) error {
	root, err := s.folder()
	if err != nil {
		return err
	}
	dir, name := shard(key)
	src := &source{ctx: ctx, r: r}
	err = makeFolder(root, dir)
	if err == nil {
		err = write(root, name+unfinished, src)
	}
	if err == nil {
		err = root.Rename(name+unfinished, name)
	}
	if err == nil {
		err = syncFolder(root, dir)
	}
	if src.err != nil {
		return src.err
	}
	return localError(err)
}

// makeFolder makes sure that there is a folder, also after a loss of power.
func makeFolder(root *os.Root, dir string) error {
	err := root.Mkdir(dir, folderMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	return errors.Join(err, syncFolder(root, "."))
}

func write(root *os.Root, name string, r io.Reader) (err error) {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	defer func() {
		err = errors.Join(err, f.Close())
		if err != nil {
			_ = root.Remove(name) // else Delete does
		}
	}()
	if _, err := io.Copy(f, r); err != nil {
		return err
	}
	return f.Sync()
}

func syncFolder(root *os.Root, dir string) error {
	f, err := root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Open implements Storage.
func (s *localStorage) Open(_ context.Context, key string) (Content, error) {
	root, err := s.folder()
	if err != nil {
		return nil, err
	}
	_, name := shard(key)
	f, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errNoContent()
	}
	if err != nil {
		return nil, localError(err)
	}
	return f, nil
}

// Delete implements Storage.
func (s *localStorage) Delete(_ context.Context, key string) error {
	root, err := s.folder()
	if err != nil {
		return err
	}
	_, name := shard(key)
	for _, name := range []string{name + unfinished, name} {
		if err := root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return localError(err)
		}
	}
	return nil
}

// Ping implements Storage: it makes a file, and removes it.
func (s *localStorage) Ping(context.Context) error {
	root, err := s.folder()
	if err != nil {
		return err
	}
	f, err := root.OpenFile(probe, os.O_WRONLY|os.O_CREATE, fileMode)
	if err != nil {
		return localError(err)
	}
	err = f.Close()
	if removed := root.Remove(probe); !errors.Is(removed, fs.ErrNotExist) { // by another process that asks the same
		err = errors.Join(err, removed)
	}
	return localError(err)
}

// localPath returns where the content of key is.
func (s *localStorage) localPath(key string) string {
	_, name := shard(key)
	return filepath.Join(s.dir, filepath.FromSlash(name))
}

func localError(err error) error {
	switch {
	case err == nil:
		return nil
	case callboard.CodeOf(err) != callboard.CodeInternal:
		return err
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return unavailable(err, "there is no room left for files; try again later")
	}
	return unavailable(err, "the files cannot be read or written; try again later")
}
