package importer

import "testing"

// A heading gives its season to the rows below it. One that is not understood leaves none in force.
func TestHeadings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, want string }{
		"with names and years": {"No,Title,Date\nSeason 1 (2001),,\n1,A,2001-01-01\nSeason 2: The Return,,\n1,B,2002-01-01\nS3 - The End,,\n1,C,2003-01-01\n",
			"title=2 air_date=3 episode_number=1\n2 skipped: names the season of the rows below it\n3 S1 E1 \"A\" 2001-01-01\n" +
				"4 skipped: names the season of the rows below it\n5 S2 E1 \"B\" 2002-01-01\n6 skipped: names the season of the rows below it\n7 S3 E1 \"C\" 2003-01-01"},
		"that say no season": {"No,Title,Date\nSeason 1,,\n1,A,2001-01-01\nSpecials,,\n2,B,2001-02-01\nThe lost ones,,\n3,C,2001-03-01\nS02E04,D,\nSeason 2,,\n1,E,\n",
			"title=2 air_date=3 episode_number=1\n2 skipped: names the season of the rows below it\n3 S1 E1 \"A\" 2001-01-01\n" +
				"4 refused: \"Specials\" names no season that is understood, and gives none to the rows below it; write it such as \"Season 2\"\n" +
				"5 refused: season_number\n" +
				"6 refused: \"The lost ones\" names no season that is understood, and gives none to the rows below it; write it such as \"Season 2\"\n" +
				"7 refused: season_number\n8 S2 E4 \"D\"\n9 skipped: names the season of the rows below it\n10 S2 E1 \"E\""},
		"none that is understood": {"No,Title,Date\nSeason II,,\n1,A,2001-01-01\n",
			"title=2 air_date=3 episode_number=1\n" +
				"2 refused: \"Season II\" names no season that is understood, and gives none to the rows below it; write it such as \"Season 2\"\n3 refused: season_number"},
		"where titles are": {"Title,No,Date\nSeason 1,,\nA,1,2001-01-01\nThe Special,,\nSeason the Second,,\nB,1,2002-01-01\n",
			"title=1 air_date=3 episode_number=2\n2 skipped: names the season of the rows below it\n3 S1 E1 \"A\" 2001-01-01\n4 S1 \"The Special\"\n" +
				"5 refused: \"Season the Second\" names no season that is understood, and gives none to the rows below it; write it such as \"Season 2\"\n" +
				"6 refused: season_number"},
		"titles like headings, without seasons": {"Title,No,Date\nA,1,2001-01-01\nBonus,,\nSeason Finale,,\nB,2,2002-01-01\n",
			"title=1 air_date=3 episode_number=2\n2 E1 \"A\" 2001-01-01\n3 \"Bonus\"\n4 \"Season Finale\"\n5 E2 \"B\" 2002-01-01"},
		"beside a column of seasons": {"Season,No,Title\n1,1,A\n1,2,B\n,,Specials\n0,1,C\n",
			"title=3 season_number=1 episode_number=2\n2 S1 E1 \"A\"\n3 S1 E2 \"B\"\n4 \"Specials\"\n5 S0 E1 \"C\""},
	} {
		if _, got := readText(t, test.file, Options{}); got != test.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, test.want)
		}
	}
}
