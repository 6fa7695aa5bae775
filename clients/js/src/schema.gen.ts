// Made by "npm run generate" from the server's OpenAPI document. Do not edit.

export interface paths {
    "/api/v1/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log an activity
         * @description Durable when answered; it can be read a moment later, and with wait at once. Naming another user needs the admin role or a service token. Without user_id an entry is by the caller: the user, or the application whose service token it is. Who is neither an admin nor an application writes about what it may read, and about things of its own: under a resource type of its own, or an ID that is not a UUID.
         */
        post: operations["log-activity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log up to 1,000 activities, all or none
         * @description Durable when answered; it can be read a moment later, and with wait at once. Naming another user needs the admin role or a service token. Without user_id an entry is by the caller: the user, or the application whose service token it is. Who is neither an admin nor an application writes about what it may read, and about things of its own: under a resource type of its own, or an ID that is not a UUID.
         */
        post: operations["bulk-log-activity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download the log as CSV, NDJSON or XLSX, streamed
         * @description Takes much work, so few run at the same time: 429 with Retry-After when too many wait, or when one of the caller's own has not ended.
         */
        get: operations["export-activity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/feed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Everything that happened, newest first
         * @description A page may hold fewer entries than its limit, even none, where much had to be looked through: there is more as long as next_cursor is set.
         */
        get: operations["activity-feed"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/resource/{type}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to one resource, newest first */
        get: operations["activity-by-resource"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Full-text search, newest first
         * @description Finds entries in which every word occurs, or a word that begins with it. A page may hold fewer entries than its limit, even none, where much had to be looked through: there is more as long as next_cursor is set.
         */
        get: operations["search-activity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counts per source, action, user and day
         * @description Entries that are private, such as those of sign-ins, are counted for admins only, and in by_user for nobody.
         */
        get: operations["activity-stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/user/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What one user did, newest first */
        get: operations["activity-by-user"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign in
         * @description Sets the session cookie, and one by which the browser is known from then on. 429 after ten failures within 15 minutes for one e-mail address from one network; after ten from any, with a delay that doubles up to 15 minutes; and after 1,000 from one network. A browser that the user has signed in from before has its own ten.
         */
        post: operations["login"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End this session */
        post: operations["logout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the own name or time zone */
        patch: operations["update-me"];
        trace?: never;
    };
    "/api/v1/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the own password
         * @description Ends the user's other sessions. API tokens stay.
         */
        put: operations["change-password"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The browsers in which the caller is signed in, newest first */
        get: operations["list-sessions"];
        put?: never;
        post?: never;
        /**
         * Sign the caller out everywhere
         * @description Ends all sessions, this one too, with their sockets. API tokens stay.
         */
        delete: operations["end-sessions"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of the caller's sessions, with its sockets */
        delete: operations["end-session"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/setup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create the first admin and sign in */
        post: operations["setup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** API tokens, newest first, with who made them */
        get: operations["list-tokens"];
        put?: never;
        /**
         * Create an API token
         * @description One that is made with another token or a JWT holds no longer than that, and is revoked with it. One for another user, and a service token, is revoked when its creator is disabled or no longer an admin.
         */
        post: operations["create-token"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API token
         * @description With all tokens that were made with it.
         */
        delete: operations["revoke-token"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/episodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List episodes, newest first unless sorted otherwise */
        get: operations["list-episodes"];
        put?: never;
        /**
         * Create an episode
         * @description Under a show, a missing episode_number becomes the next free one.
         */
        post: operations["create-episode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/episodes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an episode and who looks at it
         * @description The caller becomes one of its viewers, until the presence TTL runs out, its last socket that follows the viewers is gone, or DELETE /presence/viewers. An application with a service token does not.
         */
        get: operations["get-episode"];
        /**
         * Replace an episode
         * @description A field that is left out is cleared, but for the status, and for the number while show and season stay.
         */
        put: operations["replace-episode"];
        post?: never;
        /** Delete an episode; it can be restored */
        delete: operations["delete-episode"];
        options?: never;
        head?: never;
        /**
         * Change some fields of an episode
         * @description Emits one event. A change that changes nothing writes nothing and emits none.
         */
        patch: operations["update-episode"];
        trace?: never;
    };
    "/api/v1/episodes/{id}/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the files of an episode, newest first */
        get: operations["list-episode-files"];
        put?: never;
        /**
         * Upload a file to an episode
         * @description The body is multipart/form-data with one part named file. It is stored as it comes. What it is, is found in the content; the type that is sent along is ignored, and its name is made safe. A user may send 16 at once; 429 for more.
         */
        post: operations["upload-episode-file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/episodes/{id}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Restore a deleted episode */
        post: operations["restore-episode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/episodes/{id}/watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Be notified of changes of an episode */
        put: operations["watch-episode"];
        post?: never;
        /** No longer be notified of changes of an episode */
        delete: operations["unwatch-episode"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Catch up: the events after a position, in order
         * @description An admin reads every event, so without gaps; others read what they may hear live. Events are kept for EVENT_RETENTION; a position from before that is answered with 410 and the oldest position still there.
         */
        get: operations["list-events"];
        put?: never;
        /**
         * Append an event
         * @description Of a type that the application has registered, in EVENTS_FILE or in Go; all that its definition says follows from it, as from events of Callboard itself, which only Callboard emits. Durable when answered. Without user_id the application is who acts.
         */
        post: operations["append-event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Append up to 1,000 events in order, all or none
         * @description Of a type that the application has registered, in EVENTS_FILE or in Go; all that its definition says follows from it, as from events of Callboard itself, which only Callboard emits. Durable when answered. Without user_id the application is who acts.
         */
        post: operations["append-events"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every type of event, and what follows from it */
        get: operations["event-catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the files that belong to no episode, newest first
         * @description The caller's own; an admin sees those of all.
         */
        get: operations["list-files"];
        put?: never;
        /**
         * Upload a file of one's own
         * @description The body is multipart/form-data with one part named file. It is stored as it comes. What it is, is found in the content; the type that is sent along is ignored, and its name is made safe. A user may send 16 at once; 429 for more. Only the caller and admins may read it.
         */
        post: operations["upload-file"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/files/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get what is known of a file */
        get: operations["get-file"];
        put?: never;
        post?: never;
        /** Delete a file for good */
        delete: operations["delete-file"];
        options?: never;
        head?: never;
        /** Rename a file */
        patch: operations["update-file"];
        trace?: never;
    };
    "/api/v1/files/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a file
         * @description Takes Range, If-Range, If-None-Match and HEAD. Pictures, sound, films and plain text may be shown by a browser; all else is for saving.
         */
        get: operations["get-file-content"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List jobs, newest first
         * @description One's own jobs; admins see all.
         */
        get: operations["list-jobs"];
        put?: never;
        /**
         * Queue a job
         * @description GET /jobs/kinds lists the kinds and the schemas of their arguments. A job that does the same as one that is under way, such as the thumbnails of one file, is refused with 409, and one beyond what its kind allows a user to have under way with 429.
         */
        post: operations["queue-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kinds of jobs, and what arguments they take */
        get: operations["list-job-kinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counts and durations by kind
         * @description Of one's own jobs; admins see all.
         */
        get: operations["job-stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a job of one's own; admins get any
         * @description Its progress is the current one, also for who has missed live messages.
         */
        get: operations["get-job"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Call a job off
         * @description At once, also one that is being processed: it commits nothing from then on. What it has committed stays.
         */
        post: operations["cancel-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a job has logged, oldest first */
        get: operations["job-logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download what a job could not take, as CSV
         * @description One line for each item, such as a bad row of an import, with the reason. It can be read while the job runs. Takes much work, so few run at the same time: 429 with Retry-After when too many wait, or when one of the caller's own has not ended.
         */
        get: operations["job-report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a job once more that failed or was cancelled
         * @description It goes on from what it has saved of its work, with all its attempts before it. A job that waits for its next attempt gets it now, which emits nothing.
         */
        post: operations["retry-job"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's inbox, newest first */
        get: operations["list-notifications"];
        put?: never;
        /**
         * Send a notification
         * @description Durable when answered; the inboxes follow a moment later, and reads of them with wait see it at once. Unread repeats of a type about the same resource become one entry with a count.
         */
        post: operations["create-notification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the caller wants to hear of */
        get: operations["get-notification-preferences"];
        /** Replace what the caller wants to hear of */
        put: operations["put-notification-preferences"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/read-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark all as read */
        post: operations["read-all-notifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/unread-count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many notifications the caller has not read, counted up to 1,000 */
        get: operations["count-unread-notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete one */
        delete: operations["delete-notification"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{id}/archive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move one out of the inbox; it counts as read */
        post: operations["archive-notification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{id}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark one as read */
        post: operations["read-notification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{id}/unarchive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move one back into the inbox; it stays read */
        post: operations["unarchive-notification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/notifications/{id}/unread": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mark one as not read; one that is archived comes back to the inbox */
        post: operations["unread-notification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/presence/online-users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See who is online
         * @description Users with an open socket, those who came first first. Who chose to be offline is not among them.
         */
        get: operations["list-online-users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/presence/resource-viewers/{type}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See who looks at a resource
         * @description Those who have been there longest first, at most 1,000, without those who chose to be offline; total tells how many there are.
         */
        get: operations["list-viewers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/presence/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count viewers and online users */
        get: operations["presence-stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/presence/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get one's own chosen status */
        get: operations["get-status"];
        put?: never;
        /**
         * Choose a status
         * @description It is kept for a day and seen while the user is online; offline means invisible. Another user than oneself needs the admin role or a service token.
         */
        post: operations["set-status"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/presence/viewers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Note that a user looks at a resource
         * @description Repeats only refresh. Without one, the user leaves after the TTL, and with the last socket that follows the viewers, a few seconds after it. Another user than oneself needs the admin role or a service token. A user who looks at 1,000 things gets 429 for more. The types episode, show, file and job are Callboard's own: for things of an application choose a type of its own.
         */
        post: operations["track-viewer"];
        /**
         * Note that a user no longer looks at a resource
         * @description Ends what requests have noted, and sockets that have just dropped. A user with a live socket on the resource stays a viewer.
         */
        delete: operations["remove-viewer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List shows by title */
        get: operations["list-shows"];
        put?: never;
        /** Create a show */
        post: operations["create-show"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a show */
        get: operations["get-show"];
        /**
         * Replace a show
         * @description A field that is left out is cleared.
         */
        put: operations["replace-show"];
        post?: never;
        /** Delete a show that has no episodes */
        delete: operations["delete-show"];
        options?: never;
        head?: never;
        /** Change some fields of a show */
        patch: operations["update-show"];
        trace?: never;
    };
    "/api/v1/socket/address": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Find out where the sockets are
         * @description Where both are empty they are where the API is. A port is of the host that was called; behind a proxy none is told, since the proxy has the addresses: set SOCKET_URL there.
         */
        get: operations["socket-address"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/socket/broadcast": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to every client
         * @description The message is durable: it gets a position, appears in GET /events, and reaches clients that reconnect in time. With ephemeral it goes once to those who are connected now, and nowhere else. Choose a name of your own. Those of the catalog may be used in rooms only, where they are yours: nothing of Callboard's follows from them. Nowhere may it be one that clients use for other things: notification, unread_count, viewers, event, connected, disconnected, subscribed, unsubscribed, gap, caught-up, reset, error.
         */
        post: operations["socket-broadcast"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/socket/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the connections of the node that answers */
        get: operations["socket-connections"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/socket/disconnect/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all connections of a user
         * @description Clients do not come back by themselves. It revokes nothing: disable the user to keep them out.
         */
        post: operations["socket-disconnect"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/socket/notify-room/{room}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to a room
         * @description The message is durable: it gets a position, appears in GET /events, and reaches clients that reconnect in time. With ephemeral it goes once to those who are connected now, and nowhere else. Choose a name of your own. Those of the catalog may be used in rooms only, where they are yours: nothing of Callboard's follows from them. Nowhere may it be one that clients use for other things: notification, unread_count, viewers, event, connected, disconnected, subscribed, unsubscribed, gap, caught-up, reset, error.
         */
        post: operations["socket-notify-room"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/socket/notify-user/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to all sockets of a user
         * @description The message is durable: it gets a position, appears in GET /events, and reaches clients that reconnect in time. With ephemeral it goes once to those who are connected now, and nowhere else. Choose a name of your own. Those of the catalog may be used in rooms only, where they are yours: nothing of Callboard's follows from them. Nowhere may it be one that clients use for other things: notification, unread_count, viewers, event, connected, disconnected, subscribed, unsubscribed, gap, caught-up, reset, error.
         */
        post: operations["socket-notify-user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/socket/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Count connections and channels */
        get: operations["socket-stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/socket/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a short-lived token to connect with
         * @description For pages of another origin, whose sockets cannot send the session cookie.
         */
        get: operations["socket-token"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Users, in the order of their creation */
        get: operations["list-users"];
        put?: never;
        /** Create a user */
        post: operations["create-user"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One user */
        get: operations["get-user"];
        put?: never;
        post?: never;
        /**
         * Disable a user
         * @description Nothing is deleted: what the user did keeps its author. PATCH enables again.
         */
        delete: operations["disable-user"];
        options?: never;
        head?: never;
        /**
         * Change a user
         * @description Fields that are left out stay. A new password and disabling end the user's sessions.
         */
        patch: operations["update-user"];
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive? */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures for Prometheus
         * @description Scrape it with an API token of an admin, or a service token.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can it serve?
         * @description 503 when a required part is away. A degraded part delays effects and loses none.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AccountCreateTokenInputBody: {
            /**
             * Format: date-time
             * @description Left out: never, or as late as the credential that it is made with.
             */
            expires_at?: string;
            /** @description That of a service token is the name of the application, which all see in the log. */
            name: string;
            /** @description For an application that acts for others. Needs the admin role. */
            service?: boolean;
            /**
             * Format: uuid
             * @description Whose rights it has. Others' need the admin role.
             */
            user_id?: string;
        };
        AccountCreateUserInputBody: {
            email: string;
            name: string;
            /** @description Left out: cannot sign in with one. */
            password?: string;
            /** @enum {string} */
            role: "admin" | "editor" | "viewer";
            time_zone?: string;
        };
        AccountCreatedToken: {
            /** Format: date-time */
            created_at: string;
            /** @description Who made it; absent where that is not known. */
            created_by?: components["schemas"]["AccountCreator"];
            /** Format: date-time */
            expires_at?: string;
            id: string;
            /**
             * Format: date-time
             * @description To the minute.
             */
            last_used_at?: string;
            name: string;
            /** Format: date-time */
            revoked_at?: string;
            /** @description It stands for an application, which acts for others. */
            service: boolean;
            /** @description The token itself. It is shown this once. */
            token: string;
            user_id: string;
        };
        AccountCreator: {
            /** @description Of a user, or "system" for the command line. */
            id: string;
            name: string;
        };
        AccountLoginInputBody: {
            email: string;
            password: string;
        };
        AccountMe: {
            /** Format: date-time */
            created_at: string;
            /** @description A disabled user cannot sign in; sessions are ended and tokens refused. */
            disabled: boolean;
            email: string;
            has_password: boolean;
            id: string;
            name: string;
            /** @enum {string} */
            role: "admin" | "editor" | "viewer";
            /** @description Signed in with a service token. */
            service: boolean;
            /** @description Name in the IANA time zone database. */
            time_zone: string;
            /** Format: date-time */
            updated_at: string;
        };
        AccountPasswordInputBody: {
            current_password: string;
            new_password: string;
        };
        AccountProfileInputBody: {
            name?: string;
            time_zone?: string;
        };
        AccountSession: {
            /** Format: date-time */
            created_at: string;
            /** @description The one that this request came with. */
            current: boolean;
            /**
             * Format: date-time
             * @description Unless it is used before.
             */
            expires_at: string;
            id: string;
            /** @description Address of the caller when it signed in. */
            ip: string;
            /**
             * Format: date-time
             * @description To the day.
             */
            last_used_at: string;
            /** @description As the browser named itself. */
            user_agent: string;
        };
        AccountSetupInputBody: {
            email: string;
            name: string;
            password: string;
            /** @description From the link that the first start prints. */
            token: string;
        };
        AccountToken: {
            /** Format: date-time */
            created_at: string;
            /** @description Who made it; absent where that is not known. */
            created_by?: components["schemas"]["AccountCreator"];
            /** Format: date-time */
            expires_at?: string;
            id: string;
            /**
             * Format: date-time
             * @description To the minute.
             */
            last_used_at?: string;
            name: string;
            /** Format: date-time */
            revoked_at?: string;
            /** @description It stands for an application, which acts for others. */
            service: boolean;
            user_id: string;
        };
        AccountUpdateUserInputBody: {
            disabled?: boolean;
            name?: string;
            password?: string;
            /** @enum {string} */
            role?: "admin" | "editor" | "viewer";
            time_zone?: string;
        };
        AccountUser: {
            /** Format: date-time */
            created_at: string;
            /** @description A disabled user cannot sign in; sessions are ended and tokens refused. */
            disabled: boolean;
            email: string;
            has_password: boolean;
            id: string;
            name: string;
            /** @enum {string} */
            role: "admin" | "editor" | "viewer";
            /** @description Name in the IANA time zone database. */
            time_zone: string;
            /** Format: date-time */
            updated_at: string;
        };
        ActivityBulkInputBody: {
            entries: components["schemas"]["ActivityEntryBody"][];
        };
        ActivityBulkLogged: {
            /** @description In the order of the entries. */
            ids: string[];
        };
        ActivityCountView: {
            /** Format: int64 */
            count: number;
            key: string;
            name?: string;
            /**
             * @description Whose entries they are, in by_action.
             * @enum {string}
             */
            source?: "callboard" | "application";
        };
        ActivityData: {
            action: string;
            metadata?: {
                [key: string]: unknown;
            };
            user_id: string;
            user_name?: string;
        };
        ActivityEntryBody: {
            action: string;
            /** @description At most 16 KB. */
            metadata?: {
                [key: string]: unknown;
            };
            resource_id: string;
            resource_name?: string;
            resource_type: string;
            /** @description Default: the caller. */
            user_id?: string;
        };
        ActivityLogged: {
            /** @description ID of the event behind the entry. */
            id: string;
        };
        ActivityStatsView: {
            /** @description An action that both Callboard and applications logged is there twice, each with its source. Of applications 1,000 a day are counted by name, and the others together as *. */
            by_action: components["schemas"]["ActivityCountView"][];
            by_day: components["schemas"]["ActivityCountView"][];
            by_source: components["schemas"]["ActivityCountView"][];
            /** @description The ten most active. */
            by_user: components["schemas"]["ActivityCountView"][];
            /** Format: int64 */
            days: number;
            /** Format: int64 */
            total: number;
        };
        ActivityView: {
            action: string;
            /** Format: date-time */
            created_at: string;
            /** @description ID of the event behind the entry. */
            id: string;
            /** @description For admins only. */
            ip?: string;
            /** @description A JSON object. "changes" holds the old and new value of each field. */
            metadata: unknown;
            /** Format: int64 */
            pos: number;
            resource_id: string;
            resource_name: string;
            resource_type: string;
            /**
             * @description Whose word it is: what Callboard did itself, or what an application logged.
             * @enum {string}
             */
            source: "callboard" | "application";
            /** @description For admins only. */
            user_agent?: string;
            /** @description Who did it: a user, an application (app-…) or system. */
            user_id: string;
            user_name: string;
        };
        AppEventBody: {
            /** @description As the payload of the type says, and at most 256 KB. */
            data?: {
                [key: string]: unknown;
            };
            /** @description Name of a registered type. */
            event: string;
            /** @description The user whose it is, where the type refers to {owner}. */
            owner_id?: string;
            /** @description What the resource belongs to, where the type refers to {parent}. */
            parent_id?: string;
            parent_type?: string;
            /** @description What it is about. It may be left out where nothing of the type refers to the resource. */
            resource_id?: string;
            resource_name?: string;
            resource_type?: string;
            /** @description Who did it. Default: the caller. */
            user_id?: string;
        };
        AppManyEventsBody: {
            events: components["schemas"]["AppEventBody"][];
        };
        Appended: {
            /** @description ID of the event. */
            id: string;
        };
        AppendedMany: {
            /** @description IDs of the events, in their order. */
            ids: string[];
        };
        Change: {
            new: unknown;
            old: unknown;
        };
        ConnectionsData: {
            /** @description Whose they were. */
            user_id: string;
        };
        DataAccountCreatedToken: {
            data: components["schemas"]["AccountCreatedToken"];
            message?: string;
        };
        DataAccountMe: {
            data: components["schemas"]["AccountMe"];
            message?: string;
        };
        DataAccountUser: {
            data: components["schemas"]["AccountUser"];
            message?: string;
        };
        DataActivityBulkLogged: {
            data: components["schemas"]["ActivityBulkLogged"];
            message?: string;
        };
        DataActivityLogged: {
            data: components["schemas"]["ActivityLogged"];
            message?: string;
        };
        DataActivityStatsView: {
            data: components["schemas"]["ActivityStatsView"];
            message?: string;
        };
        DataAppended: {
            data: components["schemas"]["Appended"];
            message?: string;
        };
        DataAppendedMany: {
            data: components["schemas"]["AppendedMany"];
            message?: string;
        };
        DataEpisodeView: {
            data: components["schemas"]["EpisodeView"];
            message?: string;
        };
        DataFileView: {
            data: components["schemas"]["FileView"];
            message?: string;
        };
        DataJobView: {
            data: components["schemas"]["JobView"];
            message?: string;
        };
        DataListJobKindView: {
            data: components["schemas"]["JobKindView"][];
            message?: string;
        };
        DataListJobStatsView: {
            data: components["schemas"]["JobStatsView"][];
            message?: string;
        };
        DataListOutboxTypeView: {
            data: components["schemas"]["OutboxTypeView"][];
            message?: string;
        };
        DataNotification: {
            data: components["schemas"]["Notification"];
            message?: string;
        };
        DataNotificationCreated: {
            data: components["schemas"]["NotificationCreated"];
            message?: string;
        };
        DataNotificationMarked: {
            data: components["schemas"]["NotificationMarked"];
            message?: string;
        };
        DataNotificationPreferences: {
            data: components["schemas"]["NotificationPreferences"];
            message?: string;
        };
        DataNotificationUnreadData: {
            data: components["schemas"]["NotificationUnreadData"];
            message?: string;
        };
        DataPresenceStats: {
            data: components["schemas"]["PresenceStats"];
            message?: string;
        };
        DataPresenceStatusChoice: {
            data: components["schemas"]["PresenceStatusChoice"];
            message?: string;
        };
        DataPresenceViewerList: {
            data: components["schemas"]["PresenceViewerList"];
            message?: string;
        };
        DataRealtimeAddress: {
            data: components["schemas"]["RealtimeAddress"];
            message?: string;
        };
        DataRealtimeDisconnected: {
            data: components["schemas"]["RealtimeDisconnected"];
            message?: string;
        };
        DataRealtimeSent: {
            data: components["schemas"]["RealtimeSent"];
            message?: string;
        };
        DataRealtimeSocketToken: {
            data: components["schemas"]["RealtimeSocketToken"];
            message?: string;
        };
        DataRealtimeStats: {
            data: components["schemas"]["RealtimeStats"];
            message?: string;
        };
        DataShowView: {
            data: components["schemas"]["ShowView"];
            message?: string;
        };
        EpisodeBody: {
            /** Format: date */
            air_date?: string;
            categories?: string[];
            description?: string;
            /** Format: int64 */
            episode_number?: number;
            /** Format: int64 */
            season_number?: number;
            /** Format: uuid */
            show_id?: string;
            /** @enum {string} */
            status?: "draft" | "pending" | "approved" | "rejected" | "published" | "archived";
            thumbnail_url?: string;
            title: string;
        };
        EpisodeData: {
            air_date?: string;
            /** @description Old and new value of each field that differs. */
            changes?: {
                [key: string]: components["schemas"]["Change"];
            };
            /** Format: int64 */
            episode_number?: number;
            /** Format: int64 */
            season_number?: number;
            show_id?: string;
            status: string;
            title: string;
            /** Format: int64 */
            version: number;
        };
        EpisodePatchBody: {
            /** Format: date */
            air_date?: string | null;
            categories?: string[];
            description?: string | null;
            /** Format: int64 */
            episode_number?: number | null;
            /** Format: int64 */
            season_number?: number | null;
            /** Format: uuid */
            show_id?: string | null;
            /** @enum {string} */
            status?: "draft" | "pending" | "approved" | "rejected" | "published" | "archived";
            thumbnail_url?: string | null;
            title?: string;
        };
        EpisodeView: {
            air_date: string | null;
            categories: string[];
            /** Format: date-time */
            created_at: string;
            /** @description A user's ID, or that of an application (app-…). */
            created_by: string;
            /** Format: date-time */
            deleted_at?: string;
            description: string | null;
            /** Format: int64 */
            episode_number: number | null;
            id: string;
            /** Format: int64 */
            season_number: number | null;
            show_id: string | null;
            /** @enum {string} */
            status: "draft" | "pending" | "approved" | "rejected" | "published" | "archived";
            thumbnail_url: string | null;
            title: string;
            /** Format: date-time */
            updated_at: string;
            /** Format: int64 */
            version: number;
        };
        FileData: {
            /** @description Old and new value of each field that differs. */
            changes?: {
                [key: string]: components["schemas"]["Change"];
            };
            content_type: string;
            /** @description Absent where only the owner and admins may read the file. */
            episode_id?: string;
            name?: string;
            owner_id: string;
            /** @description Of the content, in hexadecimal. */
            sha256?: string;
            /**
             * Format: int64
             * @description In bytes.
             */
            size: number;
        };
        FilePatchInputBody: {
            name?: string;
        };
        FileThumbnails: {
            large?: string;
            medium?: string;
            small?: string;
        };
        FileView: {
            /** @description As found in the content. */
            content_type: string;
            /** Format: date-time */
            created_at: string;
            created_by: string;
            episode_id: string | null;
            /**
             * Format: date-time
             * @description When it is deleted by itself.
             */
            expires_at?: string;
            id: string;
            name: string;
            /** @description Of the content, in hexadecimal. */
            sha256: string;
            /**
             * Format: int64
             * @description In bytes.
             */
            size: number;
            /** @description Paths of smaller pictures, once they were made. */
            thumbnails?: components["schemas"]["FileThumbnails"];
            /** @description Path of the content. */
            url: string;
        };
        JobData: {
            /**
             * Format: int64
             * @description Counts from 1; 0 while the job has not been started.
             */
            attempt: number;
            /**
             * Format: int64
             * @description How long the attempt ran.
             */
            duration_ms?: number;
            episode_id?: string;
            /** @description Why the attempt failed, for people. Where the reason may quote what the job worked on, only the job itself tells it. */
            error?: string;
            kind: string;
            /** Format: int64 */
            max_attempts: number;
            /**
             * Format: date-time
             * @description When it is tried again.
             */
            next_run_at?: string;
            owner_id: string;
            status: string;
        };
        JobKindView: {
            /** @description JSON schema of the arguments. What it refers to is in the OpenAPI document. */
            args_schema: unknown;
            /**
             * Format: int64
             * @description How many run at the same time on one node.
             */
            concurrency: number;
            kind: string;
            /** Format: int64 */
            max_attempts: number;
            /**
             * Format: int64
             * @description How many one user may have pending and processing; 429 for more. 0 is no limit.
             */
            per_owner: number;
            summary: string;
            /**
             * Format: int64
             * @description Of one attempt.
             */
            timeout_seconds: number;
            title: string;
        };
        JobLineView: {
            /** Format: date-time */
            at: string;
            /** Format: int64 */
            attempt: number;
            level: string;
            line: string;
            /** Format: int64 */
            seq: number;
        };
        JobQueueBody: {
            /** @description As the schema of the kind says. */
            args?: {
                [key: string]: unknown;
            };
            /**
             * Format: uuid
             * @description The episode that it belongs to. A job about a file belongs to that of the file.
             */
            episode_id?: string;
            kind: string;
            /** Format: int64 */
            max_attempts?: number;
            /**
             * Format: int64
             * @description 1 comes first.
             * @default 2
             */
            priority?: number;
        };
        JobStatsView: {
            /** @description By status: those under way, and those that ended within the window. */
            counts: {
                [key: string]: number;
            };
            kind: string;
            /**
             * Format: double
             * @description Median of how long completed jobs ran; null when there are none.
             */
            p50_seconds: number | null;
            /** Format: double */
            p95_seconds: number | null;
        };
        JobView: {
            args: unknown;
            /** Format: int64 */
            attempt: number;
            /** Format: date-time */
            created_at: string;
            episode_id: string | null;
            /** @description Why the last attempt failed. */
            error: string | null;
            /** Format: date-time */
            estimated_end: string | null;
            /** Format: date-time */
            finished_at: string | null;
            id: string;
            kind: string;
            /** Format: int64 */
            max_attempts: number;
            /** @description What it is at. */
            message: string;
            /** Format: date-time */
            next_run_at: string | null;
            owner_id: string;
            owner_name: string;
            /** Format: int64 */
            priority: number;
            /**
             * Format: int64
             * @description Items that it could not take; GET /jobs/{id}/report lists them.
             */
            problems: number;
            /**
             * Format: double
             * @description 0 to 100.
             */
            progress: number;
            /** Format: date-time */
            queued_at: string;
            result: unknown;
            /**
             * Format: date-time
             * @description Of the last attempt.
             */
            started_at: string | null;
            /**
             * @description A job that failed and will be tried again is pending, with error and next_run_at.
             * @enum {string}
             */
            status: "pending" | "processing" | "completed" | "failed" | "cancelled";
        };
        JobkindsActivityFilter: {
            action?: string;
            /** @description Goes together with resource_type. */
            resource_id?: string;
            resource_type?: string;
            /**
             * Format: date-time
             * @description Inclusive.
             */
            since?: string;
            /**
             * @description Only what Callboard did itself, or only what applications logged.
             * @enum {string}
             */
            source?: "callboard" | "application";
            /**
             * Format: date-time
             * @description Exclusive.
             */
            until?: string;
            user_id?: string;
        };
        JobkindsDeleteArgs: {
            /** @description Count the episodes and delete none. */
            dry_run?: boolean;
            /** @description Which episodes to delete, with one condition at least. */
            filter?: components["schemas"]["JobkindsEpisodeFilter"];
            /** @description Episodes to delete. */
            ids?: string[];
        };
        JobkindsEpisodeFilter: {
            /** @description Occurs in the title; case and accents make no difference. */
            q?: string;
            /** Format: uuid */
            show_id?: string;
            /** @enum {string} */
            status?: "draft" | "pending" | "approved" | "rejected" | "published" | "archived";
        };
        JobkindsExportArgs: {
            /** @description Which entries of the log; left out: all. */
            activity?: components["schemas"]["JobkindsActivityFilter"];
            /** @description Which episodes; left out: all. */
            episodes?: components["schemas"]["JobkindsEpisodeFilter"];
            /**
             * @description Default: csv.
             * @enum {string}
             */
            format?: "csv" | "ndjson" | "xlsx";
            /** @enum {string} */
            what: "episodes" | "activity";
        };
        JobkindsImportArgs: {
            /** @description Check every row and write nothing. */
            dry_run?: boolean;
            /**
             * Format: uuid
             * @description A sheet that was uploaded: CSV, NDJSON or XLSX.
             */
            file_id: string;
            /** @description Columns by field, where their names do not say so: the first that is not empty in a row counts. */
            mapping?: {
                [key: string]: string[];
            };
            /**
             * Format: uuid
             * @description The show that the episodes belong to.
             */
            show_id?: string;
            /** @description The same, by its title; it is created when there is none. */
            show_title?: string;
        };
        JobkindsThumbnailArgs: {
            /**
             * Format: uuid
             * @description A picture (JPEG, PNG, GIF, WebP) or, where ffmpeg is installed, a video of an episode.
             */
            file_id: string;
        };
        LookAnswerBody: {
            data: components["schemas"]["EpisodeView"];
            /** @description Who looks at it now, the caller included, at most 1,000. Those who chose to be offline are left out. */
            viewers: components["schemas"]["Viewer"][];
            /**
             * Format: int64
             * @description How many look at it.
             */
            viewers_total: number;
        };
        Message: {
            actor: components["schemas"]["UserRef"];
            data: unknown;
            /** @description Name of the event, as in the catalog, or the caller's own. */
            event: string;
            /** @description ID of the event. Deliveries may repeat; drop an ID that was seen. */
            id: string;
            /**
             * Format: int64
             * @description Gapless position of the event. Absent on ephemeral messages.
             */
            pos?: number;
            resource: components["schemas"]["MessageResource"];
            /** Format: date-time */
            timestamp: string;
        };
        MessageResource: {
            id: string;
            type: string;
        };
        Notification: {
            /** @description Who did it: a user, an application (app-…) or system. */
            actor_id: string;
            actor_name: string;
            /** Format: date-time */
            archived_at?: string;
            /**
             * Format: int64
             * @description How many events the entry tells of.
             */
            count: number;
            /**
             * Format: date-time
             * @description When the newest event happened.
             */
            created_at: string;
            /** @description A JSON object. */
            data: unknown;
            /** @description The newest event that the entry tells of. */
            event_id: string;
            /** Format: date-time */
            expires_at?: string;
            id: string;
            message: string;
            /**
             * Format: int64
             * @description Position of that event.
             */
            pos: number;
            /** @enum {string} */
            priority: "low" | "normal" | "high" | "urgent";
            /** Format: date-time */
            read_at?: string;
            resource_id: string;
            resource_type: string;
            /** @description Name of the event, the sender's own type, or digest. */
            type: string;
            user_id: string;
        };
        NotificationChannels: {
            /** @description An entry in the inbox. Off mutes the type: then nothing is pushed live either. */
            in_app: boolean;
            /** @description Pushed to the user's sockets. Off: only the unread count is. */
            live: boolean;
        };
        NotificationCreateInputBody: {
            /** @description At most 16 KB. */
            data?: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description When the entry disappears by itself.
             */
            expires_at?: string;
            /** @description With something in it that can be seen. */
            message: string;
            /**
             * @default normal
             * @enum {string}
             */
            priority?: "low" | "normal" | "high" | "urgent";
            resource_id?: string;
            resource_type?: string;
            /** @description The sender's own, or the name of an event. */
            type: string;
            /** @description A user ID, role:<role>, watchers:<type>:<id> or all; or a list of these. The sender is among the recipients only when named by ID. */
            user_id: string | string[];
        };
        NotificationCreated: {
            /** @description ID of the event that the entries follow from. */
            id: string;
        };
        NotificationData: {
            data?: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            expires_at?: string;
            message: string;
            priority?: string;
            type: string;
        };
        NotificationMarked: {
            /**
             * Format: int64
             * @description How many were marked.
             */
            marked: number;
        };
        NotificationPreferences: {
            /** @description Nothing at all, not even in the inbox. */
            mute_all: boolean;
            /** @description When nothing but urgent notifications is pushed live, except the unread count. */
            quiet_hours?: components["schemas"]["NotificationQuietHours"];
            /** @description By type of notification. A type that is not named has both channels on. */
            types: {
                [key: string]: components["schemas"]["NotificationChannels"];
            };
        };
        NotificationQuietHours: {
            /** @description Days on which a span begins: mon, tue, wed, thu, fri, sat, sun. Empty: every day. */
            days?: string[];
            /**
             * @description HH:MM, excluded. Earlier than start: it is that of the next day. Equal: 24 hours.
             * @example 07:00
             */
            end: string;
            /**
             * @description HH:MM, included.
             * @example 22:00
             */
            start: string;
            /**
             * @description An IANA time zone.
             * @example Europe/Berlin
             */
            time_zone: string;
        };
        NotificationReadAllInputBody: {
            /**
             * Format: int64
             * @description Only those up to this position. Default: all.
             */
            up_to_pos?: number;
        };
        NotificationUnreadData: {
            /**
             * Format: int64
             * @description Counted up to 1,000: more are 1,000 too.
             */
            unread_count: number;
        };
        OutboxEventsBodyBody: {
            data: components["schemas"]["Message"][];
            /**
             * Format: int64
             * @description The newest position there is. Equal to pos when there is no more.
             */
            last_pos: number;
            /**
             * Format: int64
             * @description The answer is complete up to here: pass it as after next time.
             */
            pos: number;
        };
        OutboxTypeView: {
            /** @description Action of its activity entry; absent when it leaves none. */
            action?: string;
            /** @description Defined by an application, and not by Callboard itself. */
            application: boolean;
            /** @description Who hears of it live. {resource} is the resource's own channel. */
            channels: string[];
            /** @description Sent once to those who are connected: no position, no catching up. */
            ephemeral: boolean;
            /** @description Text of the notification; {data.title} stands for the field title of the data. */
            message?: string;
            name: string;
            /** @description Who is notified, but never the actor. {watchers} are those of the resource. */
            notify: string[];
            /** @description JSON Schema of its data. */
            payload: {
                [key: string]: unknown;
            };
            /** @description About a user, and only for that user and admins, in the log too. */
            private: boolean;
            summary: string;
            /** @description Who does it watches the resource from then on. */
            watch: boolean;
        };
        PageAccountSession: {
            data: components["schemas"]["AccountSession"][];
            pagination: components["schemas"]["Pagination"];
        };
        PageAccountToken: {
            data: components["schemas"]["AccountToken"][];
            pagination: components["schemas"]["Pagination"];
        };
        PageAccountUser: {
            data: components["schemas"]["AccountUser"][];
            pagination: components["schemas"]["Pagination"];
        };
        PageActivityView: {
            data: components["schemas"]["ActivityView"][];
            pagination: components["schemas"]["Pagination"];
        };
        PageEpisodeView: {
            data: components["schemas"]["EpisodeView"][];
            pagination: components["schemas"]["Pagination"];
        };
        PageFileView: {
            data: components["schemas"]["FileView"][];
            pagination: components["schemas"]["Pagination"];
        };
        PageJobLineView: {
            data: components["schemas"]["JobLineView"][];
            pagination: components["schemas"]["Pagination"];
        };
        PageJobView: {
            data: components["schemas"]["JobView"][];
            pagination: components["schemas"]["Pagination"];
        };
        PageNotification: {
            data: components["schemas"]["Notification"][];
            pagination: components["schemas"]["Pagination"];
        };
        PagePresenceOnlineUser: {
            data: components["schemas"]["PresenceOnlineUser"][];
            pagination: components["schemas"]["Pagination"];
        };
        PageRealtimeConnection: {
            data: components["schemas"]["RealtimeConnection"][];
            pagination: components["schemas"]["Pagination"];
        };
        PageShowView: {
            data: components["schemas"]["ShowView"][];
            pagination: components["schemas"]["Pagination"];
        };
        Pagination: {
            /**
             * Format: int64
             * @description The most items that a page of this length has.
             */
            limit: number;
            /** @description Pass it as cursor for the next page. Empty on the last page. */
            next_cursor: string;
        };
        PresenceOnlineUser: {
            name: string;
            /**
             * Format: date-time
             * @description When the user came online.
             */
            since: string;
            status: string;
            text?: string;
            user_id: string;
        };
        PresenceStats: {
            /**
             * Format: int64
             * @description Live joins, leaves and lists that were not sent because too many were waiting, since the start.
             */
            dropped: number;
            /** Format: int64 */
            online: number;
            /**
             * Format: int64
             * @description Viewers that were not tracked because a limit was reached, since the start.
             */
            refused: number;
            /** Format: int64 */
            resources: number;
            /** Format: int64 */
            sessions: number;
            /**
             * Format: int64
             * @description Users per resource, summed up.
             */
            viewers: number;
        };
        PresenceStatusBody: {
            /** @enum {string} */
            status: "online" | "away" | "busy" | "dnd" | "offline";
            text?: string;
            /**
             * Format: uuid
             * @description Default: the caller. An application has to name a user.
             */
            user_id?: string;
        };
        PresenceStatusChoice: {
            status: string;
            text?: string;
        };
        PresenceViewerBody: {
            resource_id: string;
            resource_type: string;
            /**
             * Format: uuid
             * @description Default: the caller. An application has to name a user.
             */
            user_id?: string;
        };
        PresenceViewerList: {
            /** Format: int64 */
            total: number;
            viewers: components["schemas"]["Viewer"][];
        };
        Problem: {
            /** @description What is wrong with this request, for people. */
            detail: string;
            /** @description Same as detail, for simple clients. */
            error: string;
            /** @description Each field that breaks a rule. */
            errors?: components["schemas"]["ProblemField"][];
            /**
             * Format: int64
             * @description The HTTP status.
             */
            status: number;
            /** @description The text of the HTTP status. */
            title: string;
            /**
             * @description Names the kind of problem; stable.
             * @example urn:callboard:problem:not_found
             */
            type: string;
        };
        ProblemField: {
            /** @description Path of the field: categories[2]. */
            field?: string;
            /** @description The same, after where it stood: body, query, path or header. */
            location?: string;
            /** @description The rule that it breaks. */
            message: string;
        };
        ProgressData: {
            /** Format: int64 */
            attempt: number;
            /**
             * Format: date-time
             * @description When it will be done if it goes on like this; absent while that cannot be told.
             */
            estimated_end?: string;
            kind: string;
            message?: string;
            /**
             * Format: double
             * @description 0 to 100.
             */
            progress: number;
        };
        RealtimeAddress: {
            /**
             * Format: int64
             * @description 0: that of the API.
             */
            port: number;
            /** @description Such as wss://sockets.example; the path is that of the transport: /connection/websocket. */
            url: string;
        };
        RealtimeCallBody: {
            /** @description At most 64 KB. */
            data?: {
                [key: string]: unknown;
            };
            ephemeral?: boolean;
            /** @description Your own name for what happened. */
            event: string;
            /**
             * Format: date-time
             * @description When it happened: within the last 24 hours. Default: now.
             */
            timestamp?: string;
        };
        RealtimeConnection: {
            channels: string[];
            /** Format: date-time */
            connected_at: string;
            id: string;
            name: string;
            /** @enum {string} */
            transport: "websocket" | "http_stream" | "sse";
            user_id: string;
        };
        RealtimeDisconnected: {
            user_id: string;
        };
        RealtimeNodeStats: {
            /** Format: int64 */
            channels: number;
            /** Format: int64 */
            connections: number;
            name: string;
            /** Format: int64 */
            subscriptions: number;
            /** Format: int64 */
            uptime_seconds: number;
            /** Format: int64 */
            users: number;
        };
        RealtimeSent: {
            /** @description ID of the message, as clients see it. */
            id: string;
        };
        RealtimeSocketToken: {
            /** Format: date-time */
            expires_at: string;
            token: string;
        };
        RealtimeStats: {
            /**
             * Format: int64
             * @description Channels with a listener per node, summed up.
             */
            channels: number;
            /**
             * Format: int64
             * @description Signed-in connections of all nodes.
             */
            connections: number;
            nodes: components["schemas"]["RealtimeNodeStats"][];
            /**
             * Format: int64
             * @description Open sockets of the node that answers, signed in or not.
             */
            open: number;
            /** Format: int64 */
            subscriptions: number;
            /**
             * Format: int64
             * @description Users per node, summed up.
             */
            users: number;
        };
        ShowBody: {
            description?: string;
            thumbnail_url?: string;
            title: string;
        };
        ShowData: {
            /** @description Old and new value of each field that differs. */
            changes?: {
                [key: string]: components["schemas"]["Change"];
            };
            title: string;
            /** Format: int64 */
            version: number;
        };
        ShowPatchInputBody: {
            description?: string | null;
            thumbnail_url?: string | null;
            title?: string;
        };
        ShowView: {
            /** Format: date-time */
            created_at: string;
            /** @description A user's ID, or that of an application (app-…). */
            created_by: string;
            description: string | null;
            id: string;
            thumbnail_url: string | null;
            title: string;
            /** Format: date-time */
            updated_at: string;
            /** Format: int64 */
            version: number;
        };
        SignInData: {
            /** @description The user has signed in from this browser before. */
            known_device: boolean;
        };
        StatusData: {
            name: string;
            status: string;
            text?: string;
            user_id: string;
        };
        TokenData: {
            /** Format: date-time */
            expires_at?: string;
            name: string;
            service: boolean;
            token_id: string;
        };
        UserData: {
            /** @description Old and new value of each field that differs. */
            changes?: {
                [key: string]: components["schemas"]["Change"];
            };
            disabled: boolean;
            name: string;
            role: string;
        };
        UserRef: {
            /** @description Of a user, of an application (app-…), or system. */
            id: string;
            name: string;
        };
        Viewer: {
            name: string;
            /** Format: date-time */
            since: string;
            user_id: string;
        };
        ViewerData: {
            name: string;
            user_id: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "log-activity": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivityEntryBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataActivityLogged"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "bulk-log-activity": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ActivityBulkInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataActivityBulkLogged"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "export-activity": {
        parameters: {
            query?: {
                format?: "csv" | "ndjson" | "xlsx";
                user_id?: string;
                action?: string;
                resource_type?: string;
                /** @description Only what Callboard did itself, or only what applications logged. */
                source?: "callboard" | "application";
                /** @description RFC 3339, inclusive. */
                since?: string;
                /** @description RFC 3339, exclusive. */
                until?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "activity-feed": {
        parameters: {
            query?: {
                user_id?: string;
                action?: string;
                resource_type?: string;
                /** @description Only what Callboard did itself, or only what applications logged. */
                source?: "callboard" | "application";
                /** @description RFC 3339, inclusive. */
                since?: string;
                /** @description RFC 3339, exclusive. */
                until?: string;
                /** @description Wait for what follows from all that was written before the request, for a second at most. */
                wait?: boolean;
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageActivityView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "activity-by-resource": {
        parameters: {
            query?: {
                /** @description Only what Callboard did itself, or only what applications logged. */
                source?: "callboard" | "application";
                /** @description Wait for what follows from all that was written before the request, for a second at most. */
                wait?: boolean;
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                type: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageActivityView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "search-activity": {
        parameters: {
            query: {
                q: string;
                /** @description Only what Callboard did itself, or only what applications logged. */
                source?: "callboard" | "application";
                /** @description Wait for what follows from all that was written before the request, for a second at most. */
                wait?: boolean;
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageActivityView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "activity-stats": {
        parameters: {
            query?: {
                /** @description Whole days in UTC, ending today. */
                days?: number;
                /** @description Only what Callboard did itself, or only what applications logged. */
                source?: "callboard" | "application";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataActivityStatsView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "activity-by-user": {
        parameters: {
            query?: {
                /** @description Only what Callboard did itself, or only what applications logged. */
                source?: "callboard" | "application";
                /** @description Wait for what follows from all that was written before the request, for a second at most. */
                wait?: boolean;
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description A user's ID, that of an application, or "system". */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageActivityView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    login: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountLoginInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logout: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAccountMe"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "update-me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountProfileInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountPasswordInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-sessions": {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageAccountSession"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "end-sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "end-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountSetupInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-tokens": {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
                /** @description Whose tokens; the caller's when left out. Others' need the admin role. */
                user_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageAccountToken"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-token": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountCreateTokenInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAccountCreatedToken"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "revoke-token": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-episodes": {
        parameters: {
            query?: {
                status?: "draft" | "pending" | "approved" | "rejected" | "published" | "archived";
                show_id?: string;
                /** @description Occurs in the title; case and accents make no difference. */
                q?: string;
                sort?: "created_at" | "-created_at" | "updated_at" | "-updated_at" | "title" | "-title" | "air_date" | "-air_date" | "number" | "-number";
                /** @description The deleted ones, instead of the living. */
                deleted?: boolean;
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageEpisodeView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-episode": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EpisodeBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataEpisodeView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-episode": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags that the caller has, or *. When one is current: 304, without a body. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LookAnswerBody"];
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "replace-episode": {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read. When the thing has changed since, nothing is done: 412. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EpisodeBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataEpisodeView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "delete-episode": {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read. When the thing has changed since, nothing is done: 412. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "update-episode": {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read. When the thing has changed since, nothing is done: 412. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EpisodePatchBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataEpisodeView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-episode-files": {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageFileView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "upload-episode-file": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataFileView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "restore-episode": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataEpisodeView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "watch-episode": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "unwatch-episode": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-events": {
        parameters: {
            query?: {
                /** @description The last position that was seen; 0 for the beginning. */
                after?: number;
                /** @description No events, only the newest position: where one begins who has seen none. */
                latest?: boolean;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OutboxEventsBodyBody"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "append-event": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppEventBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAppended"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "append-events": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AppManyEventsBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAppendedMany"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "event-catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataListOutboxTypeView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-files": {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageFileView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "upload-file": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /** Format: binary */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataFileView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-file": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataFileView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "delete-file": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "update-file": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FilePatchInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataFileView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-file-content": {
        parameters: {
            query?: {
                /** @description For saving, whatever it is. */
                download?: boolean;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The content, with its own media type */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The parts that were asked for */
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The range is outside of the content */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-jobs": {
        parameters: {
            query?: {
                status?: "pending" | "processing" | "completed" | "failed" | "cancelled";
                kind?: string;
                episode_id?: string;
                owner_id?: string;
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageJobView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "queue-job": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["JobQueueBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataJobView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-job-kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataListJobKindView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "job-stats": {
        parameters: {
            query?: {
                window_hours?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataListJobStatsView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataJobView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "cancel-job": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataJobView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "job-logs": {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageJobLineView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "job-report": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "retry-job": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataJobView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-notifications": {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
                /** @description Wait for what follows from all that was written before the request, for a second at most. */
                wait?: boolean;
                /** @description Only those that were not read. */
                unread?: boolean;
                /** @description Only those of this type. */
                type?: string;
                /** @description Those that are archived, instead of those that are not. */
                archived?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageNotification"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-notification": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotificationCreateInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataNotificationCreated"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-notification-preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataNotificationPreferences"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "put-notification-preferences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NotificationPreferences"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataNotificationPreferences"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "read-all-notifications": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NotificationReadAllInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataNotificationMarked"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "count-unread-notifications": {
        parameters: {
            query?: {
                /** @description Wait for what follows from all that was written before the request, for a second at most. */
                wait?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataNotificationUnreadData"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "delete-notification": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "archive-notification": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataNotification"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "read-notification": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataNotification"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "unarchive-notification": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataNotification"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "unread-notification": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataNotification"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-online-users": {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PagePresenceOnlineUser"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-viewers": {
        parameters: {
            query?: {
                /** @description How old the answer may be, in milliseconds. */
                cache_ttl?: number;
            };
            header?: never;
            path: {
                type: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataPresenceViewerList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "presence-stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataPresenceStats"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataPresenceStatusChoice"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "set-status": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PresenceStatusBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataPresenceStatusChoice"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "track-viewer": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PresenceViewerBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataPresenceViewerList"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "remove-viewer": {
        parameters: {
            query: {
                resource_type: string;
                resource_id: string;
                /** @description Default: the caller. An application has to name a user. */
                user_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-shows": {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageShowView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-show": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShowBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataShowView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-show": {
        parameters: {
            query?: never;
            header?: {
                /** @description ETags that the caller has, or *. When one is current: 304, without a body. */
                "If-None-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataShowView"];
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "replace-show": {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read. When the thing has changed since, nothing is done: 412. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShowBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataShowView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "delete-show": {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read. When the thing has changed since, nothing is done: 412. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "update-show": {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read. When the thing has changed since, nothing is done: 412. */
                "If-Match"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ShowPatchInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataShowView"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "socket-address": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataRealtimeAddress"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "socket-broadcast": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RealtimeCallBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataRealtimeSent"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "socket-connections": {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageRealtimeConnection"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "socket-disconnect": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataRealtimeDisconnected"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "socket-notify-room": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                room: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RealtimeCallBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataRealtimeSent"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "socket-notify-user": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RealtimeCallBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataRealtimeSent"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "socket-stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataRealtimeStats"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "socket-token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataRealtimeSocketToken"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "list-users": {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageAccountUser"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "create-user": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountCreateUserInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "get-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "disable-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    "update-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AccountUpdateUserInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            /** @description Error */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See the description. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See the description. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See the description. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
/** The data of each event of the catalog, by its name. */
export interface EventPayloads {
    activity_logged: components["schemas"]["ActivityData"];
    connections_ended: components["schemas"]["ConnectionsData"];
    credential_revoked: components["schemas"]["UserData"];
    episode_archived: components["schemas"]["EpisodeData"];
    episode_created: components["schemas"]["EpisodeData"];
    episode_deleted: components["schemas"]["EpisodeData"];
    episode_published: components["schemas"]["EpisodeData"];
    episode_restored: components["schemas"]["EpisodeData"];
    episode_updated: components["schemas"]["EpisodeData"];
    file_created: components["schemas"]["FileData"];
    file_deleted: components["schemas"]["FileData"];
    file_updated: components["schemas"]["FileData"];
    job_cancelled: components["schemas"]["JobData"];
    job_completed: components["schemas"]["JobData"];
    job_failed: components["schemas"]["JobData"];
    job_progress: components["schemas"]["ProgressData"];
    job_queued: components["schemas"]["JobData"];
    job_retry: components["schemas"]["JobData"];
    job_started: components["schemas"]["JobData"];
    notification_created: components["schemas"]["NotificationData"];
    presence_status_changed: components["schemas"]["StatusData"];
    show_created: components["schemas"]["ShowData"];
    show_deleted: components["schemas"]["ShowData"];
    show_updated: components["schemas"]["ShowData"];
    sign_in_failed: components["schemas"]["SignInData"];
    signed_in: components["schemas"]["SignInData"];
    token_created: components["schemas"]["TokenData"];
    user_created: components["schemas"]["UserData"];
    user_disabled: components["schemas"]["UserData"];
    user_updated: components["schemas"]["UserData"];
    viewer_joined: components["schemas"]["ViewerData"];
    viewer_left: components["schemas"]["ViewerData"];
}
