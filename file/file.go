package file

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/callboard/callboard"
)

// File is a file and what is known of its content. The content itself is in a Storage and never changes: a new content is
// a new file.
type File struct {
	ID          string
	EpisodeID   *string        // nil: it belongs to nobody but its owner
	JobID       *string        // of the job that made it
	VariantOf   *string        // of the file that it is another size of
	Variant     string         // Small, Medium or Large, for a variant
	Name        string         // 1–255 bytes: a plain name, safe to give to a file on any system
	Size        int64          // bytes
	ContentType string         // as found in the content, whatever its sender said
	SHA256      string         // of the content, in hexadecimal
	CreatedBy   string         // the owner
	MinRole     callboard.Role // that the owner must have to read it: what is in it was for that role alone. Empty: any
	CreatedAt   time.Time
	ExpiresAt   *time.Time        // when it is deleted by itself
	Variants    map[string]string // IDs of its variants, by their names

	key string // of the content in storage
}

// The variants that a file may have.
const (
	Small  = "small"
	Medium = "medium"
	Large  = "large"
)

// Variants lists the names that a variant may have.
func Variants() []string { return []string{Small, Medium, Large} }

// resourceType is what files are called in events.
const resourceType = "file"

// Private reports whether only the owner and admins may know of the file.
func (f File) Private() bool { return f.EpisodeID == nil }

// Resource names the file in events. A private one has no name there: everybody reads the activity log.
func (f File) Resource() callboard.Resource {
	res := callboard.Resource{Type: resourceType, ID: f.ID}
	if !f.Private() {
		res.Name = f.Name
	}
	return res
}

func (f File) data(changes callboard.Changes) callboard.FileData {
	data := callboard.FileData{OwnerID: f.CreatedBy, Size: f.Size, ContentType: f.ContentType}
	if !f.Private() {
		data.Name, data.SHA256, data.EpisodeID, data.Changes = f.Name, f.SHA256, f.EpisodeID, changes
	}
	return data
}

// readableBy reports whether actor may know of the file.
func (f File) readableBy(actor callboard.Actor) bool {
	if actor.IsZero() {
		return false
	}
	return !f.Private() || actor.Role == callboard.RoleAdmin ||
		f.CreatedBy == actor.ID && (f.MinRole == "" || actor.Role.Includes(f.MinRole))
}

// eventOf returns the event of a kind about f. That of a file of an episode reaches those who follow the episode too; that
// of a private file its owner alone.
func eventOf(ctx context.Context, kind callboard.EventDef[callboard.FileData], f File, changes callboard.Changes) callboard.Event {
	if f.Private() {
		e := callboard.NewEvent(ctx, kind.Name, f.Resource(), f.data(nil))
		e.Channels = []string{callboard.UserChannel(f.CreatedBy)}
		return e
	}
	episode := callboard.Resource{Type: "episode", ID: *f.EpisodeID}
	return kind.NewRelated(ctx, f.Resource(), callboard.Relations{Parent: episode}, f.data(changes))
}

// fileAt returns the ID of the file whose content is at a URL, or "". The URL may name the server, and a path prefix that it had.
func fileAt(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	path, found := strings.CutSuffix(u.Path, "/content")
	i := strings.LastIndex(path, filesPath+"/")
	if !found || i < 0 {
		return ""
	}
	return strings.ToLower(path[i+len(filesPath)+1:])
}

// URL returns where the content of a file is downloaded: a path of the server.
func (s *Service) URL(id string) string { return s.cfg.PathPrefix + filesPath + "/" + id + "/content" }
