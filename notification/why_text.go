package notification

// whyText returns what a step came to in words.
func whyText(step, reason string) string {
	return map[string]string{
		"event.found":           "The event is in the log, and addresses somebody.",
		"event.notifies_nobody": "The event notifies nobody.",
		"event.no_position":     "The event is written, and has no position in the log yet.",
		"event.expired":         "Its sender gave it a time to expire, which is past.",
		"event.not_kept":        "The event is no longer kept, so whom it addressed cannot be told.",

		"consumer.taken":   "The inboxes have taken the event.",
		"consumer.behind":  "The inboxes have not come to the event yet.",
		"consumer.failing": "The inboxes could not take the event, and try it again.",
		"consumer.stalled": "The inboxes stand still before the event, and try again.",
		"consumer.not_run": "This server does not run the inboxes.",

		"user.active":   "The user is known and not disabled.",
		"user.unknown":  "Nobody knows this user.",
		"user.disabled": "The account of the user is disabled.",

		"actor.own":       "The user did it, and nobody is notified of what they did themselves.",
		"actor.to_itself": "The user sent it to itself by name.",
		"actor.other":     "Somebody else did it.",

		"audience.member":     "The event goes to the user, or to a role or group that the user has.",
		"audience.watchers":   "The event goes to those who watch.",
		"audience.was_member": "The event went to the user then, who would no longer be among those whom it addresses.",
		"audience.not_member": "The user is not among those whom the event addresses.",

		"watch.watching":     "The user watches it.",
		"watch.was_member":   "The event went to the user then, who no longer watches it.",
		"watch.not_watching": "The user does not watch it now.",

		"mute.not_muted": "The user has not muted everything.",
		"mute.mute_all":  "The user has muted everything.",

		"preference.wanted":   "The user wants this type in the inbox.",
		"preference.type_off": "The user has switched this type off.",

		"limit.within":      "It was within the limit of entries per hour.",
		"limit.not_limited": "Its priority is not limited.",
		"limit.digest":      "It was beyond the limit of entries per hour, and is counted in the digest.",

		"inbox.unread":   "The entry is in the inbox, not read.",
		"inbox.read":     "The entry is in the inbox, and was read.",
		"inbox.archived": "The entry was archived.",
		"inbox.joined":   "It joined an entry that was still unread, which tells of several events.",
		"inbox.digest":   "The digest counts it.",
		"inbox.gone":     "There is no entry of it now, and what became of it was not kept.",

		"live.wanted":   "The user wants this type pushed live.",
		"live.type_off": "The user has switched live messages of this type off. Only the unread count is pushed.",

		"quiet_hours.none":    "The user has no quiet hours.",
		"quiet_hours.outside": "Quiet hours did not keep it.",
		"quiet_hours.inside":  "It came in the user's quiet hours. Only the unread count was pushed.",

		"socket.sent":    "The message was pushed to the sockets that the user had then. How many these were is not kept.",
		"socket.behind":  "The live messages have not come to the event yet.",
		"socket.failing": "The live messages could not be pushed, and are tried again.",
		"socket.stalled": "The live messages stand still before the event, and are tried again.",
		"socket.not_run": "Nothing is pushed live here.",
	}[step+"."+reason]
}
