package show

import (
	"callboard"
)

// apply writes the fields of p to show.
func (p Patch) apply(show *Show) {
	p.Title.Apply(&show.Title)
	p.Description.Apply(&show.Description)
	p.ThumbnailURL.Apply(&show.ThumbnailURL)
}

func (s Show) check() error {
	var v callboard.Validator
	v.Title("title", s.Title)
	v.Text("description", s.Description, callboard.MaxDescription)
	v.URL("thumbnail_url", s.ThumbnailURL)
	return v.Err()
}

// diff returns what a caller may choose and differs.
func (s Show) diff(next Show) callboard.Changes {
	changes := callboard.Changes{}
	changes.Compare("title", s.Title, next.Title)
	changes.Compare("description", s.Description, next.Description)
	changes.Compare("thumbnail_url", s.ThumbnailURL, next.ThumbnailURL)
	return changes
}
