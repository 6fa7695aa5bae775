// Package activity is the log of who did what: one entry for each event that has an action, written by a consumer from
// the event itself, and entries that applications add of their own.
//
// An entry is append-only and carries the position of its event, so the log, the notifications and the live messages
// tell the same story in the same order.
package activity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/rights"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// Limits of what an application may log.
const (
	MaxBulk     = 1000     // entries in one call
	MaxMetadata = 16 << 10 // bytes of the metadata of one entry, as JSON
)

// Config is what a Service needs. DB and Users are required.
type Config struct {
	DB     *sqldb.DB
	Log    *outbox.Log // nil: one that knows Callboard's own events alone
	Users  callboard.Users
	Logger *slog.Logger
	Now    func() time.Time
	// Access says who may read a resource, and so write about it and read what the log has of it; nil: everybody everything.
	Access callboard.Access
	// Retention is how long entries are kept; 0 keeps them for ever.
	Retention time.Duration
	// SigningKey signs checkpoints of the log, see NewSigningKey; empty: none are signed.
	SigningKey string
	// CheckpointFile is where the last checkpoint is kept outside of the database; empty: nowhere.
	CheckpointFile string
}

// Service reads and writes the log.
type Service struct {
	cfg       Config
	db        *sqldb.DB
	pageTime  time.Duration   // after which a page that is not full yet ends
	scanLimit int             // entries of an index that one read goes through
	counted   int             // MaxCounted, or less in a test
	open      map[string]bool // actions of events that go to everybody
}

// New returns the service.
func New(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = callboard.Now
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Log == nil {
		cfg.Log = outbox.New(outbox.Config{DB: cfg.DB})
	}
	return &Service{cfg: cfg, db: cfg.DB, pageTime: 5 * time.Millisecond, scanLimit: 2000, counted: MaxCounted, open: openActions(cfg.Log.Registry())}
}

// await returns once the log has all that was written before the call, or a second later in any case.
func (s *Service) await(ctx context.Context) error {
	if err := s.cfg.Log.Await(ctx, ConsumerName); !errors.Is(err, outbox.ErrNotTaken) {
		return err
	}
	return nil // who reads gets what is there
}

// Input is an entry that an application logs.
type Input struct {
	UserID   string // empty means the caller, who may be an application
	Action   string // callboard.ValidName
	Resource callboard.Resource
	Metadata map[string]any // at most MaxMetadata bytes as JSON
}

// Log appends one entry and returns the ID of its event. The entry is durable when Log returns; it appears in the log as
// soon as the consumer has taken it, milliseconds later.
//
// Naming another user than the actor needs the admin role or a service token, and writing about a resource needs the right to
// read it (CodeForbidden); a user that does not exist and fields that break a rule are CodeInvalid.
func (s *Service) Log(ctx context.Context, in Input) (string, error) {
	ids, err := s.BulkLog(ctx, []Input{in})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

// LogTx is Log within tx, which may be the application's own.
func (s *Service) LogTx(ctx context.Context, tx outbox.Tx, in Input) (string, error) {
	ids, err := s.BulkLogTx(ctx, tx, []Input{in})
	if err != nil {
		return "", err
	}
	return ids[0], nil
}

// BulkLog appends up to MaxBulk entries in the given order, all or none, and returns the IDs of their events.
func (s *Service) BulkLog(ctx context.Context, inputs []Input) ([]string, error) {
	if err := s.check(ctx, inputs); err != nil {
		return nil, err
	}
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) ([]string, error) {
		return s.append(ctx, tx, inputs)
	})
}

// BulkLogTx is BulkLog within tx, which may be the application's own.
func (s *Service) BulkLogTx(ctx context.Context, tx outbox.Tx, inputs []Input) ([]string, error) {
	if err := s.check(ctx, inputs); err != nil {
		return nil, err
	}
	return s.append(ctx, tx, inputs)
}

func (s *Service) append(ctx context.Context, tx outbox.Tx, inputs []Input) ([]string, error) {
	events := make([]callboard.Event, len(inputs))
	ids := make([]string, len(inputs))
	for i, in := range inputs {
		events[i] = callboard.ActivityLogged.New(ctx, in.Resource, callboard.ActivityData{
			UserID: in.UserID, Action: in.Action, Metadata: in.Metadata,
		})
		ids[i] = events[i].ID
	}
	return ids, s.cfg.Log.Append(ctx, tx, events...)
}

// check validates inputs and puts the actor in where no user is named.
func (s *Service) check(ctx context.Context, inputs []Input) error {
	actor, err := callboard.Acting(ctx)
	if err != nil {
		return err
	}
	self := actor.Ref().ID
	var v callboard.Validator
	v.Check(len(inputs) > 0 && len(inputs) <= MaxBulk, "entries", "must hold 1 to %d entries", MaxBulk)
	if err := v.Err(); err != nil {
		return err
	}
	others := map[string][]int{} // the entries that name each user other than who acts
	for i := range inputs {
		in := &inputs[i]
		if in.UserID == "" {
			in.UserID = self
		}
		if !actor.CanActFor(in.UserID) {
			return callboard.Errorf(callboard.CodeForbidden,
				"logging in the name of another user needs the admin role or a service token")
		}
		if in.UserID != self {
			others[in.UserID] = append(others[in.UserID], i)
		}
		checkInput(&v, prefixOf(i, len(inputs)), in)
		if in.Resource.Type == "user" && !actor.CanActFor(in.Resource.ID) {
			// The live message goes to the resource's channel, and that of a user is private.
			return callboard.Errorf(callboard.CodeForbidden,
				"logging about another user needs the admin role or a service token")
		}
	}
	if err := s.checkUsers(ctx, &v, others, len(inputs)); err != nil {
		return err
	}
	if err := v.Err(); err != nil {
		return err
	}
	return s.checkReadable(ctx, inputs)
}

// checkReadable refuses entries about what the actor may not read, since those who may would hear them. Admins and
// applications, which speak for all, may write about everything. Under a type of Callboard's, an ID that is none of Callboard's
// belongs to an application, and is open.
func (s *Service) checkReadable(ctx context.Context, inputs []Input) error {
	actor := callboard.ActorFrom(ctx)
	if s.cfg.Access == nil || actor.CanSpeakForAll() {
		return nil
	}
	refused := &callboard.Error{
		Code:    callboard.CodeForbidden,
		Message: "what you may not read, or is not there, you may not write about; for things of your own use a resource type of your own",
	}
	asked := map[string]error{} // by channel
	for i := range inputs {
		res := inputs[i].Resource
		if callboard.KeptType(res.Type) && !callboard.ValidID(res.ID) {
			continue
		}
		err, known := asked[res.Channel()]
		if !known {
			err = s.cfg.Access.CanRead(ctx, actor, res)
			asked[res.Channel()] = err
		}
		switch callboard.CodeOf(err) {
		case "":
		case callboard.CodeForbidden, callboard.CodeNotFound:
			refused.Fields = append(refused.Fields, callboard.FieldError{
				Field: prefixOf(i, len(inputs)) + "resource_id", Message: "is of nothing that you may read",
			})
		default:
			return err
		}
	}
	if len(refused.Fields) > 0 {
		return refused
	}
	return nil
}

// prefixOf names entry i of n in field errors. A single entry needs no name.
func prefixOf(i, n int) string {
	if n == 1 {
		return ""
	}
	return fmt.Sprintf("entries[%d].", i)
}

func checkInput(v *callboard.Validator, prefix string, in *Input) {
	v.Name(prefix+"action", in.Action)
	v.Resource(prefix, in.Resource)
	v.Check(!callboard.ReservedType(in.Resource.Type), prefix+"resource_type", "is reserved for channels")
	v.Check(len(in.Resource.Name) <= 255, prefix+"resource_name", "must be at most 255 bytes long")
	metadata, err := json.Marshal(in.Metadata)
	v.Check(err == nil && len(metadata) <= MaxMetadata, prefix+"metadata", "must be at most %d KB of JSON", MaxMetadata>>10)
}

func (s *Service) checkUsers(ctx context.Context, v *callboard.Validator, others map[string][]int, n int) error {
	known, err := s.resolve(ctx, slices.Collect(maps.Keys(others)))
	if err != nil {
		return err
	}
	for id, entries := range others {
		if _, ok := known[id]; ok {
			continue
		}
		for _, i := range entries {
			v.Add(prefixOf(i, n)+"user_id", "no such user")
		}
	}
	return nil
}

func (s *Service) resolve(ctx context.Context, ids []string) (map[string]callboard.UserInfo, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	known, err := s.cfg.Users.Resolve(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("look up users: %w", err)
	}
	return known, nil
}

// Feed returns entries, newest first. Filters may be combined. When much has to be looked at, a page may be shorter than
// asked for, or empty; there is more as long as it has a NextCursor.
func (s *Service) Feed(ctx context.Context, f Filter, page callboard.Page) (callboard.List[Entry], error) {
	r, err := s.newScan(ctx, f)
	if err != nil {
		return callboard.List[Entry]{}, err
	}
	return s.page(ctx, page, r.read)
}

// ByResource returns the entries about one resource, newest first.
func (s *Service) ByResource(ctx context.Context, res callboard.Resource, page callboard.Page) (callboard.List[Entry], error) {
	return s.Feed(ctx, Filter{Resource: res}, page)
}

// ByUser returns the entries of what one user did, newest first.
func (s *Service) ByUser(ctx context.Context, userID string, page callboard.Page) (callboard.List[Entry], error) {
	return s.Feed(ctx, Filter{UserID: userID}, page)
}

// Search returns the entries in which every word of query occurs, newest first. A word also finds those that begin with
// it; case and accents make no difference. It looks at the names of user and resource, the action, and the text values
// of the metadata. Only entries that pass the filter are found. A page may be shorter than asked for, as those of Feed. A query
// without a letter or digit is CodeInvalid.
func (s *Service) Search(ctx context.Context, query string, f Filter, page callboard.Page) (callboard.List[Entry], error) {
	words := wordsOf(query)
	if len(words) == 0 || len(words) > maxQueryWords {
		var v callboard.Validator
		v.Add("q", "must hold 1 to %d words", maxQueryWords)
		return callboard.List[Entry]{}, v.Err()
	}
	r, err := s.newScan(ctx, f)
	if err != nil {
		return callboard.List[Entry]{}, err
	}
	if r.first >= r.end {
		return callboard.List[Entry]{}, nil
	}
	read, err := s.textReader(ctx, words, r)
	if err != nil {
		return callboard.List[Entry]{}, err
	}
	if f == (Filter{}) {
		return s.page(ctx, page, read)
	}
	return s.page(ctx, page, func(ctx context.Context, before int64, limit int) ([]Entry, int64, error) {
		entries, reached, err := read(ctx, min(before, r.end), max(limit, checkLimit))
		entries = slices.DeleteFunc(entries, func(e Entry) bool { return !f.passes(e) })
		if len(entries) > limit {
			entries, reached = entries[:limit], entries[limit-1].Pos
		}
		if reached <= r.first {
			reached = 0 // what is before is not of the filter's time
		}
		return entries, reached, err
	})
}

// page reads until the page is full, nothing is left, or its time is up. Then it is shorter, and its cursor leads on: no request
// is slow because of what is not there.
func (s *Service) page(ctx context.Context, page callboard.Page,
	read func(ctx context.Context, before int64, limit int) (entries []Entry, reached int64, err error),
) (callboard.List[Entry], error) {
	before := int64(newest)
	if page.Cursor != "" {
		if err := callboard.DecodeCursor(page.Cursor, &before); err != nil {
			return callboard.List[Entry]{}, err
		}
	}
	reader := s.reader(ctx)
	var found []Entry
	for start := time.Now(); before > 0 && len(found) <= page.Size(); {
		entries, reached, err := read(ctx, before, page.Size()+1-len(found))
		if err != nil {
			return callboard.List[Entry]{}, err
		}
		if entries, err = s.readable(ctx, reader, entries); err != nil {
			return callboard.List[Entry]{}, err
		}
		found, before = append(found, entries...), reached
		if time.Since(start) >= s.pageTime {
			break
		}
	}
	list := callboard.NewList(found, page.Size(), func(e Entry) any { return e.Pos })
	if list.NextCursor == "" && before > 0 {
		list.NextCursor = callboard.EncodeCursor(before)
	}
	return list, nil
}

// reader is who reads the log.
type reader struct {
	actor  callboard.Actor
	rights *rights.Reader
}

func (s *Service) reader(ctx context.Context) reader {
	actor := callboard.ActorFrom(ctx)
	return reader{actor, rights.NewReader(s.cfg.Access, actor)}
}

// readable returns the entries that r may read. What is private to another user is left out, for all but admins, and address
// and user agent are blanked: they are for the investigation of abuse. Entries about the things of an application are left out
// where Access refuses, unless their event went to everybody.
func (s *Service) readable(ctx context.Context, r reader, entries []Entry) ([]Entry, error) {
	if r.actor.Role == callboard.RoleAdmin {
		return entries, nil
	}
	readable := entries[:0]
	for _, e := range entries {
		if s.private(e) && (e.Resource.Type != "user" || e.Resource.ID != r.actor.ID) {
			continue
		}
		if e.Source != FromCallboard || !s.open[e.Action] {
			if may, err := r.rights.MayRead(ctx, e.Resource); err != nil {
				return nil, err
			} else if !may {
				continue
			}
		}
		e.IP, e.UserAgent = "", ""
		readable = append(readable, e)
	}
	return readable, nil
}

// openActions returns the actions of which every event goes to all who are signed in: to broadcast, or to a room.
func openActions(registry *callboard.Registry) map[string]bool {
	open := map[string]bool{}
	for _, t := range registry.Types() {
		was, known := open[t.Action]
		open[t.Action] = (was || !known) && slices.ContainsFunc(t.Channels, func(channel string) bool {
			typ, _, _ := strings.Cut(channel, ":")
			return callboard.ReservedType(typ)
		})
	}
	return open
}
