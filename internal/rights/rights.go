// Package rights asks who may read the things of an application.
package rights

import (
	"context"

	"github.com/callboard/callboard"
)

// Reader answers for one actor while a request lasts, and asks once about each resource.
type Reader struct {
	access callboard.Access
	actor  callboard.Actor
	known  map[string]error // by channel
}

// NewReader returns a Reader. Without access everything may be read.
func NewReader(access callboard.Access, actor callboard.Actor) *Reader {
	return &Reader{access: access, actor: actor, known: map[string]error{}}
}

// Check returns nil when the actor may read what the log has of res, and the error of access when not. Asked is only about things
// of applications: of those that Callboard keeps the log is open, also once they are deleted. Who speaks for all reads all, and so
// does code that acts for nobody.
func (r *Reader) Check(ctx context.Context, res callboard.Resource) error {
	if r.access == nil || r.actor.IsZero() || r.actor.CanSpeakForAll() || res.ID == "" || callboard.KeptType(res.Type) ||
		callboard.ReservedType(res.Type) {
		return nil
	}
	err, known := r.known[res.Channel()]
	if !known {
		err = r.access.CanRead(ctx, r.actor, res)
		r.known[res.Channel()] = err
	}
	return err
}

// MayRead is Check for lists, which leave out what is refused. The error says that it cannot be told now.
func (r *Reader) MayRead(ctx context.Context, res callboard.Resource) (bool, error) {
	err := r.Check(ctx, res)
	switch callboard.CodeOf(err) {
	case "":
		return true, nil
	case callboard.CodeForbidden, callboard.CodeNotFound:
		return false, nil
	default:
		return false, err
	}
}
