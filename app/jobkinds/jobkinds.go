// Package jobkinds holds the kinds of jobs of the product, each in a file of its name. A job calls the same services as a
// request, so that whatever it does has its event and all that follows.
package jobkinds

import (
	"context"
	"time"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/activity"
	"github.com/callboard/callboard/app/importer"
	"github.com/callboard/callboard/episode"
	"github.com/callboard/callboard/file"
	"github.com/callboard/callboard/job"
	"github.com/callboard/callboard/show"
)

// Parts are what the kinds work with.
type Parts struct {
	Shows    *show.Service
	Episodes *episode.Service
	Activity *activity.Service
	Files    *file.Service
	Imports  *importer.Service
}

// All returns the kinds of the product.
func All(p Parts) []job.Kind {
	return []job.Kind{thumbnailGeneration(p), dataImport(p), bulkExport(p), batchDelete(p)}
}

// keepResult is how long a file that a job has made for its owner is kept.
const keepResult = 7 * 24 * time.Hour

// readableFile returns the file that an argument names, or an error that names the argument.
func (p Parts) readableFile(ctx context.Context, id string) (file.File, error) {
	f, err := p.Files.Get(ctx, id)
	if callboard.CodeOf(err) == callboard.CodeNotFound {
		return file.File{}, invalid("args.file_id", "is not the ID of a file that you may read")
	}
	return f, err
}

// needScopes refuses who comes with a token that is limited to less than what the job does for its owner: the route asks for jobs:write alone.
func needScopes(ctx context.Context, needed callboard.Scopes) error {
	if needed.Within(callboard.ActorFrom(ctx).Scopes) {
		return nil
	}
	return callboard.Errorf(callboard.CodeForbidden, "the token is limited to other scopes; this job needs %s", needed)
}

func invalid(field, rule string) error {
	var v callboard.Validator
	v.Add(field, "%s", rule)
	return v.Err()
}

// percent returns how much of total is done; the rest stays for what follows.
func percent(done, total int) float64 {
	if total <= 0 {
		return 0
	}
	return min(99, 100*float64(done)/float64(total))
}
