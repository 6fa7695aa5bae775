package notification

import (
	"errors"
	"testing"
	"time"

	"github.com/callboard/callboard"
)

func TestQuietHoursCover(t *testing.T) {
	t.Parallel()
	night := QuietHours{Start: "22:00", End: "07:00", TimeZone: "Europe/Berlin"}
	fridays := QuietHours{Start: "22:00", End: "07:00", TimeZone: "Europe/Berlin", Days: []string{"fri"}}
	weekend := QuietHours{Start: "00:00", End: "00:00", TimeZone: "America/New_York", Days: []string{"sat", "sun"}}
	lunch := QuietHours{Start: "12:00", End: "13:00", TimeZone: "UTC"}
	gap := QuietHours{Start: "02:30", End: "04:00", TimeZone: "Europe/Berlin"}
	cases := map[string]struct {
		hours QuietHours
		at    string
		want  bool
	}{
		"before the night":                       {night, "2026-01-15T20:59:00Z", false},
		"the night begins":                       {night, "2026-01-15T21:00:00Z", true},
		"midnight":                               {night, "2026-01-15T23:00:00Z", true},
		"last minute of the night":               {night, "2026-01-16T05:59:59Z", true},
		"the night ends":                         {night, "2026-01-16T06:00:00Z", false},
		"an hour earlier in UTC, in summer":      {night, "2026-07-15T20:00:00Z", true},
		"before it, in summer":                   {night, "2026-07-15T19:59:00Z", false},
		"night of the change to summer, the end": {night, "2026-03-29T05:00:00Z", false},
		"night of the change to summer, before":  {night, "2026-03-29T04:59:00Z", true},
		"night of the change to winter, the end": {night, "2026-10-25T06:00:00Z", false},
		"night of the change to winter, before":  {night, "2026-10-25T05:59:00Z", true},
		"a start that the clock skips, before":   {gap, "2026-03-29T00:59:00Z", false},
		"a start that the clock skips, after":    {gap, "2026-03-29T01:00:00Z", true},
		"a start that comes twice, first":        {gap, "2026-10-25T00:30:00Z", true},
		"a start that comes twice, second":       {gap, "2026-10-25T01:30:00Z", true},
		"friday evening":                         {fridays, "2026-01-16T22:00:00Z", true},
		"its saturday morning":                   {fridays, "2026-01-17T05:00:00Z", true},
		"friday morning":                         {fridays, "2026-01-16T05:00:00Z", false},
		"saturday evening":                       {fridays, "2026-01-17T22:00:00Z", false},
		"saturday begins there":                  {weekend, "2026-01-17T05:00:00Z", true},
		"not yet saturday there":                 {weekend, "2026-01-17T04:59:00Z", false},
		"sunday ends there":                      {weekend, "2026-01-19T05:00:00Z", false},
		"lunch":                                  {lunch, "2026-01-15T12:30:00Z", true},
		"after lunch":                            {lunch, "2026-01-15T13:00:00Z", false},
		"a zone that is no longer known":         {QuietHours{Start: "00:00", End: "00:00", TimeZone: "Mars/Olympus"}, "2026-01-15T12:00:00Z", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at, err := time.Parse(time.RFC3339, c.at)
			if err != nil {
				t.Fatal(err)
			}
			moment := newZoneClock(at)
			if got := c.hours.cover(moment); got != c.want {
				t.Errorf("cover(%s) = %t, want %t", c.at, got, c.want)
			}
			if got := c.hours.cover(moment); got != c.want {
				t.Errorf("cover answers differently the second time: %t", got)
			}
		})
	}
}

func TestQuietHoursValidate(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		hours QuietHours
		field string
	}{
		"sound":         {QuietHours{"22:00", "07:00", "Europe/Berlin", nil}, ""},
		"all days":      {QuietHours{"00:00", "23:59", "UTC", []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}}, ""},
		"no start":      {QuietHours{"", "07:00", "UTC", nil}, "quiet_hours.start"},
		"short start":   {QuietHours{"7:00", "08:00", "UTC", nil}, "quiet_hours.start"},
		"24:00":         {QuietHours{"22:00", "24:00", "UTC", nil}, "quiet_hours.end"},
		"seconds":       {QuietHours{"22:00", "07:00:00", "UTC", nil}, "quiet_hours.end"},
		"no zone":       {QuietHours{"22:00", "07:00", "", nil}, "quiet_hours.time_zone"},
		"unknown zone":  {QuietHours{"22:00", "07:00", "Mars/Olympus", nil}, "quiet_hours.time_zone"},
		"machine's own": {QuietHours{"22:00", "07:00", "Local", nil}, "quiet_hours.time_zone"},
		"a path":        {QuietHours{"22:00", "07:00", "../etc/passwd", nil}, "quiet_hours.time_zone"},
		"unknown day":   {QuietHours{"22:00", "07:00", "UTC", []string{"monday"}}, "quiet_hours.days"},
		"a day twice":   {QuietHours{"22:00", "07:00", "UTC", []string{"mon", "mon"}}, "quiet_hours.days"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var v callboard.Validator
			c.hours.validate(&v)
			err := v.Err()
			if c.field == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			invalid, ok := errors.AsType[*callboard.Error](err)
			if !ok || len(invalid.Fields) != 1 || invalid.Fields[0].Field != c.field {
				t.Errorf("error %v, want one about %s", err, c.field)
			}
		})
	}
}
