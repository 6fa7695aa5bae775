package file

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

// getContent sends the content of a file.
func (s *Service) getContent(w http.ResponseWriter, r *http.Request) {
	save, err := wantsSaving(r)
	if err != nil {
		httpapi.WriteProblem(w, r, err)
		return
	}
	id, err := pathID(r)
	if err != nil {
		httpapi.WriteProblem(w, r, err)
		return
	}
	f, content, err := s.Open(r.Context(), id)
	if err != nil {
		httpapi.WriteProblem(w, r, err)
		return
	}
	defer content.Close()
	media, inline := presentation(f.ContentType)
	h := w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", disposition(inline && !save, f.Name))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("ETag", `"`+f.SHA256+`"`)
	http.ServeContent(&contentWriter{ResponseWriter: w}, fewRanges(r), "", f.CreatedAt, content)
}

func wantsSaving(r *http.Request) (bool, error) {
	value := r.URL.Query().Get("download")
	if value == "" {
		return false, nil
	}
	save, err := strconv.ParseBool(value)
	var v callboard.Validator
	v.Check(err == nil, "query.download", "must be true or false")
	return save, v.Err()
}

// presentation returns the media type that a content is sent with, and whether a browser may show it. What could run
// scripts is neither shown nor called by its name, whatever browsers make of it.
func presentation(contentType string) (media string, inline bool) {
	base, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "application/octet-stream", false
	}
	shown := []string{
		"image/jpeg", "image/png", "image/gif", "image/webp", "image/avif", "video/mp4", "video/webm", "audio/mpeg",
		"audio/ogg", "audio/wav", "text/plain",
	}
	if slices.Contains(shown, base) {
		return contentType, true
	}
	for _, active := range []string{"html", "xml", "script", "svg"} {
		if strings.Contains(base, active) && !strings.Contains(base, "officedocument") {
			return "application/octet-stream", false
		}
	}
	return contentType, false
}

// disposition is the header of that name (RFC 6266): the name as it is, and one in ASCII for old clients.
func disposition(inline bool, name string) string {
	kind := "attachment"
	if inline {
		kind = "inline"
	}
	ascii := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' || strings.ContainsRune(`"\%`, r) {
			return '_'
		}
		return r
	}, name)
	// url.PathEscape leaves a few characters alone that RFC 8187 wants escaped.
	escaped := strings.NewReplacer("+", "%2B", ":", "%3A", "=", "%3D", "@", "%40", "&", "%26", "$", "%24").Replace(url.PathEscape(name))
	return kind + `; filename="` + ascii + `"; filename*=UTF-8''` + escaped
}

// maxRanges is how many ranges of a content one request may ask for. Of a bucket each is a request of its own.
const maxRanges = 8

// fewRanges returns r without its ranges where those are too many: a server may always send the whole.
func fewRanges(r *http.Request) *http.Request {
	if strings.Count(r.Header.Get("Range"), ",") < maxRanges {
		return r
	}
	whole := *r
	whole.Header = r.Header.Clone()
	whole.Header.Del("Range")
	return &whole
}

// contentWriter sends a content. Refusals are problems.
type contentWriter struct {
	http.ResponseWriter
	refused bool
}

// Unwrap lets http.ResponseController reach the connection.
func (w *contentWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader puts a problem in the place of the refusals of http.ServeContent.
func (w *contentWriter) WriteHeader(status int) {
	switch status {
	case http.StatusRequestedRangeNotSatisfiable:
		w.refuse(status, "range_not_satisfiable", "the range is outside of the content")
	case http.StatusPreconditionFailed:
		w.refuse(status, string(callboard.CodePreconditionFailed), "the content is not the one that is asked for")
	default:
		w.ResponseWriter.WriteHeader(status)
	}
}

func (w *contentWriter) refuse(status int, kind, detail string) {
	w.refused = true
	body, err := json.Marshal(map[string]any{
		"type": "urn:callboard:problem:" + kind, "title": http.StatusText(status), "status": status, "detail": detail, "error": detail,
	})
	if err != nil {
		panic(err) // strings and a number encode
	}
	h := w.Header()
	h.Del("Content-Disposition")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.ResponseWriter.WriteHeader(status)
	_, _ = w.ResponseWriter.Write(body) // the caller may have gone away
}

func (w *contentWriter) Write(b []byte) (int, error) {
	if w.refused {
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// ReadFrom keeps the fast way from a file to a socket open.
func (w *contentWriter) ReadFrom(src io.Reader) (int64, error) {
	if w.refused {
		return io.Copy(io.Discard, src)
	}
	return io.Copy(w.ResponseWriter, src)
}
