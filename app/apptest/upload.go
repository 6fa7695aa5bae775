package apptest

import (
	"context"
	"io"
	"mime/multipart"
	"net/http"
)

// TryUpload sends content as the part "file" of a multipart body, under the given name, as it comes. See Try.
func (s *Site) TryUpload(ctx context.Context, path, token, name string, content io.Reader) (Response, error) {
	body, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() {
		part, err := form.CreateFormFile("file", name)
		if err == nil {
			_, err = io.Copy(part, content)
		}
		if err == nil {
			err = form.Close()
		}
		_ = w.CloseWithError(err)
	}()
	defer func() { _ = body.Close() }() // ends the writing where the server did not read everything
	return s.TryBody(ctx, http.MethodPost, path, token, form.FormDataContentType(), body)
}

// TryBody makes a request with a body of any media type. See Try.
func (s *Site) TryBody(ctx context.Context, method, path, token, media string, body io.Reader) (Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, s.URL()+path, body)
	if err != nil {
		return Response{}, err
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", media)
	answer, err := s.http.Do(req)
	if err != nil {
		return Response{}, err
	}
	defer answer.Body.Close()
	r := Response{Status: answer.StatusCode, Header: answer.Header}
	r.Body, err = io.ReadAll(answer.Body)
	return r, err
}

// Upload is TryUpload by a caller who needs an answer: the test ends when there is none.
func (s *Site) Upload(path, token, name string, content io.Reader) Response {
	s.t.Helper()
	r, err := s.TryUpload(s.t.Context(), path, token, name, content)
	if err != nil {
		s.t.Fatalf("upload to %s: %v", path, err)
	}
	return r
}
