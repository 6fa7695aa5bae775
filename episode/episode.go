package episode

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

// Status is where an episode stands.
type Status string

// The statuses. Any may follow any: the board records what a team decides and does not decide for it.
const (
	Draft     Status = "draft"
	Pending   Status = "pending"
	Approved  Status = "approved"
	Rejected  Status = "rejected"
	Published Status = "published"
	Archived  Status = "archived"
)

// Statuses lists all statuses in the order of the work.
func Statuses() []Status {
	return []Status{Draft, Pending, Approved, Rejected, Published, Archived}
}

// Episode is one episode, of a show or on its own.
type Episode struct {
	ID            string     `json:"id" doc:"ID of the episode."`
	ShowID        *string    `json:"show_id" doc:"The show that it belongs to."`
	SeasonNumber  *int       `json:"season_number" doc:"Season within the show, 0–9,999; 0 is for specials."`
	EpisodeNumber *int       `json:"episode_number" doc:"0–99,999; unique within show and season among those that are not deleted."`
	Title         string     `json:"title" doc:"1–255 characters."`
	Description   *string    `json:"description" doc:"At most 10,000 characters."`
	AirDate       *string    `json:"air_date" doc:"A date, such as 1963-11-23."`
	Status        Status     `json:"status" enum:"draft,pending,approved,rejected,published,archived" doc:"How far it has come."`
	Categories    []string   `json:"categories" nullable:"false" doc:"At most 20, of 1–50 characters each, none twice."`
	ThumbnailURL  *string    `json:"thumbnail_url" doc:"http or https, or the path of a file of this server."`
	Version       int64      `json:"version" doc:"Grows by one with each change; the ETag holds it."`
	CreatedBy     string     `json:"created_by" doc:"A user's ID, or that of an application (app-…)."`
	CreatedAt     time.Time  `json:"created_at" doc:"When it was created."`
	UpdatedAt     time.Time  `json:"updated_at" doc:"When it was changed last."`
	DeletedAt     *time.Time `json:"deleted_at,omitempty" doc:"When it was deleted; absent otherwise."`
}

// size returns about how many bytes e takes.
func (e Episode) size() int {
	n := 512 + len(e.Title) + len(strings.Join(e.Categories, ""))
	for _, text := range []*string{e.Description, e.ThumbnailURL} {
		if text != nil {
			n += len(*text)
		}
	}
	return n
}

// resourceType is what episodes are called in events.
const resourceType = "episode"

// Resource names the episode in events.
func (e Episode) Resource() callboard.Resource {
	return callboard.Resource{Type: resourceType, ID: e.ID, Name: e.Title}
}

// event returns an event of a kind about e. The show is what an episode belongs to; the watchers of one that it has left are told, too.
func (e Episode) event(ctx context.Context, kind callboard.EventDef[callboard.EpisodeData], changes callboard.Changes) callboard.Event {
	var around callboard.Relations
	if e.ShowID != nil {
		around.Parent = showResource(*e.ShowID)
	}
	event := kind.NewRelated(ctx, e.Resource(), around, e.data(changes))
	if left, _ := changes["show_id"].Old.(*string); left != nil {
		event.Audience = append(event.Audience, callboard.AudienceWatchers(showResource(*left)))
	}
	return event
}

func showResource(id string) callboard.Resource { return callboard.Resource{Type: "show", ID: id} }

func (e Episode) data(changes callboard.Changes) callboard.EpisodeData {
	return callboard.EpisodeData{
		Title: e.Title, Status: string(e.Status), ShowID: e.ShowID, SeasonNumber: e.SeasonNumber,
		EpisodeNumber: e.EpisodeNumber, AirDate: e.AirDate, Version: e.Version, Changes: changes,
	}
}

// Input is all that a caller may choose of an episode. Without EpisodeNumber one under a show gets the next free number;
// without Status a new one is a draft, and one that is replaced keeps its own.
type Input struct {
	ShowID        *string  `json:"show_id,omitempty" format:"uuid" doc:"The show that it belongs to."`
	SeasonNumber  *int     `json:"season_number,omitempty" minimum:"0" maximum:"9999" doc:"Season within the show; 0 is for specials."`
	EpisodeNumber *int     `json:"episode_number,omitempty" minimum:"0" maximum:"99999" doc:"Unique within show and season. Left out: the next free one."`
	Title         string   `json:"title" minLength:"1" maxLength:"255" doc:"What it is called."`
	Description   *string  `json:"description,omitempty" maxLength:"10000" doc:"What it is about."`
	AirDate       *string  `json:"air_date,omitempty" format:"date" doc:"When it airs."`
	Status        Status   `json:"status,omitempty" enum:"draft,pending,approved,rejected,published,archived" doc:"How far it has come; a new one is a draft unless this says otherwise."`
	Categories    []string `json:"categories,omitempty" maxItems:"20" nullable:"false" doc:"At most 20, of 1–50 characters each, none twice."`
	ThumbnailURL  *string  `json:"thumbnail_url,omitempty" maxLength:"2048" doc:"http or https, or the path of a file of this server."`
}

// Patch changes some fields of an episode.
type Patch struct {
	ShowID        callboard.Optional[*string]  `json:"show_id,omitempty" format:"uuid" doc:"The show that it belongs to; null takes it out."`
	SeasonNumber  callboard.Optional[*int]     `json:"season_number,omitempty" minimum:"0" maximum:"9999" doc:"Season within the show; 0 is for specials."`
	EpisodeNumber callboard.Optional[*int]     `json:"episode_number,omitempty" minimum:"0" maximum:"99999" doc:"Unique within show and season."`
	Title         callboard.Optional[string]   `json:"title,omitempty" minLength:"1" maxLength:"255" doc:"What it is called."`
	Description   callboard.Optional[*string]  `json:"description,omitempty" maxLength:"10000" doc:"What it is about."`
	AirDate       callboard.Optional[*string]  `json:"air_date,omitempty" format:"date" doc:"When it airs."`
	Status        callboard.Optional[Status]   `json:"status,omitempty" enum:"draft,pending,approved,rejected,published,archived" doc:"How far it has come."`
	Categories    callboard.Optional[[]string] `json:"categories,omitempty" maxItems:"20" doc:"At most 20, of 1–50 characters each, none twice."`
	ThumbnailURL  callboard.Optional[*string]  `json:"thumbnail_url,omitempty" maxLength:"2048" doc:"http or https, or the path of a file of this server."`
}

func (in Input) apply(e *Episode) {
	e.ShowID, e.SeasonNumber, e.EpisodeNumber = in.ShowID, in.SeasonNumber, in.EpisodeNumber
	e.Title, e.Description, e.AirDate = in.Title, in.Description, in.AirDate
	e.Categories, e.ThumbnailURL = notNil(in.Categories), in.ThumbnailURL
	if in.Status != "" {
		e.Status = in.Status
	}
}

func (p Patch) apply(e *Episode) {
	p.ShowID.Apply(&e.ShowID)
	p.SeasonNumber.Apply(&e.SeasonNumber)
	p.EpisodeNumber.Apply(&e.EpisodeNumber)
	p.Title.Apply(&e.Title)
	p.Description.Apply(&e.Description)
	p.AirDate.Apply(&e.AirDate)
	p.Status.Apply(&e.Status)
	p.Categories.Apply(&e.Categories)
	p.ThumbnailURL.Apply(&e.ThumbnailURL)
	e.Categories = notNil(e.Categories)
}

// notNil leaves one way to have no categories, here and in JSON.
func notNil(categories []string) []string {
	if categories == nil {
		return []string{}
	}
	return categories
}

// Diff returns what a caller may choose and differs in next.
func (e Episode) Diff(next Episode) callboard.Changes {
	changes := callboard.Changes{}
	changes.Compare("show_id", e.ShowID, next.ShowID)
	changes.Compare("season_number", e.SeasonNumber, next.SeasonNumber)
	changes.Compare("episode_number", e.EpisodeNumber, next.EpisodeNumber)
	changes.Compare("title", e.Title, next.Title)
	changes.Compare("description", e.Description, next.Description)
	changes.Compare("air_date", e.AirDate, next.AirDate)
	changes.Compare("status", e.Status, next.Status)
	changes.Compare("categories", e.Categories, next.Categories)
	changes.Compare("thumbnail_url", e.ThumbnailURL, next.ThumbnailURL)
	return changes
}

// MaxNumber is the highest number of an episode within its season.
const MaxNumber = 99_999

// Further limits of an episode.
const (
	maxSeason        = 9_999
	maxCategories    = 20
	maxCategoryRunes = 50
)

// check applies the rules that need no look at other episodes.
func (e Episode) check() error {
	_, dateErr := time.Parse(time.DateOnly, orZero(e.AirDate))
	var v callboard.Validator
	v.Title("title", e.Title)
	v.Text("description", e.Description, callboard.MaxDescription)
	v.Check(e.ThumbnailURL == nil || isFile(*e.ThumbnailURL) || callboard.ValidURL(*e.ThumbnailURL), "thumbnail_url",
		"must be an http or https URL of at most %d characters, or the path of a file: /api/v1/files/ID/content", callboard.MaxURL)
	v.Check(e.ShowID == nil || callboard.ValidID(*e.ShowID), "show_id", "must be the ID of a show")
	v.Check(within(e.SeasonNumber, maxSeason), "season_number", "must be 0 to %d", maxSeason)
	v.Check(within(e.EpisodeNumber, MaxNumber), "episode_number", "must be 0 to %d", MaxNumber)
	v.Check(e.AirDate == nil || dateErr == nil, "air_date", "must be a date such as 1963-11-23")
	v.Check(slices.Contains(Statuses(), e.Status), "status", "must be one of draft, pending, approved, rejected, published, archived")
	checkCategories(&v, e.Categories)
	return v.Err()
}

// isFile reports whether s is the path by which this server gives out the content of one of its files. That there is such
// a file is not asked: it may be deleted at any time, as may be what a link leads to.
func isFile(s string) bool {
	before, rest, ok := strings.Cut(s, "/api/v1/files/")
	id, isContent := strings.CutSuffix(rest, "/content")
	return ok && isContent && callboard.ValidID(id) && httpapi.ValidPrefix(before)
}

func within(n *int, highest int) bool { return n == nil || *n >= 0 && *n <= highest }

func checkCategories(v *callboard.Validator, categories []string) {
	v.Check(len(categories) <= maxCategories, "categories", "must be at most %d", maxCategories)
	for i, c := range categories {
		field := fmt.Sprintf("categories[%d]", i)
		v.Text(field, &c, maxCategoryRunes)
		v.Check(c != "", field, "must not be empty")
		v.Check(slices.Index(categories, c) == i, field, "is there twice")
	}
}
