package file

import (
	"context"
	"io"
	"net/url"
	"path/filepath"
	"time"

	"github.com/callboard/callboard"
)

// Storage keeps contents by their keys. Every backend passes the same suite of tests. An error that is the environment's
// fault has CodeUnavailable.
type Storage interface {
	// Put stores all that r yields under key. When it returns nil the content is durable; after an error Delete has to
	// remove what may be left. An error of r is returned as it is.
	Put(ctx context.Context, key string, r io.Reader) error
	// Open returns the content, or CodeNotFound. It must be read before ctx ends.
	Open(ctx context.Context, key string) (Content, error)
	// Delete removes the content and whatever a broken Put left. Nothing there is no error.
	Delete(ctx context.Context, key string) error
	// Ping proves that contents can be stored.
	Ping(ctx context.Context) error
	// Close frees what the storage holds open. Nothing is called after it.
	Close() error
}

// Content is what was stored. Reading and seeking are for one goroutine at a time.
type Content interface {
	io.ReadSeekCloser
	io.ReaderAt
}

// StorageConfig says where contents are kept.
type StorageConfig struct {
	// URL is "s3://bucket/prefix?endpoint=https://host:port&region=…" or "file:///folder"; empty means Folder.
	URL string
	// Folder is where contents are kept by default. Without either, whatever needs a content is CodeSwitchedOff.
	Folder string
	// AccessKey and SecretKey are the credentials of a bucket. They never stand in the URL.
	AccessKey, SecretKey string
}

// OpenStorage returns the storage that cfg describes. It does not ask whether that is there. A setting that cannot work is
// CodeInvalid; the error repeats nothing of the URL, which may hold a password by mistake.
func OpenStorage(cfg StorageConfig) (Storage, error) {
	if cfg.URL == "" && cfg.Folder == "" {
		return noStorage{}, nil
	}
	if cfg.URL == "" {
		return newLocalStorage(cfg.Folder)
	}
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, badStorageURL("is not a URL")
	}
	if u.User != nil {
		return nil, badStorageURL("must not hold credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")
	}
	switch u.Scheme {
	case "s3":
		return newS3Storage(u, cfg)
	case "file":
		if u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != "" {
			return nil, badStorageURL("must be file:// and the whole path of a folder")
		}
		return newLocalStorage(u.Path)
	}
	return nil, badStorageURL("must be s3://bucket/prefix?endpoint=https://host&region=…, file:///folder, or empty")
}

func badStorageURL(message string) error { return invalid("STORAGE_URL", message) }

// retryAfter is when a caller may try again after the storage was not available.
const retryAfter = 5 * time.Second

func unavailable(cause error, message string) error {
	return &callboard.Error{Code: callboard.CodeUnavailable, Message: message, RetryAfter: retryAfter, Err: cause}
}

func errNoContent() error { return callboard.NotFound("content") }

// source remembers the error of a reader, to distinguish it from one of the storage that reads it.
type source struct {
	ctx context.Context
	r   io.Reader
	err error
}

// Read implements io.Reader. It ends when ctx does.
func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		s.err = err
		return 0, err
	}
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}
