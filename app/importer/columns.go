package importer

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/importer/internal/value"
)

// column is a column, with what its name and all of its cells tell of it.
type column struct {
	position int
	name     string // as the header has it, cleaned
	means    meaning
	field    string // that it fills; empty while it fills none
	why      string

	samples []string
	filled  int // cells that hold something
	first   string
	varied  bool // they differ
	// What the cells are, of a column whose name leaves that open.
	numbers, codes, dates, ids, links, texts int
	nested                                   int // objects, which fill nothing
	digits                                   int // of the texts, those that begin with one
	quoted                                   int // within quotes as a whole
	coded                                    int // such as "S01E05 - Pilot", of a column of titles
	order                                    value.DateColumn
	run                                      run
}

// Samples that a layout shows.
const (
	maxSamples   = 3
	sampleLength = 60 // characters
)

func (c *column) label() string {
	if c.name == "" {
		return fmt.Sprintf("column %d", c.position)
	}
	return fmt.Sprintf("column %d (%s)", c.position, value.Show(c.name))
}

// observe takes in a cell. The season is that of its row, 0 when there is none.
func (c *column) observe(text string, season int) {
	if empty(text) {
		return
	}
	if c.filled++; c.filled == 1 {
		c.first = text
	} else if text != c.first {
		c.varied = true
	}
	if _, is := unquoted(text); is {
		c.quoted++
	}
	const fewCells = 100 // that samples are taken from
	if len(c.samples) < maxSamples && c.filled <= fewCells {
		c.sample(text)
	}
	switch c.means.field {
	case fieldTitle:
		if _, _, is := value.CutCode(text); is {
			c.coded++
		}
	case fieldAirDate:
		c.order.Observe(text)
		if c.dates == 0 {
			if class, _ := classOf(text); class >= classNumber { // a day number, or digits that are a date
				c.dates++
			}
		}
	case fieldThumbnail:
		if strings.ContainsAny(text, "/:") {
			c.links++
		}
	case fieldID, fieldShowID:
		c.count(text, season)
	case fieldSeason, fieldNumber, overall, "":
		c.count(text, season)
	case fieldShow:
		if c.means.open {
			c.count(text, season)
		}
	}
}

// unquoted returns a text without the quotes that it stands in as a whole.
func unquoted(text string) (inner string, is bool) {
	for _, pair := range []string{`""`, "“”", "„“", "«»", "「」"} {
		open, width := utf8.DecodeRuneInString(pair)
		inner, begins := strings.CutPrefix(text, string(open))
		inner, ends := strings.CutSuffix(inner, pair[width:])
		if begins && ends && !callboard.Blank(inner) && !strings.ContainsAny(inner, pair) {
			return inner, true
		}
	}
	return text, false
}

// inQuotes reports whether all of its cells are, as in tables of Wikipedia, so that the quotes are no part of the titles. One alone may
// be a title that is a quotation.
func (c *column) inQuotes() bool { return c.filled > 1 && c.quoted == c.filled }

func (c *column) sample(text string) {
	runes := []rune(value.CleanLine(text))
	if len(runes) > sampleLength {
		runes = append(runes[:sampleLength], '…')
	}
	for _, sample := range c.samples {
		if sample == string(runes) {
			return
		}
	}
	c.samples = append(c.samples, string(runes))
}

// count notes of what class a cell is. A column of texts is known as one after some of them.
func (c *column) count(text string, season int) {
	const enough = 50
	if c.texts > enough && c.numbers+c.codes+c.dates == 0 {
		c.texts++
		return
	}
	switch class, number := classOf(text); class {
	case classNumber:
		c.numbers++
		if number != nil {
			c.run.add(season, *number)
		}
	case classCode:
		c.codes++
	case classDate:
		c.dates++
		c.order.Observe(text)
	case classID:
		c.ids++
	case classText:
		if !value.NoNumber(text) {
			c.texts++
			if text[0] >= '0' && text[0] <= '9' {
				c.digits++
			}
		}
	case classEmpty:
	}
}

// mostly reports whether all but a tenth of the cells, sums and the like, are among n.
func (c *column) mostly(n int) bool { return n > 0 && 10*n >= 9*c.filled }

// run finds out whether numbers count something in each season: none of them is there twice, and few are left out. It needs a few
// bits for each.
type run struct {
	broken  bool
	seasons map[int]*seen
}

type seen struct {
	bits            []uint64
	count           int
	lowest, highest int
}

func (r *run) add(season, number int) {
	if r.broken {
		return
	}
	s := r.seasons[season]
	if s == nil {
		if r.seasons == nil {
			r.seasons = map[int]*seen{}
		}
		s = &seen{lowest: number}
		r.seasons[season] = s
	}
	// What is far from its neighbours does not count. The bound is for memory: lists may begin with their last number.
	const mostSeasons, slack = 1000, 1000
	limit := 2*s.count + slack
	if len(r.seasons) == 1 {
		limit = value.MaxNumber
	}
	word, bit := number/64, uint64(1)<<(number%64)
	if len(r.seasons) > mostSeasons || number > limit || word < len(s.bits) && s.bits[word]&bit != 0 {
		r.broken, r.seasons = true, nil
		return
	}
	for word >= len(s.bits) {
		s.bits = append(s.bits, 0)
	}
	s.bits[word] |= bit
	s.count++
	s.lowest, s.highest = min(s.lowest, number), max(s.highest, number)
}

// counts reports whether the numbers of each season count its episodes: and if so, whether from 1 on, and whether they begin anew
// in several seasons.
func (r *run) counts() (counts, fromOne, anew bool) {
	total := 0
	fromOne = true
	for _, s := range r.seasons {
		if s.highest-s.lowest > s.count+s.count/2 {
			return false, false, false
		}
		fromOne = fromOne && s.lowest <= 1
		total += s.count
	}
	return total > 1, fromOne, fromOne && len(r.seasons) > 1
}

// chooser decides what each column is used for.
type chooser struct {
	columns []*column
	rows    int // below the header
	header  bool
	asked   map[string][]int // by the mapping
	chosen  map[string][]int
	opts    Options
	apart   func(field string) bool // no row has two of the columns that can be it
}

// choose fills chosen, and field and why of each column. What people must decide is CodeInvalid, with all that is known to be asked.
func (ch *chooser) choose() error {
	ch.chosen = map[string][]int{}
	for _, field := range fields() {
		at, asked := ch.asked[field]
		if !asked {
			continue
		}
		ch.chosen[field] = at
		for _, i := range at {
			ch.use(i, field, "as asked for")
		}
	}
	for _, c := range ch.columns {
		c.refine()
	}
	if !ch.header {
		ch.byContent()
	}
	ch.constantIsShow()
	var questions callboard.Validator
	open := map[string]bool{} // fields that there is a question about
	ask := func(field, question string) {
		if question != "" {
			questions.Add("mapping."+field, "%s", question)
			open[field] = true
		}
	}
	for _, field := range fields() {
		ask(field, ch.pick(field))
	}
	unknown := "" // of a file of which not even the titles are known nothing else is asked
	if !open[fieldTitle] {
		unknown = ch.checkTitle()
		ask(fieldTitle, unknown)
	}
	ch.codes()
	if unknown == "" && !open[fieldSeason] && !open[fieldNumber] {
		ask(fieldNumber, ch.numbers())
	}
	if err := questions.Err(); err != nil {
		return err
	}
	for _, c := range ch.columns {
		if c.field == "" && c.why == "" {
			c.why = c.ignored()
		}
	}
	return nil
}

func (ch *chooser) use(i int, field, why string) {
	c := ch.columns[i]
	if c.field == "" {
		c.field, c.why = field, why
	}
}

// refine sees to it that the cells agree with what the name may mean.
func (c *column) refine() {
	if c.field != "" {
		return
	}
	m := &c.means
	switch {
	case c.nested > 0 && c.nested == c.filled:
		m.field, c.why = other, "holds objects, not values"
	case m.field == "" && c.mostly(c.codes):
		m.field, m.rank = fieldNumber, rankCode
	case m.field == fieldNumber && m.open && c.texts > 4*(c.numbers+c.codes+c.digits): // "1.01" is no title, but a number to be mended
		m.field, m.rank = fieldTitle, rankEpisode
	case m.field == fieldShow && m.open && c.numbers+c.codes > c.texts:
		m.field, m.rank = fieldSeason, 2*rankStep
	case m.field == fieldID && c.filled > 0 && c.ids == 0:
		m.field, c.why = other, "holds no IDs of Callboard"
	case m.field == fieldSeason && m.rank <= rankStep && c.filled > 0 && c.numbers+c.codes == 0:
		m.field, c.why = other, "holds no numbers of seasons"
	case m.field == fieldAirDate && m.rank <= rankStep && c.filled > 0 && c.dates == 0:
		m.field, c.why = other, "holds no dates"
	case m.field == fieldThumbnail && m.rank <= 2*rankStep && c.filled > 0 && c.links == 0:
		m.field, c.why = other, "holds no links"
	case m.field == fieldShowID && c.filled > 0 && c.ids == 0:
		m.field, c.why = other, "holds no IDs of shows of Callboard"
	}
}

// constantIsShow takes a column called title or name for the show if all rows have one value in it, and another one holds titles.
func (ch *chooser) constantIsShow() {
	varied := len(ch.asked[fieldTitle]) > 0
	for _, c := range ch.columns {
		varied = varied || c.field == "" && c.means.field == fieldTitle && c.varied
	}
	for _, c := range ch.columns {
		if varied && c.field == "" && c.means.field == fieldTitle && c.means.rank > rankStep && c.constant(ch.rows) {
			c.means = meaning{field: fieldShow, rank: rankConstant}
		}
	}
}

// constant reports whether all but a few of the rows have one and the same value.
func (c *column) constant(rows int) bool { return c.filled > 1 && !c.varied && 10*c.filled >= 9*rows }

// pick chooses the column whose name is the most specific one for field, or returns what must be asked.
func (ch *chooser) pick(field string) string {
	columns, asked := ch.asked[field]
	best := -1
	var tie *column
	for i, c := range ch.columns {
		if c.field != "" || c.means.field != field {
			continue
		}
		if asked {
			c.why = "the mapping leaves " + field + " out"
			if len(columns) > 0 {
				c.why = fmt.Sprintf("the mapping takes %s from %s", field, ch.columns[columns[0]].label())
			}
			continue
		}
		switch {
		case best < 0 || c.better(ch.columns[best]):
			best, tie = i, nil
		case !ch.columns[best].better(c):
			tie = c
		}
	}
	if best < 0 {
		return ""
	}
	c := ch.columns[best]
	if field == fieldTitle && c.means.rank <= rankStep && tie == nil { // the original title, beside one whose name is not known
		for _, d := range ch.columns {
			if d.field == "" && d.means.field == "" && d.filled > 0 && isTitle(d.name) {
				tie = d
			}
		}
	}
	var others []int // names of one field in some objects and in others
	if tie != nil && ch.apart(field) {
		for i, d := range ch.columns {
			if i != best && d.field == "" && d.means.field == field && !c.better(d) {
				others = append(others, i)
			}
		}
		tie = nil
	}
	if tie != nil {
		return fmt.Sprintf("%s and %s can both be %s, and nothing decides; choose one with a mapping, such as %s=#%d",
			c.label(), tie.label(), field, field, c.position)
	}
	why := "by name"
	if !ch.header || c.means.rank == rankCode || c.means.rank == rankEpisode || c.means.rank == rankConstant {
		why = "by content"
	}
	ch.chosen[field] = append([]int{best}, others...)
	for _, i := range ch.chosen[field] {
		ch.use(i, field, why)
	}
	ch.passOver(field, c)
	return ""
}

// passOver says why the other columns that could be field are not used, where c is.
func (ch *chooser) passOver(field string, c *column) {
	for _, loser := range ch.columns {
		switch {
		case loser.field != "" || loser.means.field != field || loser.why != "":
		case key(c.name) == "imageoriginal" && key(loser.name) == "imagemedium": // one picture in two sizes, as TVmaze has them
			ch.chosen[field] = append(ch.chosen[field], loser.position-1)
			ch.use(loser.position-1, field, "where the original is missing")
		case loser.filled == 0 && c.filled > 0:
			loser.why = "is empty"
		default:
			loser.why = fmt.Sprintf("%s is more specific for %s", c.label(), field)
		}
	}
}

// isTitle reports whether a name has the word for title in it.
func isTitle(name string) bool {
	return slices.ContainsFunc(words(name), func(word string) bool { return synonym(fold(word)) == "title" })
}

// better reports whether c is chosen before d.
func (c *column) better(d *column) bool {
	if (c.filled > 0) != (d.filled > 0) {
		return c.filled > 0
	}
	return c.means.rank > d.means.rank
}

// codes takes the season from a column such as S01E02, where no other one has it.
func (ch *chooser) codes() {
	_, hasSeason := ch.chosen[fieldSeason]
	_, hasNumber := ch.chosen[fieldNumber]
	for i, c := range ch.columns {
		switch {
		case !c.mostly(c.codes):
		case c.field == fieldNumber && !hasSeason:
			c.why, hasSeason = c.why+", and for the season", true
		case c.field == fieldSeason && !hasNumber:
			ch.chosen[fieldNumber], hasNumber = []int{i}, true
			c.why += ", and for the number"
		case c.field == "" && c.means.field == fieldNumber && !hasSeason:
			c.why = ""
			ch.chosen[fieldSeason], hasSeason = []int{i}, true
			ch.use(i, fieldSeason, "by content")
		}
	}
}

// numbers sees to it that no numbers are invented beside a column that holds them, or returns what must be asked.
func (ch *chooser) numbers() string {
	_, hasSeason := ch.chosen[fieldSeason]
	if _, has := ch.chosen[fieldNumber]; has {
		return ""
	}
	var like []int
	for i, c := range ch.columns {
		counts, _, _ := c.run.counts()
		if c.field == "" && counts && c.mostly(c.numbers) && !c.isIndex() {
			like = append(like, i)
		}
	}
	if len(like) == 0 {
		return ""
	}
	c := ch.columns[like[0]]
	_, fromOne, anew := c.run.counts()
	why := "by content"
	if c.means.field == overall && !hasSeason {
		why = "by name"
	}
	if len(like) == 1 && (anew || why == "by name" || fromOne && c.name == "") {
		c.why = ""
		ch.chosen[fieldNumber] = like
		ch.use(like[0], fieldNumber, why)
		return ""
	}
	return fmt.Sprintf("%s looks like numbers of episodes, and no column is known to hold them; say so with %s=#%d, or that there are none with %s=",
		c.label(), fieldNumber, c.position, fieldNumber)
}

// isIndex reports whether a column only counts the rows from 0 on, as programs that write CSV add it.
func (c *column) isIndex() bool {
	s := c.run.seasons[0]
	return len(c.run.seasons) == 1 && s != nil && s.lowest == 0 && (c.name == "" || strings.HasPrefix(key(c.name), "unnamed"))
}

// ignored says why a column fills no field.
func (c *column) ignored() string {
	switch {
	case c.filled == 0:
		return "is empty"
	case c.means.field == overall:
		return "counts through all seasons"
	case c.means.field == other:
		return "is no field of an episode"
	case c.name == "":
		return "has no name"
	}
	return "no field is known by this name"
}

// checkTitle returns what must be asked unless a column is known to hold the titles of episodes, or none needs to.
func (ch *chooser) checkTitle() string {
	title := ch.chosen[fieldTitle]
	if len(title) > 0 {
		c := ch.columns[title[0]]
		if _, asked := ch.asked[fieldTitle]; !asked && len(ch.chosen[fieldID]) == 0 && c.constant(ch.rows) && ch.maybeShow(c.first) {
			return fmt.Sprintf("%s holds %s in all rows, which can be the show, but not the title of each episode; say which column holds the titles, or title=#%d if this does",
				c.label(), value.Show(c.first), c.position)
		}
		return ""
	}
	if len(ch.chosen[fieldID]) > 0 || ch.opts.Mode == Update {
		return ""
	}
	return "no column is known to hold the titles; name it with title=COLUMN, or by its position, such as title=#1, out of: " + list(ch.columns)
}

// maybeShow reports whether a text may be the title of the show: unless the show is known, and called otherwise.
func (ch *chooser) maybeShow(text string) bool {
	known := ch.opts.showTitle()
	return known == "" || strings.EqualFold(value.CleanLine(text), known)
}

// byContent gives columns without a header a meaning, where their cells leave no doubt.
func (ch *chooser) byContent() {
	var texts, numbers []*column
	coded := false
	for _, c := range ch.columns {
		switch {
		case c.field != "":
		case c.mostly(c.ids):
			c.means.field = fieldID
		case c.mostly(c.dates):
			c.means.field = fieldAirDate
		case c.mostly(c.numbers):
			numbers = append(numbers, c)
		case c.means.field == fieldNumber:
			coded = true
		case c.texts > 0:
			texts = append(texts, c)
		}
	}
	if len(texts) == 1 {
		texts[0].means.field = fieldTitle
	}
	// Two columns of numbers are season and number if the second begins anew with the first. One that counts is a number: see numbers.
	if len(numbers) == 2 && !coded {
		if counts, _, anew := numbers[1].run.counts(); counts && anew {
			numbers[0].means.field, numbers[1].means.field = fieldSeason, fieldNumber
		}
	}
}
