package importer

import (
	"strings"
	"testing"
)

// Lists in the manner of those who make them: databases, wikis, podcasts, production tools, scripts.
func TestPeoplesLists(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ file, want string }{
		"IMDb": {"tconst\tparentTconst\tseasonNumber\tepisodeNumber\tprimaryTitle\toriginalTitle\tstartYear\tgenres\n" +
			"tt01\ttt00\t1\t1\tThe Door\tDie Tür\t1999\tDrama,Crime\ntt02\ttt00\t\\N\t\\N\tUnknown Land\tUnknown Land\t\\N\t\\N\n",
			"title=5 season_number=3 episode_number=4 categories=8\n2 S1 E1 \"The Door\" [\"Drama\" \"Crime\"]\n3 \"Unknown Land\""},
		"TVmaze": {"id,url,name,season,number,type,airdate,airtime,runtime,summary\n" +
			"101,https://x/1,The Door,1,1,regular,1999-01-04,20:00,45,<p>A door &amp; a key</p>\n105,https://x/2,The Key,1,2,regular,1999-01-11,20:00,45,\n",
			"title=3 description=10 air_date=7 season_number=4 episode_number=5\n" +
				"2 S1 E1 \"The Door\" 1999-01-04 (<p>A door & a key</p>)\n3 S1 E2 \"The Key\" 1999-01-11"},
		"TMDB": {"air_date,episode_number,name,overview,production_code,season_number,still_path,vote_average\n" +
			"1999-01-04,1,The Door,A door.,X1,1,/abc.jpg,7.5\n",
			"title=3 description=4 air_date=1 season_number=6 episode_number=2\n2 S1 E1 \"The Door\" 1999-01-04 (A door.)"},
		"Kitsu": {`{"id":"12","canonicalTitle":"The Door","seasonNumber":1,"number":13,"relativeNumber":1,"airdate":"1999-01-04","synopsis":"A door."}` + "\n",
			"title=2 description=7 air_date=6 season_number=3 episode_number=5\n1 S1 E1 \"The Door\" 1999-01-04 (A door.)"},
		"Trakt": {"watched_at,type,title,year,season_number,episode_number,episode_title\n2024-01-01T10:00:00Z,episode,My Show,1999,1,1,The Door\n" +
			"2024-01-02T10:00:00Z,episode,My Show,1999,1,2,The Key\n",
			"title=7 season_number=5 episode_number=6 show=3\n2 My Show: S1 E1 \"The Door\"\n3 My Show: S1 E2 \"The Key\""},
		"a Wikipedia table of a season": {"No.overall,No. inseason,Title,Directed by,Written by,Original air date [a],Prod.code,U.S. viewers(millions)\n" +
			"14,1,\"\"\"The Door\"\"\",Ann,Bob,\"January 4, 1999 (1999-01-04)\",X14,4.50[12]\n15,2,\"\"\"The Key\"\"\",Ann,Bob,\"January 11, 1999 (1999-01-11)\",X15,4.10[13]\n",
			"title=3 air_date=6 episode_number=2\n2 E1 \"The Door\" 1999-01-04\n3 E2 \"The Key\" 1999-01-11"},
		"a German Wikipedia table": {"Nr. (ges.);Nr. (St.);Deutscher Titel;Originaltitel;Erstausstrahlung USA;Deutschsprachige Erstausstrahlung\n" +
			"14;1;Die Tür;The Door;4. Jan. 1999;5. März 2001\n",
			"refused: column 5 (\"Erstausstrahlung USA\") and column 6 (\"Deutschsprachige Erstausstrahlung\") can both be air_date, and nothing decides; " +
				"choose one with a mapping, such as air_date=#5"},
		"a podcast's feed": {"guid,title,itunes:title,itunes:season,itunes:episode,itunes:episodeType,pubDate,itunes:duration,description,enclosure\n" +
			"g1,#1 The Door,The Door,1,1,full,\"Mon, 04 Jan 1999 06:00:00 +0000\",1800,<p>A door.</p>,https://x/1.mp3\n",
			"title=2 description=9 air_date=7 season_number=4 episode_number=5\n2 S1 E1 \"#1 The Door\" 1999-01-04 (<p>A door.</p>)"},
		"a delivery list": {"Delivery schedule,,,,,,\nAs of 3 March 2024,,,,,,\n\n" +
			"Series Title,Season #,Ep #,Episode Title,Runtime,Delivery Date,Launch Date\nMy Show,1,101,The Door,45:00,2024-05-01,2024-06-01\n",
			"title=4 air_date=7 season_number=2 episode_number=3 show=1\n5 My Show: S1 E101 \"The Door\" 2024-06-01"},
		"seasons by name": {"Season Name,Episode No,Title,Released Date\nSeason 1,1,The Door,1999-01-04\nSeason 2,1,The Key,2000-01-03\n",
			"title=3 air_date=4 season_number=1 episode_number=2\n2 S1 E1 \"The Door\" 1999-01-04\n3 S2 E1 \"The Key\" 2000-01-03"},
		"seasons with names of their own": {"season,season_title,episode,title\n1,Beginnings,1,The Door\n2,Ends,1,The Key\n",
			"title=4 season_number=1 episode_number=3\n2 S1 E1 \"The Door\"\n3 S2 E1 \"The Key\""},
		"a production tool": {"Project,Episode Code,Episode Name,Status,Description,Tags\nMy Show,ep_101,The Door,Approved,A door.,\"night, rain\"\n",
			"title=3 description=5 status=4 categories=6\n2 \"The Door\" (A door.) approved [\"night\" \"rain\"]"},
		"a data frame of R": {"\"\",\"Season\",\"Number\",\"Title\",\"Rating\"\n\"1\",1,1,\"The Door\",8.5\n\"2\",2,2,\"The Key\",8.1\n",
			"title=4 season_number=2 episode_number=3\n2 S1 E1 \"The Door\"\n3 S2 E2 \"The Key\""},
		"codes beside numbers of the whole show": {"season/episode,no,title,air date,,,other db no\nS01E01,1,The Door,1999-01-04,55,,46\nS02E01,2,The Key,,55,,47\n",
			"title=3 air_date=4 episode_number=1\n2 S1 E1 \"The Door\" 1999-01-04\n3 S2 E1 \"The Key\""},
		"keys of a database": {"id_episode;episode;id_season\nA_1_1;The Door;A_1\nA_1_2;The Key;A_1\n", "title=2\n2 \"The Door\"\n3 \"The Key\""},
		"names run together": {"NumberOverall,NumberInSeason,Episode,Season,DateAired\n1,1,The Door,1,\"January 4, 1999\"\n23,1,The Key,2,\"January 3, 2000\"\n",
			"title=3 air_date=5 season_number=4 episode_number=2\n2 S1 E1 \"The Door\" 1999-01-04\n3 S2 E1 \"The Key\" 2000-01-03"},
		"British series, with specials": {"Series,episode num,episode title,winner\n1,1,The Door,c1\n2,1,The Key,c3\nNY1,1,The Party,c5\n",
			"title=3 season_number=1 episode_number=2\n2 S1 E1 \"The Door\"\n3 S2 E1 \"The Key\"\n4 refused: season_number"},
		"a list of several shows": {"SHOW,Episode,Title,Original air date,Watched\nOne,S1E01,The Door,1/13/1999,yes\nTwo,S1E01,The Key,1/14/1999,no\n",
			"title=3 air_date=4 episode_number=2 show=1\n2 One: S1 E1 \"The Door\" 1999-01-13\n3 Two: S1 E1 \"The Key\" 1999-01-14"},
		"without a header, in the order of nobody": {"The Door,1,1,1,,A door that opens.\nThe Key,1,2,2,,A key that turns.\n",
			"refused: no column is known to hold the titles; name it with title=COLUMN, or by its position, such as title=#1, " +
				"out of: #1, such as \"The Door\"; #2, such as \"1\"; #3, such as \"1\"; #4, such as \"1\"; #5; #6, such as \"A door that opens.\""},
		"three lines to an episode": {"S01E01\nThe Door\nJanuary 4, 1999\nS01E02\nThe Key\nJanuary 11, 1999\n",
			"refused: no column is known to hold the titles; name it with title=COLUMN, or by its position, such as title=#1, out of: #1 \"S01E01\""},
		"Spanish, with semicolons and a sum": {"Temporada;Nº;Título;Fecha de emisión;Audiencia\n1;1;La puerta;04/01/1999;1.234.000\n1;2;La llave;18/01/1999;1.100.000\nTotal;;;;2.334.000\n",
			"title=3 air_date=4 season_number=1 episode_number=2\n2 S1 E1 \"La puerta\" 1999-01-04\n3 S1 E2 \"La llave\" 1999-01-18\n4 skipped: is a total"},
		"French, tab by tab": {"N°\tTitre\tRésumé\tDate de première diffusion\n1\tLa porte\tUne porte.\t4 janvier 1999\n",
			"title=2 description=3 air_date=4 episode_number=1\n2 E1 \"La porte\" 1999-01-04 (Une porte.)"},
		"Japanese": {"話数,サブタイトル,脚本,演出,放送日\n第1話,扉,A,B,1999年1月4日\n第2話,鍵,A,B,1999年1月11日\n",
			"title=2 air_date=5 episode_number=1\n2 E1 \"扉\" 1999-01-04\n3 E2 \"鍵\" 1999-01-11"},
		"bars": {"| Season | Episode | Title |\n| 1 | 1 | The Door |\n| 1 | 2 | The Key |\n",
			"title=4 season_number=2 episode_number=3\n2 S1 E1 \"The Door\"\n3 S1 E2 \"The Key\""},
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			t.Parallel()
			if _, got := readText(t, test.file, Options{}); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}
