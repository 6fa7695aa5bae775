package importer

import (
	"context"
	"slices"
	"strings"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/episode"
)

// findPlaces reads which episodes are where the rows want to be.
func (b *batch) findPlaces(ctx context.Context) error {
	var places []episode.Place
	for _, r := range b.rows {
		if r.outcome == "" && r.numbered && b.showID(r.scope) != "" {
			places = append(places, b.placeOf(r))
		}
	}
	b.byPlace = map[episode.Place]*episode.Episode{}
	if err := b.readPlaces(ctx, places); err != nil || !b.session.loose {
		return err
	}
	return b.findLoose(ctx)
}

// findLoose reads which episodes outside of shows have the numbers of the rows.
func (b *batch) findLoose(ctx context.Context) error {
	var places []episode.Place
	for _, r := range b.rows {
		if r.outcome == "" && r.loose && r.known == nil {
			places = append(places, b.placeOf(r))
		}
	}
	found, err := b.session.cfg.Episodes.FindByPlace(ctx, b.db, places)
	b.byLoose = map[episode.Place][]*episode.Episode{}
	for i := range found {
		place, _ := found[i].Place()
		b.byLoose[place] = append(b.byLoose[place], &found[i])
	}
	return err
}

// weigh counts how many rows outside of shows are there in all that tells episodes apart, and how many only in part. Several lists may be
// there, each with a number 1 and a "Pilot", so a title or a number alone says which episode is meant only when a file is plainly a later
// state of what is there: when at least as many rows are there as have changed.
func (b *batch) weigh(ctx context.Context) error {
	var rows, changed []*row
	var dated []episode.DatedName
	for _, r := range b.rows {
		if r.outcome == "" && r.known == nil && r.name != 0 && r.scope.outside() {
			rows, dated = append(rows, r), append(dated, b.datedName(r))
		}
	}
	if err := b.readNames(ctx, nil, dated); err != nil {
		return err
	}
	var names []episode.Name
	for _, r := range rows {
		if slices.ContainsFunc(b.byName[b.nameOf(r)], func(e *episode.Episode) bool { return fits(r, e, true) }) {
			b.session.agree++
			continue
		}
		changed = append(changed, r)
		if b.session.claims.names[r.name]&several == 0 {
			names = append(names, b.nameOf(r))
		}
	}
	if err := b.readNames(ctx, names, nil); err != nil {
		return err
	}
	if err := b.findLoose(ctx); err != nil {
		return err
	}
	for _, r := range changed {
		if b.onlyLoose(r) != nil || len(b.byName[b.nameOf(r)]) > 0 {
			b.session.differ++
		}
	}
	return nil
}

// onlyLoose returns the only episode outside of shows that has the number of r, or nil.
func (b *batch) onlyLoose(r *row) *episode.Episode {
	if r.outcome != "" || !r.loose || r.known != nil {
		return nil
	}
	if found := b.byLoose[b.placeOf(r)]; len(found) == 1 {
		return found[0]
	}
	return nil
}

func (b *batch) readPlaces(ctx context.Context, places []episode.Place) error {
	found, err := b.session.cfg.Episodes.FindByPlace(ctx, b.db, places)
	for _, place := range places {
		b.byPlace[place] = nil // asked for, and free
	}
	for i := range found {
		place, _ := found[i].Place()
		b.byPlace[place] = &found[i]
	}
	return err
}

// placeOf returns the place that a row brings along.
func (b *batch) placeOf(r *row) episode.Place {
	return episode.Place{
		ShowID: b.showID(r.scope), Season: int(r.place>>numberBits&(1<<seasonBits-1)) - 1, Number: int(r.place & (1<<numberBits - 1)),
	}
}

// at returns the episode at a place, or nil; also nil for one that an earlier row has moved away, or that a later one will.
func (b *batch) at(ctx context.Context, place episode.Place) (*episode.Episode, error) {
	if _, known := b.byPlace[place]; !known {
		if err := b.readPlaces(ctx, []episode.Place{place}); err != nil {
			return nil, err
		}
	}
	e := b.byPlace[place]
	if e != nil && (b.effects.left[e.ID] || b.session.past.left[e.ID] || b.session.claims.moves.leaves(e.ID)) {
		e = nil
	}
	return e, nil
}

// findNames reads which episodes have the titles of the rows that neither an ID nor a place has found one for. Where several rows have
// a title, it says too little by itself: see called.
func (b *batch) findNames(ctx context.Context) error {
	var names []episode.Name
	var dated []episode.DatedName
	for _, r := range b.rows {
		if r.outcome != "" || r.known != nil || r.name == 0 || !r.scope.outside() && b.showID(r.scope) == "" {
			continue
		}
		if r.numbered {
			if e, _ := b.at(ctx, b.placeOf(r)); e != nil && !b.claimedByID(e, r) { // findPlaces has read it
				continue
			}
		}
		switch {
		case !b.strict(r):
			names = append(names, b.nameOf(r))
		case !r.numbered:
			dated = append(dated, b.datedName(r))
		}
	}
	return b.readNames(ctx, names, dated)
}

// strict reports whether the title of r says too little by itself, so that all that tells episodes apart has to be the same: where several
// rows have the title, and outside of shows (see weigh).
func (b *batch) strict(r *row) bool {
	return b.session.claims.names[r.name]&several != 0 || r.scope.outside() && !b.session.loose
}

func (b *batch) nameOf(r *row) episode.Name {
	return episode.Name{ShowID: b.showID(r.scope), Title: r.patch.Title.Value}
}

func (b *batch) datedName(r *row) episode.DatedName {
	return episode.DatedName{Name: b.nameOf(r), AirDate: textOf(r.patch.AirDate.Value)}
}

func (b *batch) readNames(ctx context.Context, names []episode.Name, dated []episode.DatedName) error {
	found, err := b.session.cfg.Episodes.FindByName(ctx, b.db, names)
	if err != nil {
		return err
	}
	more, err := b.session.cfg.Episodes.FindByDatedName(ctx, b.db, dated)
	b.byName = map[episode.Name][]*episode.Episode{}
	for _, e := range append(found, more...) {
		b.byName[e.Name()] = append(b.byName[e.Name()], &e)
	}
	return err
}

func textOf(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// decideRow settles a row that keeps the rules and repeats no other.
func (b *batch) decideRow(ctx context.Context, r *row) error {
	if b.gone[b.showID(r.scope)] {
		r.refuse("the show was deleted")
		return nil
	}
	e, err := b.match(ctx, r)
	if err != nil || r.outcome != "" {
		return err
	}
	if e != nil {
		b.uses(r, e.ID)
	}
	switch {
	case e != nil && b.session.opts.Mode == Create:
		b.refuseExisting(r, *e)
		return nil
	case e != nil:
		return b.update(ctx, r, *e)
	case b.session.opts.Mode == Update:
		r.refuse("there is no such episode yet, by its ID, number or title")
		return nil
	}
	return b.create(ctx, r)
}

// match returns the episode that a row is about, or nil: by its ID, else by its place, else by its title.
func (b *batch) match(ctx context.Context, r *row) (*episode.Episode, error) {
	if r.known != nil {
		return r.known, nil
	}
	if !r.scope.outside() && b.showID(r.scope) == "" {
		return nil, nil //nolint:nilnil // a show that is to be created has none
	}
	if r.numbered {
		e, err := b.at(ctx, b.placeOf(r))
		switch {
		case err != nil:
			return nil, err
		case e == nil:
		case b.claimedByID(e, r):
			b.refuseTaken(r, *e)
			return nil, nil //nolint:nilnil // r is refused
		case r.name != 0 && e.Title != r.patch.Title.Value && b.isUnnumbered(r.scope, e.Title):
			r.refuse("episode_number is taken by %s, which another row is about", describe(*e))
			return nil, nil //nolint:nilnil // as above
		default:
			return e, nil
		}
	}
	if r.name != 0 && !(r.numbered && b.session.claims.names[r.name]&several != 0) {
		if e := b.called(r); e != nil || r.outcome != "" {
			return e, nil
		}
	}
	return b.numberedAlike(r), nil
}

// numberedAlike returns the only episode outside of shows with the number of r, where such numbers say something (see weigh) and no other
// row is about it; else nil. Of a row without a title nothing tells to which list it belongs.
func (b *batch) numberedAlike(r *row) *episode.Episode {
	e, c := b.onlyLoose(r), b.session.claims
	if e == nil || r.name == 0 || !b.session.loose || c.loose[r.place] != r.line || b.claimedByID(e, r) || c.names[c.nameKey(r.scope, e.Title)] != 0 {
		return nil
	}
	r.rules = append(r.rules, "was taken for "+describe(*e)+" by its number")
	return e
}

func (b *batch) claimedByID(e *episode.Episode, r *row) bool {
	_, claimed := b.session.claims.byID(e.ID, r)
	return claimed
}

// isUnnumbered reports whether a row without a number has this title.
func (b *batch) isUnnumbered(s *scope, title string) bool {
	c := b.session.claims
	return c.names[c.nameKey(s, title)]&unnumbered != 0
}

// called returns the one episode of the title of r that no other row is about, or nil, or refuses r when there are several.
func (b *batch) called(r *row) *episode.Episode {
	p := r.patch
	var found []*episode.Episode
	for _, e := range b.byName[b.nameOf(r)] {
		if fits(r, e, b.strict(r)) && !b.claimed(e, r) && !b.isUsed(e, r) {
			found = append(found, e)
		}
	}
	if len(found) < 2 {
		if len(found) == 1 {
			return found[0]
		}
		return nil
	}
	slices.SortFunc(found, func(a, b *episode.Episode) int { return strings.Compare(a.ID, b.ID) })
	onDay := slices.DeleteFunc(slices.Clone(found), func(e *episode.Episode) bool {
		return p.AirDate.Value == nil || textOf(e.AirDate) != *p.AirDate.Value
	})
	if len(onDay) == 1 {
		return onDay[0]
	}
	for _, e := range found { // which of them makes no difference where the row says nothing new
		if next, err := e.Patched(p); err == nil && len(e.Diff(next)) == 0 {
			return e
		}
	}
	r.refuse("title is that of %d episodes; tell them apart by number, air date or ID", len(found))
	return nil
}

// fits reports whether e, whose title r has, may be meant: what the row says of season, and outside of shows of number, has to be the same.
// Strict, so has the air date, and what the row does not say is missing in e too.
func fits(r *row, e *episode.Episode, strict bool) bool {
	p := r.patch
	return sameNumber(p.SeasonNumber.Value, e.SeasonNumber, strict) &&
		(!r.scope.outside() || sameNumber(p.EpisodeNumber.Value, e.EpisodeNumber, strict)) &&
		(!strict || textOf(p.AirDate.Value) == textOf(e.AirDate))
}

// sameNumber reports whether a row's number fits that of an episode. One that is missing fits any, unless strict.
func sameNumber(row, of *int, strict bool) bool {
	if row == nil {
		return !strict || of == nil
	}
	return of != nil && *row == *of
}

// claimed reports whether a row other than r is about e, by its ID or its place. A row that has the place and another title is not,
// when r has the title and no number: then that row is refused.
func (b *batch) claimed(e *episode.Episode, r *row) bool {
	if b.claimedByID(e, r) {
		return true
	}
	if r.scope.outside() || e.EpisodeNumber == nil {
		return false
	}
	other, ok := b.session.claims.atPlace(placeKey(r.scope, e.SeasonNumber, *e.EpisodeNumber), r)
	return ok && (r.numbered || other.name == 0 || other.name == r.name)
}

// uses notes the episode of r, where its title is that of other rows too.
func (b *batch) uses(r *row, id string) {
	if b.session.claims.names[r.name]&several != 0 {
		b.effects.used[id] = r.line
	}
}

// isUsed reports whether e was found or made for another row.
func (b *batch) isUsed(e *episode.Episode, r *row) bool {
	for _, used := range []map[string]int{b.effects.used, b.session.past.used} {
		if line, ok := used[e.ID]; ok && line != r.line {
			return true
		}
	}
	return false
}

// create settles a row that no episode was found for.
func (b *batch) create(ctx context.Context, r *row) error {
	if !r.patch.Title.Set {
		r.refuse("title is missing")
		return nil
	}
	if r.numbered {
		if err := b.seeFree(ctx, r, r.place, b.placeOf(r), ""); err != nil || r.outcome != "" {
			return err
		}
	} else if !r.scope.outside() {
		if err := b.giveNumber(ctx, r, &r.next); err != nil || r.outcome != "" {
			return err
		}
	}
	r.settle(Created, "")
	return nil
}

// update settles a row that is about e.
func (b *batch) update(ctx context.Context, r *row, e episode.Episode) error {
	next, err := e.Patched(r.patch)
	if err != nil {
		return settleError(r, err)
	}
	if next.ShowID != nil && next.EpisodeNumber == nil {
		if err := b.giveNumber(ctx, r, &next); err != nil || r.outcome != "" {
			return err
		}
	}
	before, _ := e.Place()
	after, placed := next.Place()
	if placed && next.ShowID != nil && after != before {
		key := placeKey(r.scope, next.SeasonNumber, *next.EpisodeNumber)
		if err := b.seeFree(ctx, r, key, after, e.ID); err != nil || r.outcome != "" {
			return err
		}
		b.effects.left[e.ID] = true
		if e.EpisodeNumber != nil { // whether it has left already makes no difference to a number that is given
			season := seasonKey(r.scope, e.SeasonNumber)
			b.effects.highest[season] = max(b.effects.highest[season], b.session.past.highest[season], *e.EpisodeNumber)
		}
		if r.known == nil {
			r.rules = append(r.rules, "was taken for "+describe(e)+" by its title")
		}
	}
	r.old, r.next = &e, next
	if len(e.Diff(next)) == 0 {
		r.settle(Unchanged, "")
	} else {
		r.settle(Updated, "")
	}
	return nil
}

// seeFree refuses r unless a place is free for it; id is that of the episode that moves there, if it is one.
func (b *batch) seeFree(ctx context.Context, r *row, key uint64, place episode.Place, id string) error {
	if other, ok := b.session.claims.atPlace(key, r); ok {
		r.refuse("episode_number is taken by line %d", other.line)
		return nil
	}
	if place.ShowID == "" { // a show that is to be created
		return nil
	}
	e, err := b.at(ctx, place)
	if e != nil && e.ID != id {
		b.refuseTaken(r, *e)
	}
	return err
}

// giveNumber gives e the number after the highest of its season, of the database and of the whole file.
func (b *batch) giveNumber(ctx context.Context, r *row, e *episode.Episode) error {
	key := seasonKey(r.scope, e.SeasonNumber)
	stored, known := b.highest[key]
	if id := b.showID(r.scope); !known && id != "" {
		var err error
		if stored, err = b.session.cfg.Episodes.HighestNumber(ctx, b.db, id, e.SeasonNumber); err != nil {
			return err
		}
		b.highest[key] = stored
	}
	highest := max(stored, b.session.claims.highest[key], b.session.past.highest[key], b.effects.highest[key])
	if highest >= episode.MaxNumber {
		r.refuse("episode_number is missing, and the season has no free one left; give one")
		return nil
	}
	highest++
	b.effects.highest[key], e.EpisodeNumber = highest, &highest
	return nil
}

// refuseTaken says which episode is at the place of r. One that another row names is told by its line, since it may be changed already.
func (b *batch) refuseTaken(r *row, e episode.Episode) {
	other, ok := b.session.claims.byID(e.ID, r)
	if m := b.session.claims.moves.byID[e.ID]; ok && m != nil && m.late {
		r.refuse("episode_number is that of the episode of line %d, which leaves it too far below; put that line above this one", other.line)
		return
	}
	if ok {
		r.refuse("episode_number is that of the episode of line %d", other.line)
		return
	}
	r.refuse("episode_number is taken by %s", describe(e))
}

// refuseExisting says which episode r would be, and whether it is the same.
func (b *batch) refuseExisting(r *row, e episode.Episode) {
	field := "title"
	switch {
	case r.known != nil:
		field = "id"
	case r.numbered:
		field = "episode_number"
	}
	r.refuse("%s is taken by %s, %s", field, describe(e), comparison(r, e))
}

// settleError refuses r for an error that is its own fault. Others are returned.
func settleError(r *row, err error) error {
	if callboard.CodeOf(err) != callboard.CodeInvalid {
		return err
	}
	r.refuse("%s", reasonOf(r.located(err)))
	return nil
}
