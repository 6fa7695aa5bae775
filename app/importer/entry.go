package importer

import (
	"context"
	"errors"

	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/internal/sheet"
)

// entry is what a row says of an episode.
type entry struct {
	line  int
	row   sheet.Row // as the file has it
	skip  string    // why the row is no episode, such as "repeats the header"; empty when it is one
	err   error     // *callboard.Error with a field error for each column that is wrong; nil when the row is good
	notes []string  // what was not taken, or was taken by a rule that a reader should know

	id        string        // of the episode; empty when the row does not say
	showTitle string        // the same
	showID    string        // the same
	patch     episode.Patch // the fields that the row has; never ShowID. An empty cell leaves its field alone.
}

// entries calls yield with each row below the header that is not empty, in the order of the file, until one call fails.
func (t *table) entries(ctx context.Context, yield func(entry) error) error {
	return errors.New("importer: entries are not built yet")
}
