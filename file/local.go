package file

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
)

// Local calls fn with the path of a local file that has the content of a file, for libraries that take a path. It must only
// be read, and not after fn has returned. Where storage is no local folder it is a copy. See Open for who may and the errors.
func (s *Service) Local(ctx context.Context, id string, fn func(path string) error) error {
	f, content, err := s.Open(ctx, id)
	if err != nil {
		return err
	}
	defer content.Close()
	if local, ok := s.cfg.Storage.(interface{ localPath(key string) string }); ok {
		return fn(local.localPath(f.key))
	}
	path, err := copyToTemp(ctx, content)
	if path != "" {
		defer os.Remove(path)
	}
	if err != nil {
		return err
	}
	return fn(path)
}

// Folder returns the folder that contents are kept in, which may not exist yet, or "" where that is a bucket.
func (s *Service) Folder() string {
	if local, ok := s.cfg.Storage.(*localStorage); ok {
		return local.dir
	}
	return ""
}

// copyToTemp returns the path of a copy, also of one that is not complete.
func copyToTemp(ctx context.Context, r io.Reader) (path string, err error) {
	f, err := os.CreateTemp("", "callboard-file-*") // readable by its owner only
	if err != nil {
		return "", localError(err)
	}
	src := &source{ctx: ctx, r: r}
	_, err = io.Copy(f, src)
	err = errors.Join(err, f.Close())
	switch {
	case ctx.Err() != nil:
		return f.Name(), ctx.Err()
	case src.err != nil:
		return f.Name(), unavailable(src.err, "the storage of files cannot be reached; try again later")
	}
	return f.Name(), localError(err)
}

// How long storage may take to answer whether it is there, and how long the answer is believed.
const (
	pingFor  = 5 * time.Second
	pingTime = 2 * time.Second // for the answer
)

// Ready returns nil when contents can be stored and read, or CodeUnavailable. It asks storage every few seconds at the most.
func (s *Service) Ready(ctx context.Context) error {
	s.pingMu.Lock()
	defer s.pingMu.Unlock()
	if now := time.Now(); now.After(s.pingUntil) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), pingTime) // others get the answer too
		defer cancel()
		s.pingErr, s.pingUntil = s.cfg.Storage.Ping(ctx), now.Add(pingFor)
	}
	return s.pingErr
}
