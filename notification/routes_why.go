package notification

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

func (s *Service) whyRoutes(a huma.API) {
	const about = "Each step that decides, in order: what it came to, why, and whether that is known from then or only as things are now. "
	why := route("why-notification", http.MethodGet, "/{id}/why", "Why the caller got a notification", "")
	why.Description = about + "It is told of the newest event that the entry tells of; of one that is no longer kept, what the entry says."
	httpapi.Register(a, why, s.getWhyNotification)
	httpapi.Register(a, httpapi.Route{
		ID: "why-event", Method: http.MethodGet, Path: "/api/v1/events/{id}/why", Tag: tag, Access: httpapi.SignedIn,
		Errors:  []int{http.StatusNotFound, http.StatusGone},
		Summary: "What became of an event for a user: who was notified of it, and who was not",
		Description: about + "Another user than oneself needs the admin role or a service token. An event that the caller may not read is answered with 404, " +
			"one from before EVENT_RETENTION with 410.",
	}, s.getWhyEvent)
}

func (s *Service) getWhyNotification(ctx context.Context, in *httpapi.IDInput) (*httpapi.Body[Why], error) {
	why, err := s.WhyNotification(ctx, callboard.ActorFrom(ctx).ID, in.ID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(why), nil
}

type whyEventInput struct {
	ID   string `path:"id" format:"uuid" doc:"ID of the event."`
	User string `query:"user" maxLength:"128" doc:"Default: the caller. An application has to name a user."`
}

func (s *Service) getWhyEvent(ctx context.Context, in *whyEventInput) (*httpapi.Body[Why], error) {
	userID, err := askedAbout(ctx, "user", in.User)
	if err != nil {
		return nil, err
	}
	why, err := s.WhyEvent(ctx, in.ID, userID)
	if err != nil {
		return nil, err
	}
	return httpapi.OK(why), nil
}
