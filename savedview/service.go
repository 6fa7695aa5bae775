// Package savedview keeps views of the board under a name: addresses that a user has pinned, and those that all of the team have.
package savedview

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// View is an address of the board with a name.
type View struct {
	ID        string    `json:"id" doc:"ID of the saved view."`
	Name      string    `json:"name" doc:"1–100 characters." example:"Waiting for approval"`
	Address   string    `json:"address" doc:"Path and query within the board." example:"/episodes?status=pending"`
	Position  int       `json:"position" doc:"Place among those of the team, or among one's own, from 0."`
	Team      bool      `json:"team" doc:"Everybody has it, and editors and admins may change it. Else it is one's own, and nobody else sees it."`
	CreatedBy string    `json:"created_by" doc:"A user's ID, or that of an application (app-…)."`
	CreatedAt time.Time `json:"created_at" doc:"When it was saved."`
	UpdatedAt time.Time `json:"updated_at" doc:"When it was changed last."`

	owner string // "" for one of the team
}

// Limits of saved views.
const (
	MaxPerOwner = 100 // views of a user, and of the team
	maxName     = 100 // characters
	maxAddress  = 2_000
)

// Input is all that a caller may choose of a new view.
type Input struct {
	Name    string
	Address string
	Team    bool
}

// Patch changes some fields of a view. A Position beyond the last one is the last.
type Patch struct {
	Name     callboard.Optional[string]
	Address  callboard.Optional[string]
	Position callboard.Optional[int]
}

// Config is what a Service needs. DB is required.
type Config struct {
	DB  *sqldb.DB
	Log *outbox.Log // nil: one that knows Callboard's own events alone
}

// Service reads and changes saved views.
type Service struct {
	db  *sqldb.DB
	log *outbox.Log
}

// New returns the service.
func New(cfg Config) *Service {
	if cfg.Log == nil {
		cfg.Log = outbox.New(outbox.Config{DB: cfg.DB})
	}
	return &Service{db: cfg.DB, log: cfg.Log}
}

// List returns the views of the team and those of the actor of ctx, each in their order, the team's first. An application has none of
// its own.
func (s *Service) List(ctx context.Context) ([]View, error) {
	views, err := selectOf(ctx, s.db, "")
	if actor := callboard.ActorFrom(ctx); err == nil && !actor.IsZero() && !actor.Service {
		var own []View
		own, err = selectOf(ctx, s.db, actor.ID)
		views = append(views, own...)
	}
	return views, err
}

// Get returns a view of the team or of the actor of ctx, or CodeNotFound.
func (s *Service) Get(ctx context.Context, id string) (View, error) {
	v, err := s.find(ctx, s.db, id)
	if err != nil {
		return View{}, err
	}
	all, err := selectOf(ctx, s.db, v.owner)
	return withID(all, id), err
}

// Create saves a view behind those that there are, and emits SavedViewCreated. It is CodeInvalid for what breaks a rule, CodeForbidden for a view
// of the team by others than editors and admins, and CodeConflict when there are MaxPerOwner already.
func (s *Service) Create(ctx context.Context, in Input) (View, error) {
	actor, now := callboard.ActorFrom(ctx), callboard.Now()
	v := View{
		ID: callboard.NewID(), Name: strings.TrimSpace(in.Name), Address: in.Address, Team: in.Team,
		CreatedBy: actor.Ref().ID, CreatedAt: now, UpdatedAt: now, owner: actor.ID,
	}
	if in.Team {
		v.owner = ""
	}
	if err := v.check(View{}); err != nil {
		return View{}, err
	}
	if err := v.mayChange(actor); err != nil {
		return View{}, err
	}
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (View, error) {
		all, err := s.lockOf(ctx, tx, v.owner)
		if err != nil {
			return View{}, err
		}
		if len(all) >= MaxPerOwner {
			return View{}, callboard.Errorf(callboard.CodeConflict, "there are %d saved views already; delete one first", MaxPerOwner)
		}
		created := v
		created.Position = len(all)
		if err := s.insert(ctx, tx, created, all); err != nil {
			return View{}, err
		}
		return created, s.emit(ctx, tx, callboard.SavedViewCreated, created, nil)
	})
}

// Update changes some fields, and emits SavedViewUpdated with the old and new values. When nothing differs, nothing is written. See Create for the
// errors; a view of another user is CodeNotFound.
func (s *Service) Update(ctx context.Context, id string, p Patch) (View, error) {
	return sqldb.WriteValue(ctx, s.db, func(ctx context.Context, tx *sqldb.Tx) (View, error) {
		old, all, err := s.lock(ctx, tx, id)
		if err != nil {
			return View{}, err
		}
		v := old
		p.Name.Apply(&v.Name)
		p.Address.Apply(&v.Address)
		p.Position.Apply(&v.Position)
		v.Name, v.Position = strings.TrimSpace(v.Name), min(v.Position, len(all)-1)
		if err := v.check(old); err != nil {
			return View{}, err
		}
		changes := callboard.Changes{}
		changes.Compare("name", old.Name, v.Name)
		changes.Compare("address", old.Address, v.Address)
		changes.Compare("position", old.Position, v.Position)
		if len(changes) == 0 {
			return old, nil
		}
		v.UpdatedAt = callboard.Now()
		if err := update(ctx, tx, v, all); err != nil {
			return View{}, err
		}
		return v, s.emit(ctx, tx, callboard.SavedViewUpdated, v, changes)
	})
}

// Delete deletes a view and emits SavedViewDeleted. See Update for the errors.
func (s *Service) Delete(ctx context.Context, id string) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		v, _, err := s.lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := deleteView(ctx, tx, id); err != nil {
			return err
		}
		return s.emit(ctx, tx, callboard.SavedViewDeleted, v, nil)
	})
}

// lock returns a view that the actor of ctx may change with all among which it is, and keeps others from changing them until tx ends.
func (s *Service) lock(ctx context.Context, tx *sqldb.Tx, id string) (View, []View, error) {
	found, err := s.find(ctx, tx, id)
	if err != nil {
		return View{}, nil, err
	}
	if err := found.mayChange(callboard.ActorFrom(ctx)); err != nil {
		return View{}, nil, err
	}
	all, err := s.lockOf(ctx, tx, found.owner)
	if err != nil {
		return View{}, nil, err
	}
	v := withID(all, id)
	if v.ID == "" { // it was deleted before our turn
		return View{}, nil, callboard.NotFound("saved view")
	}
	return v, all, nil
}

// find returns a view that the actor of ctx may read, without its position.
func (s *Service) find(ctx context.Context, q sqldb.Querier, id string) (View, error) {
	v, err := selectView(ctx, q, id)
	actor := callboard.ActorFrom(ctx)
	if err == nil && (actor.IsZero() || !v.Team && (actor.Service || v.owner != actor.ID)) {
		err = callboard.NotFound("saved view")
	}
	return v, err
}

func (v View) mayChange(actor callboard.Actor) error {
	switch {
	case actor.IsZero():
		return callboard.Errorf(callboard.CodeForbidden, "nobody acts")
	case v.Team && !actor.Role.Includes(callboard.RoleEditor):
		return callboard.Errorf(callboard.CodeForbidden, "the views of the team are changed by editors and admins")
	case !v.Team && actor.Service:
		return callboard.Errorf(callboard.CodeForbidden, "an application has no views of its own")
	}
	return nil
}

// check holds a view against the rules. An address that it has had before stays: the rules for it were others once.
func (v View) check(old View) error {
	n := utf8.RuneCountInString(v.Name)
	var c callboard.Validator
	c.Check(!callboard.Blank(v.Name) && n <= maxName && sound(v.Name), "name", "must have 1–%d characters, not only spaces, and no control characters", maxName)
	c.Check(old.Address != "" && v.Address == old.Address || validAddress(v.Address), "address", "must be one of %s with its query, such as /episodes?status=pending, of at most %d characters", strings.Join(lists(), ", "), maxAddress)
	c.Check(v.Position >= 0, "position", "must not be negative")
	return c.Err()
}

// lists are the places of the board that have filters, so that there is something to keep.
func lists() []string { return []string{"/episodes", "/activity", "/inbox", "/jobs"} }

// validAddress reports whether s leads to a list of the board and nowhere else, whoever reads it: no other server, nor a place that a click
// would do something at.
func validAddress(s string) bool {
	_, err := url.Parse(s)
	if err != nil || utf8.RuneCountInString(s) > maxAddress || !sound(s) || strings.ContainsAny(s, "\\ ") || strings.Contains(s, "#") {
		return false
	}
	before, _, _ := strings.Cut(s, "?")
	return slices.Contains(lists(), before)
}

func sound(s string) bool { return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl) }

func withID(views []View, id string) View {
	for _, v := range views {
		if v.ID == id {
			return v
		}
	}
	return View{}
}

// emit appends the event of a change: to all for a view of the team, and else to the owner.
func (s *Service) emit(ctx context.Context, tx *sqldb.Tx, kind callboard.EventDef[callboard.SavedViewData], v View, changes callboard.Changes) error {
	res := callboard.Resource{Type: "saved_view", ID: v.ID, Name: v.Name}
	event := kind.New(ctx, res, callboard.SavedViewData{Name: v.Name, Address: v.Address, Position: v.Position, Team: v.Team, Changes: changes})
	if !v.Team {
		event.Channels = []string{callboard.UserChannel(v.owner)}
	}
	return s.log.Append(ctx, tx, event)
}
