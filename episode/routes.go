package episode

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/internal/keylock"
)

const (
	tag  = "Episodes"
	path = "/api/v1/episodes"
)

// Routes adds the routes of episodes to a.
func (s *Service) Routes(a huma.API) {
	s.readRoutes(a)
	s.writeRoutes(a)
	s.bulkRoute(a)
	s.watchRoutes(a)
}

func (s *Service) readRoutes(a huma.API) {
	var searches searches
	httpapi.Register(a, httpapi.Route{
		ID: "list-episodes", Method: http.MethodGet, Path: path, Tag: tag, Access: httpapi.SignedIn,
		Summary: "List episodes, newest first unless sorted otherwise",
	}, func(ctx context.Context, in *listInput) (*httpapi.ListBody[view], error) {
		return s.getList(ctx, in, &searches)
	})
	httpapi.Register(a, httpapi.Route{
		ID: "episode-totals", Method: http.MethodGet, Path: path + "/totals", Tag: tag, Access: httpapi.SignedIn,
		Summary:     "Count episodes by status, and by show",
		Description: "Takes the filters of the list, which has no totals itself: so no page waits for a count.",
	}, func(ctx context.Context, in *totalsInput) (*httpapi.Body[Totals], error) {
		return s.getTotals(ctx, in, &searches)
	})
	httpapi.Register(a, httpapi.Route{
		ID: "get-episode", Method: http.MethodGet, Path: path + "/{id}", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Get an episode and who looks at it",
		Description: "The caller becomes one of its viewers, until the presence TTL runs out, its last socket that follows the viewers " +
			"is gone, or DELETE /presence/viewers. " +
			"An application with a service token does not, nor does who reads with track=false.",
	}, s.getOne)
}

func (s *Service) writeRoutes(a huma.API) {
	changed := []string{
		callboard.EpisodeUpdated.Name, callboard.EpisodePublished.Name, callboard.EpisodeArchived.Name,
	}
	httpapi.Register(a, httpapi.Route{
		ID: "create-episode", Method: http.MethodPost, Path: path, Tag: tag, Access: httpapi.Editor,
		Message: "Episode created successfully", Errors: []int{http.StatusNotFound},
		Example: `{"show_id":"0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62","season_number":1,"title":"Dead Reckoning","status":"draft","air_date":"2026-03-14","categories":["drama"]}`,
		Status:  http.StatusCreated, Emits: []string{callboard.EpisodeCreated.Name}, Summary: "Create an episode",
		Description: "Under a show, a missing episode_number becomes the next free one.",
	}, s.post)
	httpapi.Register(a, httpapi.Route{
		ID: "replace-episode", Method: http.MethodPut, Path: path + "/{id}", Tag: tag, Access: httpapi.Editor,
		Message: "Episode updated successfully", Errors: []int{http.StatusConflict}, Example: `{"title":"Dead Reckoning","status":"pending"}`,
		Emits: changed, Summary: "Replace an episode",
		Description: "A field that is left out is cleared, but for the status, and for the number while show and season stay.",
	}, s.put)
	httpapi.Register(a, httpapi.Route{
		ID: "update-episode", Method: http.MethodPatch, Path: path + "/{id}", Tag: tag, Access: httpapi.Editor,
		Message: "Episode updated successfully", Errors: []int{http.StatusConflict}, Example: `{"status":"published"}`,
		Emits: changed, Summary: "Change some fields of an episode",
		Description: "Emits one event. A change that changes nothing writes nothing and emits none.",
	}, s.patch)
	httpapi.Register(a, httpapi.Route{
		ID: "delete-episode", Method: http.MethodDelete, Path: path + "/{id}", Tag: tag, Access: httpapi.Editor,
		Emits: []string{callboard.EpisodeDeleted.Name}, Summary: "Delete an episode; it can be restored",
	}, s.delete)
	httpapi.Register(a, httpapi.Route{
		ID: "restore-episode", Method: http.MethodPost, Path: path + "/{id}/restore", Tag: tag, Access: httpapi.Editor,
		Message: "Episode restored successfully",
		Emits:   []string{callboard.EpisodeRestored.Name}, Summary: "Restore a deleted episode",
	}, s.restore)
}

const aboutWatching = "No error if that is so already. Who watches the show of an episode is notified of its changes, too: this changes nothing about that."

func (s *Service) watchRoutes(a huma.API) {
	if s.cfg.Watches == nil {
		a = httpapi.Off(a, "notifications are switched off, and watching with them")
	}
	httpapi.Register(a, httpapi.Route{
		ID: "watch-episode", Method: http.MethodPut, Path: path + "/{id}/watch", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Be notified of changes of an episode", Description: aboutWatching,
	}, s.putWatch)
	httpapi.Register(a, httpapi.Route{
		ID: "unwatch-episode", Method: http.MethodDelete, Path: path + "/{id}/watch", Tag: tag, Access: httpapi.SignedIn,
		Summary: "No longer be notified of changes of an episode", Description: aboutWatching,
	}, s.deleteWatch)
}

// The types of the API, by whose names its document calls them.
type (
	view struct {
		Episode
		CreatedByName *string `json:"created_by_name" doc:"What that user or application is called now; null where nobody knows it."`
	}
	body      Input
	patchBody Patch
)

// views returns episodes with the names of who made them.
func (s *Service) views(ctx context.Context, episodes ...Episode) []view {
	names := map[string]string{}
	if s.cfg.Names != nil {
		ids := make([]string, len(episodes))
		for i, e := range episodes {
			ids[i] = e.CreatedBy
		}
		names = s.cfg.Names.Names(ctx, ids)
	}
	views := make([]view, len(episodes))
	for i, e := range episodes {
		views[i].Episode = e
		if name, known := names[e.CreatedBy]; known {
			views[i].CreatedByName = &name
		}
	}
	return views
}

// answer is one episode, with its version as ETag.
type answer struct {
	ETag string `header:"ETag"`
	Body httpapi.Data[view]
}

func (s *Service) answerOf(ctx context.Context, e Episode, err error) (*answer, error) {
	if err != nil {
		return nil, err
	}
	return &answer{ETag: httpapi.ETag(e.Version), Body: httpapi.Data[view]{Data: s.views(ctx, e)[0]}}, nil
}

// FilterInput is embedded by inputs of operations on episodes that pass a filter.
type FilterInput struct {
	Status    []string `query:"status,explode" enum:"draft,pending,approved,rejected,published,archived" maxItems:"6" doc:"Only those with this status; repeated, with any of these."`
	ShowID    []string `query:"show_id,explode" maxItems:"100" doc:"Only those of this show; repeated, of any of these."`
	Q         string   `query:"q" maxLength:"200" doc:"Occurs in the title; case and accents make no difference."`
	AirFrom   string   `query:"air_date_from" format:"date" doc:"Only those that air on this day or later."`
	AirTo     string   `query:"air_date_to" format:"date" doc:"Only those that air on this day or earlier."`
	NoAirDate bool     `query:"no_air_date" doc:"Only those without an air date. Does not go together with air_date_from and air_date_to."`
	Deleted   bool     `query:"deleted" doc:"The deleted ones, instead of the living."`
}

func (in *FilterInput) filter() Filter {
	f := Filter{ShowIDs: in.ShowID, Text: in.Q, AirFrom: in.AirFrom, AirTo: in.AirTo, NoAirDate: in.NoAirDate, Deleted: in.Deleted}
	for _, status := range in.Status {
		f.Statuses = append(f.Statuses, Status(status))
	}
	return f
}

// searches holds, by the IDs of who asks, the reading of all episodes for a text: who sends forty at once waits for those alone, and
// leaves room for everybody else.
type searches struct{ keylock.Mutex[string] }

func (s *searches) turn(ctx context.Context, f Filter) (done func(), err error) {
	if f.Text == "" {
		return func() {}, nil
	}
	return s.Lock(ctx, callboard.ActorFrom(ctx).Ref().ID)
}

type listInput struct {
	FilterInput
	Sort string `query:"sort" enum:"created_at,-created_at,updated_at,-updated_at,title,-title,air_date,-air_date,number,-number,show,-show" default:"-created_at" doc:"Order; - is for descending. By number: season, then episode; by show: the oldest show first, then by number."`
	httpapi.PageInput
}

func (s *Service) getList(ctx context.Context, in *listInput, searches *searches) (*httpapi.ListBody[view], error) {
	f := in.filter()
	done, err := searches.turn(ctx, f)
	if err != nil {
		return nil, err
	}
	defer done()
	list, err := s.List(ctx, f, Sort(in.Sort), in.Page())
	if err != nil {
		return nil, err
	}
	return httpapi.ListOf(callboard.List[view]{Items: s.views(ctx, list.Items...), NextCursor: list.NextCursor}, in.Page()), nil
}

type totalsInput struct {
	FilterInput
	By string `query:"by" enum:"show" doc:"show: tells the totals of each show, too."`
}

func (s *Service) getTotals(ctx context.Context, in *totalsInput, searches *searches) (*httpapi.Body[Totals], error) {
	f := in.filter()
	done, err := searches.turn(ctx, f)
	if err != nil {
		return nil, err
	}
	defer done()
	totals, err := s.Totals(ctx, f, in.By == "show")
	return httpapi.OK(totals), err
}

// lookAnswer is one episode and who looks at it.
type lookAnswer struct {
	ETag string `header:"ETag"`
	Body struct {
		Data     view               `json:"data" doc:"The episode."`
		Viewers  []callboard.Viewer `json:"viewers" nullable:"false" doc:"Who looks at it now, the caller included, at most 1,000. Those who chose to be offline are left out."`
		Total    int                `json:"viewers_total" doc:"How many look at it."`
		Watching bool               `json:"watching" doc:"Whether the caller watches it. False for an application, and while notifications are switched off. The ETag does not tell of it."`
	}
}

type lookInput struct {
	httpapi.IDInput
	Track bool `query:"track" default:"true" doc:"False to read it without becoming one of its viewers."`
}

func (s *Service) getOne(ctx context.Context, in *lookInput) (*lookAnswer, error) {
	e, viewers, total, err := s.Look(ctx, in.ID, in.Track)
	if err != nil {
		return nil, err
	}
	out := &lookAnswer{ETag: httpapi.ETag(e.Version)}
	out.Body.Data, out.Body.Total = s.views(ctx, e)[0], total
	out.Body.Watching = s.Watching(ctx, e)
	out.Body.Viewers = append([]callboard.Viewer{}, viewers...) // [] rather than null
	return out, nil
}

func (s *Service) post(ctx context.Context, in *struct{ Body body }) (*answer, error) {
	e, err := s.Create(ctx, Input(in.Body))
	return s.answerOf(ctx, e, err)
}

type putInput struct {
	httpapi.IDInput
	httpapi.IfMatchInput
	Body body
}

func (s *Service) put(ctx context.Context, in *putInput) (*answer, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	e, err := s.Replace(ctx, in.ID, Input(in.Body), version)
	return s.answerOf(ctx, e, err)
}

type patchInput struct {
	httpapi.IDInput
	httpapi.IfMatchInput
	Body patchBody
}

func (s *Service) patch(ctx context.Context, in *patchInput) (*answer, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	e, err := s.Update(ctx, in.ID, Patch(in.Body), version)
	return s.answerOf(ctx, e, err)
}

type deleteInput struct {
	httpapi.IDInput
	httpapi.IfMatchInput
}

func (s *Service) delete(ctx context.Context, in *deleteInput) (*struct{}, error) {
	version, err := in.Version()
	if err != nil {
		return nil, err
	}
	return nil, s.Delete(ctx, in.ID, version)
}

func (s *Service) restore(ctx context.Context, in *httpapi.IDInput) (*answer, error) {
	e, err := s.Restore(ctx, in.ID)
	return s.answerOf(ctx, e, err)
}

func (s *Service) putWatch(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
	return nil, s.Watch(ctx, in.ID, true)
}

func (s *Service) deleteWatch(ctx context.Context, in *httpapi.IDInput) (*struct{}, error) {
	return nil, s.Watch(ctx, in.ID, false)
}
