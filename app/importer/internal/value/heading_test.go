package value

import "testing"

func TestParseHeading(t *testing.T) {
	t.Parallel()
	const none, unread = -2, -1
	for text, want := range map[string]int{
		"Season 2": 2, "S1": 1, "Staffel 3": 3, "2. Staffel (2002)": 2, "Season 2 (2002)": 2, "Season 2: The Return": 2, "S2 - The Return": 2, "SERIES THREE": 3,
		"Season 2 – 2002": 2, "Season 2, 2002/03": 2, "Season 2 (10 episodes)": 2, "Season 2: Episodes 11-20": 2, "2nd season": 2, "Season 0: Specials": 0,
		"Season 4 | Winter": 4, "Temporada 1 [a]": 1, "シーズン2": 2,
		"Season II": unread, "Specials": unread, "Seasons 1-2": unread, "Season 1-2": unread, "Season 2 The Return": unread, "Season One and Two": unread,
		"Season 2, 3": unread, "2nd season of": unread, "Season 99999": unread,
		"S01E05": none, "S01E05 - Pilot": none, "Season 1, Episode 5": none, "Episode 5": none, "Pilot": none, "": none, "7": none, "S": none,
		"The Seasons": none, "Christmas Special": none, "12 Monkeys": none,
	} {
		season, is := ParseHeading(text)
		got := none
		switch {
		case season != nil:
			got = *season
		case is:
			got = unread
		}
		if got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
