// Package notification tells people what concerns them: an inbox per user, live messages to the user's sockets, and the
// watches that say whom a change of a resource concerns.
//
// Nothing here is called by the code that makes a change. The Service is a handler of the outbox: it reads the events
// that the relay hands it in position order, resolves their audiences to users and writes one entry per user. Repeats
// about the same resource join the entry that is still unread, and what goes beyond the rate limit joins a digest, so an
// inbox stays readable and yet counts every event. After the commit the same Service publishes the entries to their
// users, as far as their preferences and quiet hours allow.
//
// An event with a large audience is not delivered at once, since on SQLite all other writes would wait for it: it leaves one
// row, from which Run makes the entries in small transactions, and tells their users, a moment later.
//
// The guarantees are those of the outbox: exactly once in the inbox, at least once on the sockets. Messages come in the
// order of the events, except that those of a large audience may come after those of later events.
package notification
