package activity

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

const tag = "Activity"

// maxBulkBody bounds the body of a bulk call, in bytes.
const maxBulkBody = 8 << 20

const aboutReadable = "Durable when answered; it can be read a moment later, and with wait at once. Naming another user needs the admin " +
	"role or a service token. Without user_id an entry is by the caller: the user, or the application whose service token it is. Who " +
	"is neither an admin nor an application writes about what it may read, and about things of its own: under a resource type of its " +
	"own, or an ID that is not a UUID. What an application does not let it read is refused."

const shortPages = "Entries about what an application does not let the caller read are left out, unless their event went to everybody. " +
	"A page may hold fewer entries than its limit, even none, where much had to be looked through: there is more " +
	"as long as next_cursor is set."

// Routes adds the routes of the log to a.
func (s *Service) Routes(a huma.API) {
	emits := []string{callboard.ActivityLogged.Name}
	httpapi.Register(a, httpapi.Route{
		ID: "log-activity", Method: http.MethodPost, Path: "/api/v1/activity", Tag: tag, Access: httpapi.SignedIn,
		Message: "Activity logged successfully", Errors: []int{http.StatusNotFound},
		Example: `{"action":"reviewed_cut","resource_type":"cut","resource_id":"v3","resource_name":"Cut 3","metadata":{"minutes":42}}`,
		Status:  http.StatusCreated, Emits: emits, Summary: "Log an activity",
		Description: aboutReadable,
	}, s.postEntry)
	httpapi.Register(a, httpapi.Route{
		ID: "bulk-log-activity", Method: http.MethodPost, Path: "/api/v1/activity/bulk", Tag: tag, Access: httpapi.SignedIn,
		Message: "Activities logged successfully", Errors: []int{http.StatusNotFound},
		Example: `{"entries":[{"action":"reviewed_cut","resource_type":"cut","resource_id":"v3"},{"action":"approved_cut","resource_type":"cut","resource_id":"v3"}]}`,
		Status:  http.StatusCreated, Emits: emits, MaxBody: maxBulkBody, Summary: "Log up to 1,000 activities, all or none",
		Description: aboutReadable,
	}, s.postBulk)
	httpapi.Register(a, httpapi.Route{
		ID: "activity-feed", Method: http.MethodGet, Path: "/api/v1/activity/feed", Tag: tag, Access: httpapi.SignedIn,
		Summary: "Everything that happened, newest first", Description: shortPages,
	}, s.getFeed)
	httpapi.Register(a, httpapi.Route{
		ID: "activity-by-resource", Method: http.MethodGet, Path: "/api/v1/activity/resource/{type}/{id}", Tag: tag,
		Access: httpapi.SignedIn, Errors: []int{http.StatusNotFound}, Summary: "What happened to one resource, newest first",
	}, s.getByResource)
	httpapi.Register(a, httpapi.Route{
		ID: "activity-by-user", Method: http.MethodGet, Path: "/api/v1/activity/user/{id}", Tag: tag,
		Access: httpapi.SignedIn, Summary: "What one user did, newest first",
	}, s.getByUser)
	httpapi.Register(a, httpapi.Route{
		ID: "search-activity", Method: http.MethodGet, Path: "/api/v1/activity/search", Tag: tag,
		Access: httpapi.SignedIn, Summary: "Full-text search, newest first",
		Description: "Finds entries in which every word occurs, or a word that begins with it, and which pass all filters that are given. " + shortPages,
	}, s.getSearch)
	httpapi.Register(a, httpapi.Route{
		ID: "activity-stats", Method: http.MethodGet, Path: "/api/v1/activity/stats", Tag: tag,
		Access: httpapi.SignedIn, Summary: "Counts per source, action, user and day",
		Description: "Entries that are private, such as those of sign-ins, are counted for admins only, and in by_user for nobody.",
	}, s.getStats)
	httpapi.Register(a, httpapi.Route{
		ID: "activity-counts", Method: http.MethodGet, Path: "/api/v1/activity/counts", Tag: tag, Errors: []int{http.StatusNotFound},
		Access: httpapi.SignedIn, Summary: "Counts per hour or day of a time zone, and per person, of what passes a filter",
		Description: "Default: the last 30 days, or 48 hours; at most 366 days, or 32 days of hours. The newest 50,000 entries of the one filter that has an " +
			"index are gone through (the resource, else user_id, else action, else resource_type), and what is counted of them is exact; where there are more, " +
			"complete is false. Statistics of whole days in UTC, without a filter, are exact at any size: see stats. " +
			"Entries that are private, such as those of sign-ins, are counted for admins only.",
	}, s.getCounts)
	httpapi.Register(a, httpapi.Route{
		ID: "export-activity", Lasting: true, Method: http.MethodGet, Path: "/api/v1/activity/export", Tag: tag,
		Access: httpapi.SignedIn, Heavy: true, Summary: "Download the log as CSV, NDJSON or XLSX, streamed",
		Document: httpapi.Streamed("pos,created_at,user_name,action\r\n1042,2026-03-14T09:26:53Z,Ada Quill,published_episode\r\n",
			"text/csv", callboard.NDJSON.ContentType(), callboard.XLSX.ContentType()),
	}, s.getExport)
	s.proofRoutes(a)
}

// view is an entry on the wire.
type view struct {
	ID           string          `json:"id" doc:"ID of the event behind the entry."`
	Pos          int64           `json:"pos" doc:"Position of that event."`
	UserID       string          `json:"user_id" doc:"Who did it: a user, an application (app-…) or system."`
	UserName     string          `json:"user_name" doc:"Name of who did it, as it was then."`
	Action       string          `json:"action" doc:"What was done, such as published_episode."`
	Source       Source          `json:"source" enum:"callboard,application" doc:"Whose word it is: what Callboard did itself, or what an application logged."`
	ResourceType string          `json:"resource_type" doc:"Type of the resource that it was done to."`
	ResourceID   string          `json:"resource_id" doc:"ID of the resource."`
	ResourceName string          `json:"resource_name" doc:"Name of the resource, as it was then."`
	Metadata     json.RawMessage `json:"metadata" doc:"A JSON object. \"changes\" holds the old and new value of each field."`
	IP           string          `json:"ip,omitempty" doc:"For admins only."`
	UserAgent    string          `json:"user_agent,omitempty" doc:"For admins only."`
	CreatedAt    time.Time       `json:"created_at" doc:"When it happened."`
}

func viewOf(e Entry) view {
	return view{
		ID: e.EventID, Pos: e.Pos, UserID: e.UserID, UserName: e.UserName, Action: e.Action, Source: e.Source,
		ResourceType: e.Resource.Type, ResourceID: e.Resource.ID, ResourceName: e.Resource.Name,
		Metadata: e.Metadata, IP: e.IP, UserAgent: e.UserAgent, CreatedAt: e.CreatedAt,
	}
}

// entryBody is an entry to be logged. Its rules are those of Input; the service checks them.
type entryBody struct {
	UserID       string         `json:"user_id,omitempty" maxLength:"128" doc:"Who did it: the UUID of an account, or an ID of an application's own. Default: the caller."`
	Action       string         `json:"action" maxLength:"64" doc:"What was done, in a word of your own, such as reviewed_cut."`
	ResourceType string         `json:"resource_type" maxLength:"64" doc:"Type of the resource that it was done to."`
	ResourceID   string         `json:"resource_id" maxLength:"128" doc:"ID of the resource."`
	ResourceName string         `json:"resource_name,omitempty" maxLength:"255" doc:"Name of the resource, for people."`
	Metadata     map[string]any `json:"metadata,omitempty" doc:"At most 16 KB."`
}

func (b entryBody) input() Input {
	return Input{
		UserID: b.UserID, Action: b.Action, Metadata: b.Metadata,
		Resource: callboard.Resource{Type: b.ResourceType, ID: b.ResourceID, Name: b.ResourceName},
	}
}

type logged struct {
	ID string `json:"id" doc:"ID of the event behind the entry."`
}

type entryInput struct{ Body entryBody }

func (s *Service) postEntry(ctx context.Context, in *entryInput) (*httpapi.Body[logged], error) {
	id, err := s.Log(ctx, in.Body.input())
	if err != nil {
		return nil, err
	}
	return httpapi.OK(logged{ID: id}), nil
}

type bulkInput struct {
	Body struct {
		Entries []entryBody `json:"entries" minItems:"1" maxItems:"1000" doc:"The entries, in their order."`
	}
}

type bulkLogged struct {
	IDs []string `json:"ids" doc:"In the order of the entries."`
}

func (s *Service) postBulk(ctx context.Context, in *bulkInput) (*httpapi.Body[bulkLogged], error) {
	inputs := make([]Input, len(in.Body.Entries))
	for i, b := range in.Body.Entries {
		inputs[i] = b.input()
	}
	ids, err := s.BulkLog(ctx, inputs)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(bulkLogged{IDs: ids}), nil
}

// SourceInput narrows a list to the entries of one source. It is exported because huma passes over embedded types that are not.
type SourceInput struct {
	Source Source `query:"source" enum:"callboard,application" doc:"Only what Callboard did itself, or only what applications logged."`
}

// FilterInput is the filter of feed and export.
type FilterInput struct {
	UserID       string `query:"user_id" maxLength:"128" doc:"Only what this user or application did."`
	Action       string `query:"action" maxLength:"64" doc:"Only this action."`
	ResourceType string `query:"resource_type" maxLength:"64" doc:"Only what was done to resources of this type."`
	SourceInput
	Since time.Time `query:"since" doc:"RFC 3339, inclusive."`
	Until time.Time `query:"until" doc:"RFC 3339, exclusive."`
}

func (in FilterInput) filter() Filter {
	return Filter{
		UserID: in.UserID, Action: in.Action, Source: in.Source, Resource: callboard.Resource{Type: in.ResourceType},
		Since: in.Since, Until: in.Until,
	}
}

type feedInput struct {
	FilterInput
	httpapi.WaitInput
	httpapi.PageInput
}

func (s *Service) getFeed(ctx context.Context, in *feedInput) (*httpapi.ListBody[view], error) {
	if err := in.Await(ctx, s.await); err != nil {
		return nil, err
	}
	list, err := s.Feed(ctx, in.filter(), in.Page())
	return httpapi.ListViews(list, err, in.Page(), viewOf)
}

type resourceInput struct {
	Type string `path:"type" maxLength:"64" pattern:"^[A-Za-z0-9][A-Za-z0-9_.-]*$" patternDescription:"letters, digits, _ - or ., beginning with a letter or digit" doc:"Type of the resource."`
	ID   string `path:"id" maxLength:"128" doc:"ID of the resource."`
	SourceInput
	httpapi.WaitInput
	httpapi.PageInput
}

func (s *Service) getByResource(ctx context.Context, in *resourceInput) (*httpapi.ListBody[view], error) {
	if err := in.Await(ctx, s.await); err != nil {
		return nil, err
	}
	res := callboard.Resource{Type: in.Type, ID: in.ID}
	if err := s.reader(ctx).rights.Check(ctx, res); err != nil {
		return nil, err
	}
	list, err := s.Feed(ctx, Filter{Resource: res, Source: in.Source}, in.Page())
	return httpapi.ListViews(list, err, in.Page(), viewOf)
}

type userInput struct {
	ID string `path:"id" maxLength:"128" doc:"A user's ID, that of an application (app-…), or \"system\"."`
	SourceInput
	httpapi.WaitInput
	httpapi.PageInput
}

func (s *Service) getByUser(ctx context.Context, in *userInput) (*httpapi.ListBody[view], error) {
	if err := in.Await(ctx, s.await); err != nil {
		return nil, err
	}
	list, err := s.Feed(ctx, Filter{UserID: in.ID, Source: in.Source}, in.Page())
	return httpapi.ListViews(list, err, in.Page(), viewOf)
}

type searchInput struct {
	Q          string `query:"q" required:"true" minLength:"1" maxLength:"200" doc:"Words, or their beginnings."`
	ResourceID string `query:"resource_id" maxLength:"128" doc:"With resource_type: only what was done to this resource."`
	FilterInput
	httpapi.WaitInput
	httpapi.PageInput
}

func (s *Service) getSearch(ctx context.Context, in *searchInput) (*httpapi.ListBody[view], error) {
	if err := in.Await(ctx, s.await); err != nil {
		return nil, err
	}
	f, err := in.filterWith(in.ResourceID)
	if err != nil {
		return nil, err
	}
	list, err := s.Search(ctx, in.Q, f, in.Page())
	return httpapi.ListViews(list, err, in.Page(), viewOf)
}

// filterWith returns the filter for one resource as well.
func (in FilterInput) filterWith(resourceID string) (Filter, error) {
	var v callboard.Validator
	v.Check(resourceID == "" || in.ResourceType != "", "query.resource_type", "is required with resource_id")
	f := in.filter()
	f.Resource.ID = resourceID
	return f, v.Err()
}

type countsInput struct {
	By         string `query:"by" enum:"hour,day" default:"day" doc:"What to count by."`
	TimeZone   string `query:"time_zone" maxLength:"64" default:"UTC" doc:"Whose hours and days: a name in the IANA time zone database."`
	ResourceID string `query:"resource_id" maxLength:"128" doc:"With resource_type: only what was done to this resource."`
	FilterInput
}

type countsView struct {
	By           string          `json:"by" enum:"hour,day" doc:"What is counted by."`
	TimeZone     string          `json:"time_zone" doc:"Whose hours and days these are."`
	Since        time.Time       `json:"since" doc:"From when on is counted, inclusive."`
	Until        time.Time       `json:"until" doc:"Until when, exclusive."`
	Total        int64           `json:"total" doc:"How many entries pass the filter."`
	ByTime       []timeCountView `json:"by_time" nullable:"false" doc:"Oldest first. Hours or days without entries are left out."`
	ByUser       []countView     `json:"by_user" nullable:"false" doc:"The 100 most active."`
	Complete     bool            `json:"complete" doc:"False where there is too much to count: then counted_since tells from when on it is counted."`
	CountedSince time.Time       `json:"counted_since" doc:"All from here on is counted."`
}

type timeCountView struct {
	Start time.Time `json:"start" doc:"When the hour or day begins, with the zone's offset." example:"2026-03-14T00:00:00+01:00"`
	Count int64     `json:"count" doc:"How many entries there are in it."`
}

func (s *Service) getCounts(ctx context.Context, in *countsInput) (*httpapi.Body[countsView], error) {
	f, err := in.filterWith(in.ResourceID)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(in.TimeZone)
	if err != nil || in.TimeZone == "Local" { // that would be the server's
		var v callboard.Validator
		v.Add("query.time_zone", "must be a name of the IANA time zone database, such as Europe/Berlin")
		return nil, v.Err()
	}
	c, err := s.Counts(ctx, f, in.By == "hour", zone)
	if err != nil {
		return nil, err
	}
	view := countsView{
		By: in.By, TimeZone: in.TimeZone, Since: c.Since, Until: c.Until, Total: c.Total, ByTime: make([]timeCountView, len(c.ByTime)),
		ByUser: countViews(c.ByUser), Complete: c.Complete, CountedSince: c.CountedSince,
	}
	for i, t := range c.ByTime {
		view.ByTime[i] = timeCountView{t.Start, t.Entries}
	}
	return httpapi.OK(view), nil
}

type statsInput struct {
	Days int `query:"days" minimum:"1" maximum:"366" default:"7" doc:"Whole days in UTC, ending today."`
	SourceInput
}

type statsView struct {
	Days     int         `json:"days" doc:"How many days were counted."`
	Total    int64       `json:"total" doc:"How many entries there are in these days."`
	BySource []countView `json:"by_source" doc:"Entries of Callboard and of applications."`
	ByAction []countView `json:"by_action" doc:"An action that both Callboard and applications logged is there twice, each with its source. Of applications 1,000 a day are counted by name, and the others together as *."`
	ByUser   []countView `json:"by_user" doc:"The ten most active."`
	ByDay    []countView `json:"by_day" doc:"Entries of each day, in UTC."`
}

type countView struct {
	Key    string `json:"key" doc:"The source, the action, the user's ID or the day."`
	Name   string `json:"name,omitempty" doc:"Name of the user, in by_user."`
	Source Source `json:"source,omitempty" enum:"callboard,application" doc:"Whose entries they are, in by_action."`
	Count  int64  `json:"count" doc:"How many entries there are."`
}

func (s *Service) getStats(ctx context.Context, in *statsInput) (*httpapi.Body[statsView], error) {
	stats, err := s.Stats(ctx, in.Days, in.Source)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(statsView{
		Days: stats.Days, Total: stats.Total, BySource: countViews(stats.BySource),
		ByAction: countViews(stats.ByAction), ByUser: countViews(stats.ByUser), ByDay: countViews(stats.ByDay),
	}), nil
}

func countViews(counts []Count) []countView {
	views := make([]countView, len(counts))
	for i, c := range counts {
		views[i] = countView{Key: c.Key, Name: c.Name, Source: c.Source, Count: c.Entries}
	}
	return views
}

type exportInput struct {
	Format string `query:"format" enum:"csv,ndjson,xlsx" default:"csv" doc:"Format of the file."`
	BOM    bool   `query:"bom" default:"true" doc:"CSV begins with a byte order mark, by which Excel knows UTF-8."`
	FilterInput
}

func (s *Service) getExport(_ context.Context, in *exportInput) (*huma.StreamResponse, error) {
	format := callboard.Format(in.Format)
	return &huma.StreamResponse{Body: func(out huma.Context) {
		out.SetHeader("Content-Type", format.ContentType())
		out.SetHeader("Content-Disposition", `attachment; filename="activity`+format.Extension()+`"`)
		if err := s.Export(out.Context(), out.BodyWriter(), callboard.SheetOptions{Format: format, NoBOM: !in.BOM}, in.filter()); err != nil {
			httpapi.BreakOff(err)
		}
	}}, nil
}
