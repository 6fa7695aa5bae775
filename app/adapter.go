package app

import (
	"context"

	"callboard"
	"callboard/episode"
	"callboard/file"
	"callboard/notification"
	"callboard/realtime"
	"callboard/sqldb"
)

// This file fills the small interfaces that the parts declare for what they need of each other.

// episodeCounter is show's view of the episodes, which are built after the shows.
type episodeCounter struct{ episodes *episode.Service }

func (c *episodeCounter) CountInShow(ctx context.Context, tx *sqldb.Tx, showID string) (int, error) {
	return c.episodes.CountInShow(ctx, tx, showID)
}

// jobFiles is job's view of the files.
type jobFiles struct{ files *file.Service }

func (f jobFiles) DeleteOfJobsTx(ctx context.Context, tx *sqldb.Tx, jobIDs []string) error {
	return f.files.DeleteOfJobsTx(ctx, tx, jobIDs...)
}

// viewers returns episode's view of presence, or nil when that is off.
func (a *App) viewers() episode.Viewers {
	if !a.cfg.PresenceEnabled {
		return nil
	}
	return episodeViewers{a}
}

type episodeViewers struct{ app *App }

// Track leaves applications out: the user whose token they use does not look at anything. They name viewers themselves.
func (v episodeViewers) Track(ctx context.Context, res callboard.Resource) error {
	actor := callboard.ActorFrom(ctx)
	if actor.Service {
		return nil
	}
	return v.app.Presence.Track(ctx, res, callboard.UserRef{ID: actor.ID, Name: actor.Name})
}

func (v episodeViewers) Viewers(ctx context.Context, res callboard.Resource) ([]callboard.Viewer, error) {
	return v.app.Presence.Viewers(ctx, res)
}

// watches returns episode's view of notifications, or nil when those are off.
func (a *App) watches() episode.Watches {
	if !a.cfg.NotificationEnabled {
		return nil
	}
	return episodeWatches{a}
}

type episodeWatches struct{ app *App }

func (w episodeWatches) Watch(ctx context.Context, userID string, res callboard.Resource) error {
	return w.app.Notifications.Watch(ctx, userID, res)
}

func (w episodeWatches) Unwatch(ctx context.Context, userID string, res callboard.Resource) error {
	return w.app.Notifications.Unwatch(ctx, userID, res)
}

// socketViewers returns realtime's view of presence, or nil when that is off.
func (a *App) socketViewers() realtime.Viewers {
	if !a.cfg.PresenceEnabled {
		return nil
	}
	return a.Presence
}

// userChannels is notification's view of the sockets.
type userChannels struct{ realtime *realtime.Service }

func (u userChannels) HasSubscribers(userID string) bool { return u.realtime.HasSubscribers(userID) }

func (u userChannels) PublishToUsers(ctx context.Context, messages []notification.LiveMessage) error {
	directed := make([]realtime.ChannelMessage, len(messages))
	for i, m := range messages {
		directed[i] = realtime.ChannelMessage{Channel: callboard.UserChannel(m.UserID), Message: m.Message, Key: m.Key}
	}
	return u.realtime.PublishAll(ctx, directed)
}
