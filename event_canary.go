package callboard

import (
	"context"
	"strings"
)

// Canary is the event by which callboard doctor tests the whole way of an event. Its resource is a user who is not there, the only one
// who could hear it. The consumers of the log write what follows from it and take that back.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var Canary = Define[CanaryData](EventType{Name: "canary", Private: true,
	Channels: []string{ownChannel}, Summary: "callboard doctor tested the way of an event. Nothing follows from it."})

// CanaryData is the payload of canary, which is empty.
type CanaryData struct{}

// canaryUserPrefix begins the IDs of users who are made up for a canary.
const canaryUserPrefix = "callboard-canary-"

// NewCanary returns a canary, and who may open the socket that hears it.
func NewCanary(ctx context.Context) (Event, Actor) {
	id := canaryUserPrefix + strings.ReplaceAll(NewID(), "-", "")
	listener := Actor{ID: id, Name: "Canary", Role: RoleViewer, Service: true} // so that presence does not count it
	return Canary.New(ctx, Resource{Type: userType, ID: id}, CanaryData{}), listener
}
