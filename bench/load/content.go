package load

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"time"
)

// Content is a file that is nowhere: its bytes are made as they are read, and cannot be compressed. It is the same each time.
type Content struct {
	random *rand.ChaCha8
	left   int64
	sum    hash.Hash
}

// NewContent returns a content of so many bytes.
func NewContent(size int64) *Content {
	return &Content{random: rand.NewChaCha8([32]byte{1}), left: size, sum: sha256.New()}
}

// Read implements io.Reader.
func (c *Content) Read(p []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	p = p[:min(int64(len(p)), c.left)]
	_, _ = c.random.Read(p) // never fails
	_, _ = c.sum.Write(p)
	c.left -= int64(len(p))
	return len(p), nil
}

// SHA256 returns the sum of what was read, in hexadecimal.
func (c *Content) SHA256() string { return hex.EncodeToString(c.sum.Sum(nil)) }

// streamBuffer is how much of a body is sent and read at once.
const streamBuffer = 256 << 10

// Files uploads and downloads files as one user.
type Files struct {
	Token string

	client *http.Client
}

// NewFiles returns what uploads and downloads as the user of the token. Bodies are left as they are: packing them would take
// the CPU of both sides.
func NewFiles(token string) *Files {
	return &Files{Token: token, client: &http.Client{Transport: &http.Transport{
		DisableCompression: true, WriteBufferSize: streamBuffer, ReadBufferSize: streamBuffer,
	}}}
}

// Upload sends size bytes as a file, as a form of a browser does, and returns the answer and how long it took.
func (f *Files) Upload(ctx context.Context, url, name string, content io.Reader, size int64) (answer []byte, took time.Duration, err error) {
	var head bytes.Buffer
	form := multipart.NewWriter(&head)
	if _, err := form.CreateFormFile("file", name); err != nil {
		return nil, 0, fmt.Errorf("upload: %w", err)
	}
	end := "\r\n--" + form.Boundary() + "--\r\n"
	length := int64(head.Len()) + size + int64(len(end))
	body := io.MultiReader(&head, content, bytes.NewReader([]byte(end)))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, body)
	if err != nil {
		return nil, 0, fmt.Errorf("upload: %w", err)
	}
	req.ContentLength = length
	req.Header.Set("Content-Type", form.FormDataContentType())
	var into bytes.Buffer
	_, took, err = f.do(req, &into)
	return into.Bytes(), took, err
}

// Download writes a file to w, and returns how many bytes it has and how long it took.
func (f *Files) Download(ctx context.Context, url string, w io.Writer) (size int64, took time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, 0, fmt.Errorf("download: %w", err)
	}
	return f.do(req, w)
}

func (f *Files) do(req *http.Request, w io.Writer) (size int64, took time.Duration, err error) {
	req.Header.Set("Authorization", "Bearer "+f.Token)
	began := time.Now()
	answer, err := f.client.Do(req)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, answer.Body.Close()) }()
	if answer.StatusCode/100 != 2 {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<10)) // it only says more
		return 0, 0, fmt.Errorf("%s %s: %s: %s", req.Method, req.URL.Path, answer.Status, bytes.TrimSpace(text))
	}
	size, err = io.CopyBuffer(onlyWriter{w}, answer.Body, make([]byte, streamBuffer))
	return size, time.Since(began), err
}

// onlyWriter hides what else a writer can do, so that the buffer is used.
type onlyWriter struct{ io.Writer }
