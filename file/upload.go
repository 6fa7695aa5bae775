package file

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const (
	// uploadTime is how long an upload may take. It is less than what its content is kept for.
	uploadTime = 12 * time.Hour
	// drained is how much of a body that is refused is still read, in bytes, so that a caller who reads the answer only
	// after sending everything gets to see it.
	drained = 16 << 20
	// uploadsPerUser is how many uploads a user may have under way, to episodes and of one's own each: one that is sent slowly
	// holds a file for hours, or 16 MB of memory.
	uploadsPerUser = 16
	// overhead is what a body may hold beside the content, in bytes.
	overhead = 1 << 20
	// maxHeader is what may come before a part's content, in bytes. The reader of multipart keeps 10 MB of it in memory, and
	// parsing them takes ten times as much.
	maxHeader = 64 << 10
)

func (s *Service) postToEpisode(w http.ResponseWriter, r *http.Request) {
	id, err := pathID(r)
	if err == nil {
		err = s.cfg.Episodes.MustExist(r.Context(), id)
	}
	s.serveUpload(w, r, NewFile{EpisodeID: &id}, err)
}

func (s *Service) postOwn(w http.ResponseWriter, r *http.Request) {
	s.serveUpload(w, r, NewFile{}, nil)
}

// serveUpload receives a file and answers with it. A refusal that is known beforehand is answered without reading the file.
func (s *Service) serveUpload(w http.ResponseWriter, r *http.Request, in NewFile, refusal error) {
	body := &uploadBody{r: r, body: r.Body, limit: s.cfg.MaxUpload}
	ctx, cancel := context.WithTimeout(r.Context(), uploadTime)
	defer cancel()
	var f File
	err := refusal
	if err == nil {
		f, err = s.receive(ctx, r, body, in)
	}
	if err != nil {
		body.drain()
		httpapi.WriteProblem(w, r, err)
		return
	}
	answer, err := json.Marshal(httpapi.Data[view]{Data: s.views(r.Context(), f)[0], Message: uploaded})
	if err != nil {
		httpapi.WriteProblem(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(append(answer, '\n')) // the caller may have gone away
}

// receive makes a file of the body. Only a body that is whole and well-formed becomes one.
func (s *Service) receive(ctx context.Context, r *http.Request, body *uploadBody, in NewFile) (File, error) {
	if r.ContentLength > s.cfg.MaxUpload+overhead {
		return File{}, errTooLarge(s.cfg.MaxUpload)
	}
	parts, err := partsOf(r, body)
	if err != nil {
		return File{}, err
	}
	body.expectHeader()
	part, err := filePart(parts)
	if err != nil {
		return File{}, err
	}
	body.header = 0
	in.Name, in.MaxSize = sentName(part), s.cfg.MaxUpload
	return s.Create(ctx, in, func(w io.Writer) error {
		if _, err := io.Copy(w, part); err != nil {
			return bodyFault(err)
		}
		body.expectHeader()
		if err := noMoreParts(parts); err != nil {
			return err
		}
		body.header = 0
		// What follows the last part does not count, but that the caller still may at the end of the body does.
		_, err := io.CopyN(io.Discard, body, drained)
		if refusal, ok := errors.AsType[*callboard.Error](err); ok {
			return refusal
		}
		return nil
	})
}

func partsOf(r *http.Request, body io.Reader) (*multipart.Reader, error) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		return nil, callboard.Errorf(callboard.CodeUnsupported, "send the file as multipart/form-data, in a part named file")
	}
	boundary := params["boundary"]
	if boundary == "" || len(boundary) > 70 { // RFC 2046, section 5.1.1
		return nil, callboard.Errorf(callboard.CodeMalformed, "the multipart body needs a boundary of 1 to 70 characters")
	}
	return multipart.NewReader(body, boundary), nil
}

// filePart returns the first part, which must be the file.
func filePart(parts *multipart.Reader) (*multipart.Part, error) {
	part, err := parts.NextRawPart()
	if err == io.EOF { // a body that breaks off wraps it
		return nil, invalid("body.file", "is required")
	}
	if err != nil {
		return nil, bodyFault(err)
	}
	if part.FormName() != "file" {
		return nil, otherPart()
	}
	return part, nil
}

// sentName returns the name that a part gives its file. Bytes that are not UTF-8 are read as Windows-1252, of which Latin-1 is a
// part: older programs send it, without saying so. Browsers write quotes as %22.
func sentName(part *multipart.Part) string {
	if name, ok := latin1Parameter(part.Header.Get("Content-Disposition")); ok {
		return name
	}
	name := part.FileName()
	if !utf8.ValidString(name) {
		if decoded, err := charmap.Windows1252.NewDecoder().String(name); err == nil {
			name = decoded
		}
	}
	return strings.ReplaceAll(name, "%22", `"`)
}

// latin1Parameter returns what filename*=ISO-8859-1'language'value of RFC 5987 says. Package mime knows no charset but UTF-8, and
// drops others.
func latin1Parameter(disposition string) (name string, ok bool) {
	value := regexp.MustCompile(`(?i);\s*filename\*\s*=\s*iso-8859-1'[a-z0-9-]*'([^\s;"]*)`).FindStringSubmatch(disposition)
	if value == nil {
		return "", false
	}
	bytes, err := url.PathUnescape(value[1])
	if err != nil {
		return "", false
	}
	name, err = charmap.ISO8859_1.NewDecoder().String(bytes)
	return name, err == nil
}

// noMoreParts reads what follows the file, which must be nothing.
func noMoreParts(parts *multipart.Reader) error {
	part, err := parts.NextRawPart()
	switch {
	case err == io.EOF: // a body that breaks off wraps it
		return nil
	case err != nil:
		return bodyFault(err)
	case part.FormName() == "file":
		return invalid("body.file", "is given more than once; send one file per request")
	}
	return otherPart()
}

func otherPart() error {
	return invalid("body", "holds a part that is not known; send one part, named file")
}

// bodyFault turns an error of the multipart reader into one for people.
func bodyFault(err error) error {
	if _, ok := errors.AsType[*callboard.Error](err); ok {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return callboard.Wrap(err, callboard.CodeMalformed, "the multipart body is not well-formed, or not complete")
}

// uploadBody reads the body of a request, and no more than may be.
type uploadBody struct {
	r     *http.Request
	body  io.Reader
	limit int64 // of the content
	n     int64
	ended bool
	// header is where the header of a part has to have ended, 0 within a content.
	header int64
}

// expectHeader says that a header is read next.
func (b *uploadBody) expectHeader() { b.header = b.n + maxHeader }

// Read implements io.Reader.
func (b *uploadBody) Read(p []byte) (int, error) {
	if b.n > b.limit+overhead {
		return 0, errTooLarge(b.limit)
	}
	if b.header > 0 && b.n > b.header {
		return 0, callboard.Errorf(callboard.CodeTooLarge, "the header of a part is larger than %d KB", maxHeader>>10)
	}
	n, err := b.body.Read(p)
	b.n += int64(n)
	if _, refused := errors.AsType[*callboard.Error](err); err == nil || refused {
		return n, err
	}
	b.ended = true
	if err == io.EOF {
		return n, err
	}
	return n, b.fault(err)
}

func (b *uploadBody) fault(err error) error {
	if ctxErr := b.r.Context().Err(); ctxErr != nil {
		return ctxErr
	}
	if netErr, ok := errors.AsType[net.Error](err); ok && netErr.Timeout() {
		return callboard.Wrap(err, callboard.CodeMalformed, "the upload stood still for too long; send it again")
	}
	return callboard.Wrap(err, callboard.CodeMalformed, "the body cannot be read to its end")
}

// drain reads on for a while after the body was refused. Who asks first has not sent it.
func (b *uploadBody) drain() {
	if b.ended || b.n == 0 && b.r.Header.Get("Expect") != "" {
		return
	}
	_, _ = io.CopyN(io.Discard, b.body, drained)
}
