package file

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const (
	tag         = "Files"
	filesPath   = "/api/v1/files"
	episodePath = "/api/v1/episodes/{id}/files"
)

// Routes adds the routes of files to a.
func (s *Service) Routes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "list-episode-files", Method: http.MethodGet, Path: episodePath, Tag: tag, Access: httpapi.SignedIn,
		Summary: "List the files of an episode, newest first",
	}, s.getOfEpisode)
	httpapi.Register(a, httpapi.Route{
		ID: "list-files", Method: http.MethodGet, Path: filesPath, Tag: tag, Access: httpapi.SignedIn,
		Summary:     "List the files that belong to no episode, newest first",
		Description: "The caller's own; an admin sees those of all.",
	}, s.getOwn)
	httpapi.Register(a, httpapi.Route{
		ID: "get-file", Method: http.MethodGet, Path: filesPath + "/{id}", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Get what is known of a file",
	}, s.getOne)
	httpapi.Register(a, httpapi.Route{
		ID: "update-file", Method: http.MethodPatch, Path: filesPath + "/{id}", Tag: tag, Access: httpapi.Editor,
		Message: "File renamed successfully", Example: `{"name":"still-1.jpg"}`,
		Emits: []string{callboard.FileUpdated.Name}, Summary: "Rename a file",
	}, s.patch)
	httpapi.Register(a, httpapi.Route{
		ID: "delete-file", Method: http.MethodDelete, Path: filesPath + "/{id}", Tag: tag, Access: httpapi.Editor,
		Emits: []string{callboard.FileDeleted.Name, callboard.EpisodeUpdated.Name}, Summary: "Delete a file for good",
		Description: "With its thumbnails. An episode whose thumbnail_url leads to one of them has none from then on, which is an update of it.",
	}, s.delete)
	s.contentRoutes(a)
}

func (s *Service) contentRoutes(a huma.API) {
	created := []string{callboard.FileCreated.Name}
	answer := a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[httpapi.Data[view]](), true, "")
	httpapi.Raw(a, httpapi.Route{
		ID: "upload-episode-file", Lasting: true, Method: http.MethodPost, Path: episodePath, Tag: tag, Access: httpapi.Editor,
		Message: uploaded, Errors: []int{http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusTooManyRequests},
		Status: http.StatusCreated, Emits: created, Summary: "Upload a file to an episode", Description: uploadText,
		MaxBody: s.cfg.MaxUpload + overhead, PerUser: uploadsPerUser, Document: documentUpload(answer, true),
	}, http.HandlerFunc(s.postToEpisode))
	httpapi.Raw(a, httpapi.Route{
		ID: "upload-file", Lasting: true, Method: http.MethodPost, Path: filesPath, Tag: tag, Access: httpapi.Editor,
		Message: uploaded, Errors: []int{http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusTooManyRequests},
		Status: http.StatusCreated, Emits: created, Summary: "Upload a file of one's own",
		Description: uploadText + " Only the caller and admins may read it.",
		MaxBody:     s.cfg.MaxUpload + overhead, PerUser: uploadsPerUser, Document: documentUpload(answer, false),
	}, http.HandlerFunc(s.postOwn))
	httpapi.Raw(a, httpapi.Route{
		ID: "get-file-content", Lasting: true, Method: http.MethodGet, Path: filesPath + "/{id}/content", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Download a file",
		Description: "Takes Range (in bytes; another unit is ignored), If-Range, If-None-Match and HEAD. Pictures, sound, films and plain text may be shown by a " +
			"browser; all else is for saving.",
		Document: documentContent,
	}, http.HandlerFunc(s.getContent))
}

// view is a file on the wire.
type view struct {
	ID          string      `json:"id" doc:"ID of the file."`
	EpisodeID   *string     `json:"episode_id" doc:"The episode that it belongs to; null for one of its owner's own."`
	Name        string      `json:"name" doc:"With its extension, made safe for every system." example:"still-1.jpg"`
	Size        int64       `json:"size" doc:"In bytes."`
	ContentType string      `json:"content_type" doc:"As found in the content."`
	SHA256      string      `json:"sha256" doc:"Of the content, in hexadecimal."`
	CreatedBy   string      `json:"created_by" doc:"Who uploaded or made it: the ID of a user, or of an application (app-…)."`
	CreatedAt   time.Time   `json:"created_at" doc:"When it was uploaded or made."`
	ExpiresAt   *time.Time  `json:"expires_at,omitempty" doc:"When it is deleted by itself."`
	URL         string      `json:"url" doc:"Path of the content."`
	Thumbnails  *thumbnails `json:"thumbnails,omitempty" doc:"Paths of smaller pictures, once they were made."`

	CreatedByName *string `json:"created_by_name" doc:"What that user or application is called now; null where nobody knows it."`
}

type thumbnails struct {
	Small  string `json:"small,omitempty" doc:"Path of the picture of at most 320 pixels."`
	Medium string `json:"medium,omitempty" doc:"Path of the picture of at most 640 pixels."`
	Large  string `json:"large,omitempty" doc:"Path of the picture of at most 1280 pixels."`
}

// views returns files with the names of who made them.
func (s *Service) views(ctx context.Context, files ...File) []view {
	names := map[string]string{}
	if s.cfg.Names != nil {
		ids := make([]string, len(files))
		for i, f := range files {
			ids[i] = f.CreatedBy
		}
		names = s.cfg.Names.Names(ctx, ids)
	}
	views := make([]view, len(files))
	for i, f := range files {
		views[i] = s.viewOf(f)
		if name, known := names[f.CreatedBy]; known {
			views[i].CreatedByName = &name
		}
	}
	return views
}

// viewOf returns a file without that name.
func (s *Service) viewOf(f File) view {
	v := view{
		ID: f.ID, EpisodeID: f.EpisodeID, Name: f.Name, Size: f.Size, ContentType: f.ContentType, SHA256: f.SHA256,
		CreatedBy: f.CreatedBy, CreatedAt: f.CreatedAt, ExpiresAt: f.ExpiresAt, URL: s.urlOf(f.ID),
	}
	if len(f.Variants) > 0 {
		v.Thumbnails = &thumbnails{Small: s.urlOf(f.Variants[Small]), Medium: s.urlOf(f.Variants[Medium]), Large: s.urlOf(f.Variants[Large])}
	}
	return v
}

func (s *Service) urlOf(id string) string {
	if id == "" {
		return ""
	}
	return s.URL(id)
}

type pageOfEpisode struct {
	httpapi.IDInput
	httpapi.PageInput
}

func (s *Service) getOfEpisode(ctx context.Context, in *pageOfEpisode) (*httpapi.ListBody[view], error) {
	list, err := s.OfEpisode(ctx, in.ID, in.Page())
	return s.listOf(ctx, list, err, in.Page())
}

func (s *Service) getOwn(ctx context.Context, in *httpapi.PageInput) (*httpapi.ListBody[view], error) {
	list, err := s.Own(ctx, in.Page())
	return s.listOf(ctx, list, err, in.Page())
}

func (s *Service) listOf(ctx context.Context, list callboard.List[File], err error, page callboard.Page) (*httpapi.ListBody[view], error) {
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(callboard.List[view]{Items: s.views(ctx, list.Items...), NextCursor: list.NextCursor}, page), nil
}

func (s *Service) getOne(ctx context.Context, in *httpapi.IDInput) (*httpapi.Body[view], error) {
	f, err := s.Get(ctx, in.ID)
	return s.answerOf(ctx, f, err)
}

type patchInput struct {
	httpapi.IDInput
	Body struct {
		Name callboard.Optional[string] `json:"name,omitempty" minLength:"1" maxLength:"255" doc:"The new name."`
	}
}

func (s *Service) patch(ctx context.Context, in *patchInput) (*httpapi.Body[view], error) {
	if !in.Body.Name.Set {
		f, err := s.Get(ctx, in.ID)
		return s.answerOf(ctx, f, err)
	}
	f, err := s.Rename(ctx, in.ID, in.Body.Name.Value)
	return s.answerOf(ctx, f, err)
}

func (s *Service) delete(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
	return nil, s.Delete(ctx, in.ID)
}

func (s *Service) answerOf(ctx context.Context, f File, err error) (*httpapi.Body[view], error) {
	if err != nil {
		return nil, err
	}
	return httpapi.OK(s.views(ctx, f)[0]), nil
}

// pathID returns the ID in the path of a raw route.
func pathID(r *http.Request) (string, error) {
	id := r.PathValue("id")
	var v callboard.Validator
	v.Check(callboard.ValidID(strings.ToLower(id)), "path.id", "must be a UUID")
	return id, v.Err()
}

// uploaded is the message of an upload.
const uploaded = "File uploaded successfully"

const uploadText = "The body is multipart/form-data with one part named file. It is stored as it comes. What it is, is found in " +
	"the content; the type that is sent along is ignored, and its name is made safe. A name is UTF-8; bytes that are not are read as " +
	"Latin-1 (Windows-1252), and filename* of RFC 5987 is understood in both charsets. A user may send 16 at once; 429 for more."

// documentUpload describes the multipart body and the answer.
func documentUpload(answer *huma.Schema, ofEpisode bool) func(*huma.Operation) {
	return func(op *huma.Operation) {
		if ofEpisode {
			op.Parameters = append(op.Parameters, idParameter())
		}
		op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
			"multipart/form-data": {Schema: &huma.Schema{
				Type: huma.TypeObject, Required: []string{"file"}, AdditionalProperties: false,
				Properties: map[string]*huma.Schema{
					"file": {Type: huma.TypeString, Format: "binary", Description: "The content, with its name."},
				},
			}, Example: map[string]any{"file": "the content of still-1.jpg"}},
		}}
		op.Responses = map[string]*huma.Response{
			"201": {Description: "Created", Content: map[string]*huma.MediaType{"application/json": {Schema: answer}}},
		}
	}
}

func documentContent(op *huma.Operation) {
	op.Parameters = append(op.Parameters, idParameter(), &huma.Param{
		Name: "download", In: "query", Schema: &huma.Schema{Type: huma.TypeBoolean},
		Description: "For saving, whatever it is.",
	})
	content := map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	text := &huma.Schema{Type: huma.TypeString}
	headers := map[string]*huma.Header{
		"ETag":                {Description: "The SHA-256 of the content.", Schema: text},
		"Content-Disposition": {Description: "The name of the file, and whether it may be shown.", Schema: text},
	}
	op.Responses = map[string]*huma.Response{
		"200": {Description: "The content, with its own media type", Content: content, Headers: headers},
		"206": {Description: "The parts that were asked for", Content: content, Headers: headers},
		"304": {Description: "Not changed"},
		"416": {Description: "The range is outside of the content"},
	}
}

func idParameter() *huma.Param {
	return &huma.Param{
		Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString, Format: "uuid"},
		Description: "ID of the resource.",
	}
}
