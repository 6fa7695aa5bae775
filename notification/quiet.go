package notification

import (
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // zones must be known wherever the binary runs, also where the system brings none

	"github.com/callboard/callboard"
)

// QuietHours are a span of the day in which nothing but urgent notifications is pushed live. The unread count is all the time, so
// that it is right while they last and when they end. Both ends are wall-clock
// times of the zone, so the span begins and ends at the same time of the day all year: where the clock skips an end, the
// span begins or ends with the first minute after it; where the clock repeats an hour, the rule holds both times.
type QuietHours struct {
	Start    string `json:"start" doc:"HH:MM, included." example:"22:00"`
	End      string `json:"end" doc:"HH:MM, excluded. Earlier than start: it is that of the next day. Equal: 24 hours." example:"07:00"`
	TimeZone string `json:"time_zone" doc:"An IANA time zone." example:"Europe/Berlin"`
	// Days are the days on which a span begins; empty means every day.
	Days []string `json:"days,omitempty" doc:"Days on which a span begins: mon, tue, wed, thu, fri, sat, sun. Empty: every day."`
}

const (
	minutesPerDay = 24 * 60
	maxZoneName   = 64
)

// cover reports whether the quiet hours hold at the given moment. A zone that is no longer known covers nothing.
func (h *QuietHours) cover(at *zoneClock) bool {
	local, ok := at.in(h.TimeZone)
	start, ok1 := minuteOfDay(h.Start)
	end, ok2 := minuteOfDay(h.End)
	if !ok || !ok1 || !ok2 {
		return false
	}
	minute, today := local.Hour()*60+local.Minute(), local.Weekday()
	if end <= start {
		end += minutesPerDay
	}
	yesterday := (today + 6) % 7
	return minute >= start && minute < end && h.beginsOn(today) ||
		minute+minutesPerDay < end && h.beginsOn(yesterday)
}

// zoneClock is one point in time, as the clocks of many zones show it. Loading a zone is slow, and a batch of users lives
// in few of them.
type zoneClock struct {
	now   time.Time
	local map[string]time.Time // zero for a zone that is not known
}

func newZoneClock(now time.Time) *zoneClock {
	return &zoneClock{now: now, local: map[string]time.Time{}}
}

func (c *zoneClock) in(zone string) (time.Time, bool) {
	local, known := c.local[zone]
	if !known {
		if location, err := loadZone(zone); err == nil {
			local = c.now.In(location)
		}
		c.local[zone] = local
	}
	return local, !local.IsZero()
}

func (h *QuietHours) beginsOn(day time.Weekday) bool {
	return len(h.Days) == 0 || slices.Contains(h.Days, shortDay(day))
}

func (h *QuietHours) validate(v *callboard.Validator) {
	_, ok := minuteOfDay(h.Start)
	v.Check(ok, "quiet_hours.start", "must be a time of the day, HH:MM")
	_, ok = minuteOfDay(h.End)
	v.Check(ok, "quiet_hours.end", "must be a time of the day, HH:MM")
	_, err := loadZone(h.TimeZone)
	v.Check(err == nil, "quiet_hours.time_zone", "must be an IANA time zone such as Europe/Berlin")
	v.Check(validDays(h.Days), "quiet_hours.days", "must be different days out of mon, tue, wed, thu, fri, sat, sun")
}

func validDays(days []string) bool {
	seen := map[string]bool{}
	for day := time.Sunday; day <= time.Saturday; day++ {
		seen[shortDay(day)] = false
	}
	for _, day := range days {
		if used, known := seen[day]; used || !known {
			return false
		}
		seen[day] = true
	}
	return true
}

func shortDay(day time.Weekday) string { return strings.ToLower(day.String()[:3]) }

// loadZone loads an IANA zone. The machine's own zone, which Go calls Local, is not one; nor is no name at all.
func loadZone(name string) (*time.Location, error) {
	if name == "" || name == "Local" || len(name) > maxZoneName {
		return nil, callboard.Errorf(callboard.CodeInvalid, "not an IANA time zone")
	}
	return time.LoadLocation(name)
}

// minuteOfDay reads "HH:MM".
func minuteOfDay(s string) (int, bool) {
	t, err := time.Parse("15:04", s)
	return t.Hour()*60 + t.Minute(), err == nil && len(s) == len("15:04")
}
