package dataset

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// perSeason is how many episodes a season of a sheet has.
const perSeason = 200

// Sheet returns a spreadsheet of episodes as a production keeps it, as CSV: no two rows have the same season and number, and
// one column is of no use to Callboard.
func Sheet(rows int) []byte {
	adjectives, nouns := strings.Fields(adjectives), strings.Fields(nouns)
	first := time.Date(2001, 1, 1, 0, 0, 0, 0, time.UTC)
	var b bytes.Buffer
	b.WriteString("title,season,number,air_date,status,categories,summary,production_code\n")
	for i := range rows {
		adjective, noun, other := adjectives[i%len(adjectives)], nouns[i/7%len(nouns)], nouns[i/3%len(nouns)]
		season, number := i/perSeason+1, i%perSeason+1
		fmt.Fprintf(&b, "%s %s %d,%d,%d,%s,draft,\"drama, %s\",\"A %s leads to the %s, and nobody knows why it was sent.\",S%03dE%03d\n",
			adjective, noun, i+1, season, number, first.AddDate(0, 0, i%9000).Format(time.DateOnly), strings.ToLower(other),
			strings.ToLower(noun), strings.ToLower(other), season, number)
	}
	return b.Bytes()
}
