package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/http"
	"time"
)

// Upload sends a file as a form of a browser does, and returns the answer and how long it took.
func Upload(ctx context.Context, url, token, name string, content io.Reader) (answer []byte, took time.Duration, err error) {
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		part, err := form.CreateFormFile("file", name)
		if err == nil {
			_, err = io.Copy(part, content)
		}
		w.CloseWithError(errors.Join(err, form.Close()))
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, r)
	if err != nil {
		return nil, 0, fmt.Errorf("upload: %w", err)
	}
	req.Header.Set("Content-Type", form.FormDataContentType())
	var into bytes.Buffer
	_, took, err = transfer(req, token, &into)
	return into.Bytes(), took, err
}

// Download writes a file to w, and returns how many bytes it has and how long it took.
func Download(ctx context.Context, url, token string, w io.Writer) (size int64, took time.Duration, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, 0, fmt.Errorf("download: %w", err)
	}
	req.Header.Set("Accept-Encoding", "identity") // packing would take the CPU of both sides
	return transfer(req, token, w)
}

func transfer(req *http.Request, token string, w io.Writer) (size int64, took time.Duration, err error) {
	req.Header.Set("Authorization", "Bearer "+token)
	began := time.Now()
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, 0, err
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<10)) // it only says more
		return 0, 0, fmt.Errorf("%s %s: %s: %s", req.Method, req.URL.Path, answer.Status, bytes.TrimSpace(text))
	}
	size, err = io.Copy(w, answer.Body)
	return size, time.Since(began), err
}

// Picture returns a JPEG with about as much detail as a photograph has: areas, edges, and grain. It is the same each time.
func Picture(width, height int) ([]byte, error) {
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	grain := uint32(1)
	for i := range m.Y {
		x, y := i%m.YStride, i/m.YStride
		grain = grain*1664525 + 1013904223
		m.Y[i] = byte(uint32(100+x*60/width+(x/97^y/61)&31) + grain>>28)
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = byte(100+i%m.CStride*120/width), byte(110+i/m.CStride*120/height)
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 92}) // that of cameras
	return b.Bytes(), err
}
