package notification

import (
	"context"
	"slices"
	"time"

	"github.com/callboard/callboard"
)

// Why tells, step by step, what became of one event for one user: who got a notification of it, and who did not.
type Why struct {
	EventID        string     `json:"event_id" doc:"ID of the event."`
	Event          string     `json:"event" doc:"Name of the event; the type of the entry where the event is no longer kept." example:"episode_updated"`
	Pos            int64      `json:"pos" doc:"Position of the event; 0 while it has none."`
	CreatedAt      time.Time  `json:"created_at" doc:"When it happened."`
	ActorID        string     `json:"actor_id" doc:"Who did it: a user, an application (app-…) or system."`
	ActorName      string     `json:"actor_name" doc:"Name of who did it."`
	ResourceType   string     `json:"resource_type" doc:"Type of the resource that it is about; empty when there is none."`
	ResourceID     string     `json:"resource_id" doc:"ID of that resource."`
	ResourceName   string     `json:"resource_name" doc:"What people call it; empty where the event does not say."`
	UserID         string     `json:"user_id" doc:"Whom the answer is about."`
	UserName       string     `json:"user_name" doc:"Name of that user; the ID where nobody knows one."`
	NotificationID string     `json:"notification_id,omitempty" doc:"Entry of the user's inbox that tells of the event; absent where there is none."`
	Outcome        WhyOutcome `json:"outcome" enum:"passed,joined,stopped,waiting,unknown" doc:"Whether the inbox tells of it: passed: by an entry; joined: counted in an entry that tells of several; stopped: no; waiting: not yet; unknown: what there is now does not say."`
	Text           string     `json:"text" doc:"The same in words."`
	Steps          []WhyStep  `json:"steps" nullable:"false" doc:"In the order in which they are decided, up to the one that ended it."`
}

// WhyOutcome is what a step came to.
type WhyOutcome string

// The outcomes.
const (
	WhyPassed  WhyOutcome = "passed"
	WhyJoined  WhyOutcome = "joined"
	WhyStopped WhyOutcome = "stopped"
	WhyWaiting WhyOutcome = "waiting"
	WhyUnknown WhyOutcome = "unknown"
)

// What a step is known from.
const (
	basisRecorded = "recorded"
	basisNow      = "now"
)

// WhyStep is one decision on the way from the event to the user.
type WhyStep struct {
	Step    string     `json:"step" enum:"event,consumer,user,actor,audience,watch,mute,preference,limit,inbox,live,quiet_hours,socket" doc:"What was decided."`
	Outcome WhyOutcome `json:"outcome" enum:"passed,joined,stopped,waiting,unknown" doc:"What it came to. After stopped, waiting and unknown nothing follows."`
	Reason  string     `json:"reason" doc:"Why, as a word for programs." example:"not_watching"`
	Basis   string     `json:"basis" enum:"recorded,now" doc:"recorded: it follows from what was written then, and has not changed; now: as things are now, and they may have been different."`
	Text    string     `json:"text" doc:"The same in words." example:"The user does not watch it now."`
	Facts   *WhyFacts  `json:"facts,omitempty" doc:"What it was decided by."`
}

// WhyFacts are what a step was decided by. Each step has those that concern it.
type WhyFacts struct {
	Audience    []string    `json:"audience,omitempty" nullable:"false" doc:"Whom the event addresses."`
	Through     []string    `json:"through,omitempty" nullable:"false" doc:"Those of them to whom the user belongs now."`
	MuteAll     *bool       `json:"mute_all,omitempty" doc:"The user has muted everything."`
	Channels    *Channels   `json:"channels,omitempty" doc:"How the user wants this type."`
	QuietHours  *QuietHours `json:"quiet_hours,omitempty" doc:"The quiet hours of the user."`
	ChangedAt   *time.Time  `json:"changed_at,omitempty" doc:"When the user last changed preferences."`
	Type        string      `json:"type,omitempty" doc:"Type of the notification."`
	Priority    Priority    `json:"priority,omitempty" enum:"low,normal,high,urgent" doc:"Its priority."`
	Limit       int         `json:"limit,omitempty" doc:"Entries that a user gets per hour, as it is set now; negative: no limit."`
	Count       int64       `json:"count,omitempty" doc:"How many events the entry tells of."`
	FirstPos    int64       `json:"first_pos,omitempty" doc:"Position of the oldest of them."`
	LastPos     int64       `json:"last_pos,omitempty" doc:"Position of the newest of them."`
	ReadAt      *time.Time  `json:"read_at,omitempty" doc:"When the entry was read."`
	ArchivedAt  *time.Time  `json:"archived_at,omitempty" doc:"When it was archived."`
	ExpiresAt   *time.Time  `json:"expires_at,omitempty" doc:"When it disappears, or disappeared, by itself."`
	Possible    []string    `json:"possible,omitempty" nullable:"false" doc:"What may have been, where that is not kept: deleted, retention, preferences_changed, audience_changed, joined."`
	ConsumerPos int64       `json:"consumer_pos,omitempty" doc:"Position up to which the consumer has come."`
	Attempts    int         `json:"attempts,omitempty" doc:"How often it failed."`
	NextAt      *time.Time  `json:"next_at,omitempty" doc:"When it is tried again."`
	Error       string      `json:"error,omitempty" doc:"Why it failed last; for admins alone."`
	Sockets     *int        `json:"sockets,omitempty" doc:"Connections of the user at this moment."`
}

// WhyEvent tells what became of an event for a user. The actor of ctx must be allowed to ask about the user; the caller checks. An event
// whose contents that actor may not read is CodeNotFound, as one that there is not; one that is no longer kept is CodeGone.
func (s *Service) WhyEvent(ctx context.Context, eventID, userID string) (Why, error) {
	e, err := s.cfg.Log.Find(ctx, eventID)
	if err != nil {
		return Why{}, err
	}
	t := s.trace(&e, userID)
	if err := t.load(ctx); err != nil {
		return Why{}, err
	}
	if may, err := t.mayAsk(ctx); err != nil || !may {
		return Why{}, orNotFound(err)
	}
	return t.run(ctx)
}

func orNotFound(err error) error {
	if err != nil {
		return err
	}
	return callboard.NotFound("event")
}

// WhyNotification tells how one of the user's notifications came about, from the newest event that it tells of. Where that is no longer
// kept, it tells what the entry says.
func (s *Service) WhyNotification(ctx context.Context, userID, id string) (Why, error) {
	entry, err := s.entryByID(ctx, userID, id)
	if err != nil {
		return Why{}, err
	}
	e, err := s.cfg.Log.Find(ctx, entry.EventID)
	switch callboard.CodeOf(err) {
	case "":
	case callboard.CodeGone, callboard.CodeNotFound:
		return s.traceOf(entry).run(ctx)
	default:
		return Why{}, err
	}
	t := s.trace(&e, userID)
	if err := t.load(ctx); err != nil {
		return Why{}, err
	}
	if t.entry == nil { // another event has joined it meanwhile
		t.entry = entry
	}
	return t.run(ctx)
}

// trace follows one event to one user, by what decides at the fan-out too.
type trace struct {
	Why
	s       *Service
	e       *callboard.Event // nil: no longer kept
	to      []callboard.Audience
	content *content // nil: it notifies nobody
	entry   *Notification
	joined  *joinedEntry

	preferences Preferences
	changedAt   *time.Time // of the preferences; nil: never
	info        callboard.UserInfo
	known       bool
	through     []string // of the audience, those to whom the user belongs now
	directly    bool     // otherwise than by watching
	sure        bool     // the user belonged to it then, too
}

func (s *Service) trace(e *callboard.Event, userID string) *trace {
	return &trace{s: s, e: e, Why: Why{
		EventID: e.ID, Event: e.Name, Pos: e.Pos, CreatedAt: e.CreatedAt, ActorID: e.Actor.ID, ActorName: e.Actor.Name,
		ResourceType: e.Resource.Type, ResourceID: e.Resource.ID, ResourceName: e.Resource.Name, UserID: userID, UserName: userID,
	}}
}

func (s *Service) traceOf(n *Notification) *trace {
	return &trace{s: s, entry: n, Why: Why{
		EventID: n.EventID, Event: n.Type, Pos: n.Pos, CreatedAt: n.CreatedAt, ActorID: n.ActorID, ActorName: n.ActorName,
		ResourceType: n.ResourceType, ResourceID: n.ResourceID, UserID: n.UserID, UserName: n.UserID,
	}}
}

// load reads what the event says, and the entry that it is the newest event of.
func (t *trace) load(ctx context.Context) (err error) {
	var ok bool
	if t.content, ok, err = t.s.contentOf(t.e, t.e.CreatedAt); err != nil {
		return err
	}
	if !ok {
		t.content = nil
	}
	t.to = t.s.audiences(t.e)
	t.entry, err = t.s.entryOf(ctx, t.e.ID, t.UserID)
	return err
}

// mayAsk reports whether the actor of ctx may know of the event: who may read it or has written it, and whom it was sent to by name or
// told of.
func (t *trace) mayAsk(ctx context.Context) (bool, error) {
	actor := callboard.ActorFrom(ctx)
	own := actor.ID == t.UserID && !actor.Service && (t.entry != nil || t.named())
	if own || actor.Ref().ID == t.e.Actor.ID {
		return true, nil
	}
	return t.s.cfg.Log.MayRead(ctx, *t.e)
}

// named reports whether the event addresses the user by ID.
func (t *trace) named() bool { return slices.Contains(t.to, callboard.Audience{UserID: t.UserID}) }

// run takes the steps until one ends it.
func (t *trace) run(ctx context.Context) (Why, error) {
	steps := []func(context.Context) error{
		t.event, t.consumer, t.user, t.actor, t.audience, t.watch, t.mute, t.preference, t.limit, t.inbox, t.live, t.quietHours, t.socket,
	}
	if t.e == nil {
		steps = []func(context.Context) error{t.eventOfEntry, t.limit, t.inbox}
	}
	if err := t.resolve(ctx); err != nil {
		return Why{}, err
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return Why{}, err
		}
		if n := len(t.Steps); n > 0 && slices.Contains([]WhyOutcome{WhyStopped, WhyWaiting, WhyUnknown}, t.Steps[n-1].Outcome) && t.e != nil {
			break
		}
	}
	last := t.Steps[len(t.Steps)-1]
	if i := slices.IndexFunc(t.Steps, func(s WhyStep) bool { return s.Step == "inbox" }); i >= 0 {
		last = t.Steps[i]
	}
	t.Outcome, t.Text = last.Outcome, last.Text
	return t.Why, nil
}

func (t *trace) add(step string, outcome WhyOutcome, reason, basis string, facts *WhyFacts) {
	t.Steps = append(t.Steps, WhyStep{
		Step: step, Outcome: outcome, Reason: reason, Basis: basis, Text: whyText(step, reason), Facts: facts,
	})
}

// pass adds a step that is passed: recorded where the user has the entry, since then it was.
func (t *trace) pass(step, reason, basis string, facts *WhyFacts) {
	if t.entry != nil {
		basis = basisRecorded
	}
	t.add(step, WhyPassed, reason, basis, facts)
}

func (t *trace) event(ctx context.Context) error {
	facts := &WhyFacts{Audience: t.addressed(ctx)}
	switch {
	case t.content == nil:
		t.add("event", WhyStopped, "notifies_nobody", basisRecorded, facts)
	case t.e.Pos == 0:
		t.add("event", WhyWaiting, "no_position", basisNow, facts)
	case t.expired():
		facts.ExpiresAt = timeOf(t.content.ExpiresAt)
		t.add("event", WhyStopped, "expired", basisRecorded, facts)
	default:
		t.add("event", WhyPassed, "found", basisRecorded, facts)
	}
	return nil
}

func (t *trace) expired() bool {
	at := timeOf(t.content.ExpiresAt)
	return at != nil && !at.After(t.s.now())
}

func timeOf(micros *int64) *time.Time {
	if micros == nil {
		return nil
	}
	at := time.UnixMicro(*micros).UTC()
	return &at
}

func (t *trace) eventOfEntry(context.Context) error {
	t.add("event", WhyUnknown, "not_kept", basisRecorded, nil)
	return nil
}

func (t *trace) consumer(ctx context.Context) error {
	if t.entry != nil {
		t.pass("consumer", "taken", basisRecorded, nil)
		return nil
	}
	done, facts, reason, err := t.progress(ctx, ConsumerInbox)
	if err == nil && done {
		t.add("consumer", WhyPassed, reason, basisRecorded, facts)
	} else if err == nil {
		t.add("consumer", WhyWaiting, reason, basisNow, facts)
	}
	return err
}

// progress tells what a consumer has made of the event. Why it failed is for admins.
func (t *trace) progress(ctx context.Context, consumer string) (done bool, _ *WhyFacts, reason string, _ error) {
	p, err := t.s.cfg.Log.Progress(ctx, consumer, t.e.Pos)
	facts := &WhyFacts{ConsumerPos: p.Pos}
	if callboard.ActorFrom(ctx).Role == callboard.RoleAdmin {
		facts.Error = p.Error
	}
	switch {
	case err != nil:
	case p.Taken:
		return true, &WhyFacts{ConsumerPos: p.Pos}, "taken", nil
	case !p.Runs:
		return false, nil, "not_run", nil
	case p.Attempts > 0:
		facts.Attempts, facts.NextAt = p.Attempts, &p.NextAt
		return false, facts, "failing", nil
	case p.Failures > 0:
		facts.Attempts = p.Failures
		return false, facts, "stalled", nil
	}
	return false, facts, "behind", err
}

// resolve looks the user up, whose name is in the answer whatever ends it.
func (t *trace) resolve(ctx context.Context) error {
	users, err := t.s.cfg.Users.Resolve(ctx, []string{t.UserID})
	if err != nil {
		return err
	}
	if t.info, t.known = users[t.UserID]; t.info.Name != "" {
		t.UserName = t.info.Name
	}
	return nil
}

func (t *trace) user(context.Context) error {
	switch {
	case t.entry != nil || t.known && !t.info.Disabled:
		t.pass("user", "active", basisNow, nil)
	case !t.known:
		t.add("user", WhyStopped, "unknown", basisNow, nil)
	default:
		t.add("user", WhyStopped, "disabled", basisNow, nil)
	}
	return nil
}

// findThrough finds those of the audience to whom the user belongs now.
func (t *trace) findThrough(ctx context.Context) error {
	for _, name := range t.e.Audience {
		a, err := callboard.ParseAudience(name)
		if err != nil {
			continue
		}
		member, err := t.s.belongs(ctx, a, t.UserID, t.info)
		if err != nil {
			return err
		}
		if member {
			t.through = append(t.through, name)
			t.directly = t.directly || isGroup(a) || a.UserID != ""
			t.sure = t.sure || a.All || a.UserID != ""
		}
	}
	return nil
}

// addressed returns whom the event addresses, as it is shown: others whom it names are for admins and for who wrote it.
func (t *trace) addressed(ctx context.Context) []string {
	actor := callboard.ActorFrom(ctx)
	if actor.Role == callboard.RoleAdmin || actor.Ref().ID == t.ActorID {
		return t.e.Audience
	}
	return slices.DeleteFunc(slices.Clone(t.e.Audience), func(name string) bool {
		a, err := callboard.ParseAudience(name)
		return err != nil || a.UserID != "" && a.UserID != t.UserID
	})
}

// belongs reports whether the user belongs to an audience, as the directory finds its members.
func (s *Service) belongs(ctx context.Context, a callboard.Audience, userID string, user callboard.UserInfo) (bool, error) {
	switch {
	case isGroup(a):
		_, lists := s.cfg.Users.(callboard.UserLister)
		return lists && user.In(a), nil
	case a.UserID != "":
		return a.UserID == userID, nil
	}
	return s.Watching(ctx, userID, a.Watched)
}

func (t *trace) actor(context.Context) error {
	switch {
	case t.content.own(t.UserID, t.named()):
		t.add("actor", WhyStopped, "own", basisRecorded, nil)
	case t.ActorID == t.UserID:
		t.add("actor", WhyPassed, "to_itself", basisRecorded, nil)
	default:
		t.add("actor", WhyPassed, "other", basisRecorded, nil)
	}
	return nil
}

func (t *trace) watches() bool {
	return slices.ContainsFunc(t.to, func(a callboard.Audience) bool { return a.UserID == "" && !isGroup(a) })
}

func (t *trace) audience(ctx context.Context) error {
	if err := t.findThrough(ctx); err != nil {
		return err
	}
	basis := basisNow
	if t.sure {
		basis = basisRecorded
	}
	facts := &WhyFacts{Audience: t.addressed(ctx), Through: t.through}
	switch {
	case t.directly:
		t.pass("audience", "member", basis, facts)
	case t.watches():
		t.pass("audience", "watchers", basisRecorded, facts)
	case t.entry != nil:
		t.pass("audience", "was_member", basisRecorded, facts)
	default:
		if !slices.ContainsFunc(t.to, isGroup) {
			basis = basisRecorded
		}
		t.add("audience", WhyStopped, "not_member", basis, facts)
	}
	return nil
}

func (t *trace) watch(context.Context) error {
	facts := &WhyFacts{Through: t.through}
	switch {
	case t.directly || !t.watches():
	case len(t.through) > 0:
		t.pass("watch", "watching", basisNow, facts)
	case t.entry != nil: // it was one of the roles, too
		t.pass("watch", "was_member", basisRecorded, facts)
	default:
		t.add("watch", WhyStopped, "not_watching", basisNow, facts)
	}
	return nil
}

func (t *trace) mute(ctx context.Context) (err error) {
	if t.preferences, t.changedAt, err = preferencesSince(ctx, t.s.db, t.UserID); err != nil {
		return err
	}
	facts := &WhyFacts{MuteAll: &t.preferences.MuteAll, ChangedAt: t.changedAt}
	if t.entry == nil && t.preferences.MuteAll {
		t.add("mute", WhyStopped, "mute_all", t.asSet(), facts)
		return nil
	}
	t.pass("mute", "not_muted", t.asSet(), facts)
	return nil
}

// asSet returns what the preferences tell of the time of the event: all, if they have not been changed since.
func (t *trace) asSet() string {
	if t.changedAt != nil && t.changedAt.After(t.e.CreatedAt) {
		return basisNow
	}
	return basisRecorded
}

func (t *trace) preference(context.Context) error {
	channels := t.preferences.of(t.content.Type)
	facts := &WhyFacts{Type: t.content.Type, Channels: &channels, ChangedAt: t.changedAt}
	if t.entry == nil && !channels.InApp {
		t.add("preference", WhyStopped, "type_off", t.asSet(), facts)
		return nil
	}
	t.pass("preference", "wanted", t.asSet(), facts)
	return nil
}

// limit tells whether the rate limit had the event counted in a digest, as far as there is an entry that shows it.
func (t *trace) limit(ctx context.Context) (err error) {
	if t.entry == nil {
		if t.joined, err = t.s.joinedBy(ctx, t.content, t.UserID); err != nil {
			return err
		}
	}
	facts := &WhyFacts{Limit: t.s.cfg.RateLimit}
	switch {
	case t.entry != nil && t.entry.Type == TypeDigest:
		t.add("limit", WhyJoined, "digest", basisRecorded, facts)
	case t.joined.is(TypeDigest):
		t.add("limit", WhyJoined, "digest", basisNow, facts)
	case t.entry == nil: // what joins an entry uses nothing up, and else nothing shows what the limit was
	case !t.entry.Priority.limited():
		facts.Priority = t.entry.Priority
		t.add("limit", WhyPassed, "not_limited", basisRecorded, facts)
	default:
		t.add("limit", WhyPassed, "within", basisRecorded, facts)
	}
	return nil
}

func (t *trace) inbox(context.Context) error {
	switch {
	case t.entry != nil && t.entry.Type == TypeDigest:
		t.found(WhyJoined, "digest", basisRecorded, t.entry, 0)
	case t.entry != nil:
		t.found(WhyPassed, stateOf(t.entry), basisRecorded, t.entry, 0)
	// Which events an entry counts is not kept: that it is this one follows from its place between the first and the last.
	case t.joined.is(TypeDigest):
		t.found(WhyJoined, "digest", basisNow, &t.joined.Notification, t.joined.first)
	case t.joined != nil && t.joined.first > 0:
		t.found(WhyJoined, "joined", basisNow, &t.joined.Notification, t.joined.first)
	default:
		t.add("inbox", WhyUnknown, "gone", basisNow, &WhyFacts{Possible: t.possible()})
	}
	return nil
}

func (t *trace) found(outcome WhyOutcome, reason, basis string, n *Notification, first int64) {
	t.NotificationID = n.ID
	t.add("inbox", outcome, reason, basis, &WhyFacts{
		Type: n.Type, Count: n.Count, FirstPos: first, LastPos: n.Pos, ReadAt: n.ReadAt, ArchivedAt: n.ArchivedAt, ExpiresAt: n.ExpiresAt,
	})
}

func stateOf(n *Notification) string {
	switch {
	case n.ArchivedAt != nil:
		return "archived"
	case n.ReadAt != nil:
		return "read"
	}
	return "unread"
}

// possible lists what may have become of an entry that is not there: each is left out that what there is rules out.
func (t *trace) possible() []string {
	possible := []string{"deleted"}
	if t.s.now().Sub(t.e.CreatedAt) > min(t.s.cfg.Retention, t.s.cfg.UnreadRetention) {
		possible = append(possible, "retention")
	}
	if t.asSet() == basisNow {
		possible = append(possible, "preferences_changed")
	}
	if !t.sure {
		possible = append(possible, "audience_changed")
	}
	if t.joined != nil {
		possible = append(possible, "joined")
	}
	return possible
}

// pushed returns type and priority of what is pushed live: the digest stands for what it counts.
func (t *trace) pushed() (string, Priority) {
	if t.entry != nil && t.entry.Type == TypeDigest || t.joined.is(TypeDigest) {
		return TypeDigest, PriorityLow
	}
	return t.content.Type, t.content.Priority
}

func (t *trace) live(context.Context) error {
	typ, _ := t.pushed()
	channels := t.preferences.of(typ)
	facts := &WhyFacts{Type: typ, Channels: &channels, ChangedAt: t.changedAt}
	if !channels.Live {
		t.add("live", WhyStopped, "type_off", t.asSet(), facts)
		return nil
	}
	t.add("live", WhyPassed, "wanted", t.asSet(), facts)
	return nil
}

func (t *trace) quietHours(context.Context) error {
	_, priority := t.pushed()
	facts := &WhyFacts{QuietHours: t.preferences.QuietHours, ChangedAt: t.changedAt, Priority: priority}
	switch {
	case t.preferences.quiet(priority, newZoneClock(t.e.CreatedAt)):
		t.add("quiet_hours", WhyStopped, "inside", t.asSet(), facts)
	case t.preferences.QuietHours == nil:
		t.add("quiet_hours", WhyPassed, "none", t.asSet(), nil)
	default:
		t.add("quiet_hours", WhyPassed, "outside", t.asSet(), facts)
	}
	return nil
}

// SocketCounter is what a LivePublisher may be as well, so that it can be told whether a user is connected.
type SocketCounter interface {
	// SocketsOf returns how many connections a user has at this moment.
	SocketsOf(ctx context.Context, userID string) (int, error)
}

// socket tells whether the message is out. Whether the user was connected then is not kept.
func (t *trace) socket(ctx context.Context) error {
	done, facts, reason, err := t.progress(ctx, ConsumerLive)
	if err != nil {
		return err
	}
	if done {
		facts = &WhyFacts{}
	}
	if counter, ok := t.s.cfg.Publisher.(SocketCounter); ok && facts != nil {
		if n, err := counter.SocketsOf(ctx, t.UserID); err == nil { // without the sockets' answer the rest is true all the same
			facts.Sockets = &n
		}
	}
	if done {
		t.add("socket", WhyUnknown, "sent", basisNow, facts)
	} else {
		t.add("socket", WhyWaiting, reason, basisNow, facts)
	}
	return nil
}
