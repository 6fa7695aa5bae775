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
         * @description Durable when answered; it can be read a moment later, and with wait at once. Naming another user needs the admin role or a service token. Without user_id an entry is by the caller: the user, or the application whose service token it is. Who is neither an admin nor an application writes about what it may read, and about things of its own: under a resource type of its own, or an ID that is not a UUID. What an application does not let it read is refused.
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
         * @description Durable when answered; it can be read a moment later, and with wait at once. Naming another user needs the admin role or a service token. Without user_id an entry is by the caller: the user, or the application whose service token it is. Who is neither an admin nor an application writes about what it may read, and about things of its own: under a resource type of its own, or an ID that is not a UUID. What an application does not let it read is refused.
         */
        post: operations["bulk-log-activity"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/bundle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download entries with their proofs, streamed
         * @description What passes the filter, newest first, as lines of JSON: the checkpoint, each entry with its proof, and an end. callboard verify --bundle checks it without the database. What came after the newest checkpoint is left out, and counted in the last line. Takes much work, so few run at the same time: 429 with Retry-After when too many wait, or when one of the caller's own has not ended.
         */
        get: operations["activity-bundle"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The newest signed checkpoint of the log
         * @description Keep it elsewhere: callboard verify --checkpoint then finds whatever was changed in the log before it. One is signed every minute in which something happened, and when the server stops.
         */
        get: operations["activity-checkpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/activity/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Counts per hour or day of a time zone, and per person, of what passes a filter
         * @description Default: the last 30 days, or 48 hours; at most 366 days, or 32 days of hours. The newest 50,000 entries of the one filter that has an index are gone through (the resource, else user_id, else action, else resource_type), and what is counted of them is exact; where there are more, complete is false. Statistics of whole days in UTC, without a filter, are exact at any size: see stats. Entries that are private, such as those of sign-ins, are counted for admins only.
         */
        get: operations["activity-counts"];
        put?: never;
        post?: never;
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
         * @description Entries about what an application does not let the caller read are left out, unless their event went to everybody. A page may hold fewer entries than its limit, even none, where much had to be looked through: there is more as long as next_cursor is set.
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
    "/api/v1/activity/proof/{pos}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Proof that an entry is in the signed log
         * @description Of an entry that the caller may read. The hashes are an inclusion proof of RFC 6962, with SHA-256, for the tree of the checkpoint. An entry that came after the newest checkpoint is a 409; one is signed every minute.
         */
        get: operations["activity-proof"];
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
         * @description Finds entries in which every word occurs, or a word that begins with it, and which pass all filters that are given. Entries about what an application does not let the caller read are left out, unless their event went to everybody. A page may hold fewer entries than its limit, even none, where much had to be looked through: there is more as long as next_cursor is set.
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
    "/api/v1/auth/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Whom a link invites
         * @description 403 where it does not hold, or no longer.
         */
        post: operations["show-invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/invitation/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Set the first password by a link, and sign in */
        post: operations["accept-invitation"];
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
         * @description Sets the session cookie, and one by which the browser is known from then on. 429 after ten failures within 15 minutes for one e-mail address from one network; after ten from any, with a delay that doubles up to 15 minutes; and after 1,000 from one network. Wrong codes count like wrong passwords. A browser that the user has signed in from before has its own ten, and all of those together thirty before the delay. 403 where passwords are switched off. Where the account has a second factor, the right password without a right code is a 401 of the type urn:callboard:problem:second_factor_required.
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
    "/api/v1/auth/me/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What pages keep of their own for the caller, such as the theme */
        get: operations["get-settings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change settings of the caller
         * @description Those that are named; null takes one away. All of a user's devices read the same. At most 200, and 32 KB of JSON; the names and values are the page's own. An application has none.
         */
        patch: operations["update-settings"];
        trace?: never;
    };
    "/api/v1/auth/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How people can sign in */
        get: operations["sign-in-methods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The way back from the OpenID Connect provider
         * @description The redirect URI to register there. Sets the cookies of a session and leads to where one was going; or to /sign-in, with error: denied, state, away, provider, clock, no_email, no_account, taken, disabled, no_role, last_admin, too_many, failed. Each sign-in comes back once.
         */
        get: operations["finish-oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sign in at the OpenID Connect provider
         * @description For a browser to open: leads to the provider, by the authorization code flow with PKCE. What is under way is in a cookie for ten minutes. When it cannot be begun, leads to /sign-in with an error, as the way back does. 404 where OIDC_SIGN_IN is off.
         */
        get: operations["start-oidc"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
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
    "/api/v1/auth/second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether signing in asks the caller for a code, too */
        get: operations["get-second-factor"];
        put?: never;
        /**
         * Begin a second factor
         * @description Makes a secret for an app that shows codes (RFC 6238: SHA-1, 6 digits, 30 seconds). Nothing asks for them until one has confirmed it, within the hour.
         */
        post: operations["begin-second-factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-factor/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Turn on the second factor that was begun
         * @description From then on signing in with the password asks for a code, too; at an OpenID Connect provider it does not. Ends the user's other sessions. API tokens stay.
         */
        post: operations["confirm-second-factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-factor/off": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Turn off the second factor
         * @description The password alone signs in then. Ends the user's other sessions.
         */
        post: operations["disable-second-factor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/auth/second-factor/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replace the recovery codes
         * @description Those of before no longer do. Ends the user's other sessions.
         */
        post: operations["create-recovery-codes"];
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
         * @description Ends all sessions, this one too unless others is true, with their sockets. API tokens stay.
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
         * @description One that is made with another token or a JWT holds no longer than that, may do no more, and is revoked with it. One for another user, and a service token, is revoked when its creator is disabled or no longer an admin.
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
    "/api/v1/episodes/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change, delete and restore up to 200 episodes
         * @description In the given order, each as if it were a request of its own: with its event, or refused without touching the others. The answer is 200 also where all were refused: see the results, which are in the order of the operations. What a show needs thousands of is for the jobs data-import and batch-delete.
         */
        post: operations["bulk-change-episodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/episodes/totals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count episodes by status, and by show
         * @description Takes the filters of the list, which has no totals itself: so no page waits for a count.
         */
        get: operations["episode-totals"];
        put?: never;
        post?: never;
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
         * @description The caller becomes one of its viewers, until the presence TTL runs out, its last socket that follows the viewers is gone, or DELETE /presence/viewers. An application with a service token does not, nor does who reads with track=false.
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
         * @description The body is multipart/form-data with one part named file. It is stored as it comes. What it is, is found in the content; the type that is sent along is ignored, and its name is made safe. A name is UTF-8; bytes that are not are read as Latin-1 (Windows-1252), and filename* of RFC 5987 is understood in both charsets. A user may send 16 at once; 429 for more.
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
        /**
         * Be notified of changes of an episode
         * @description No error if that is so already. Who watches the show of an episode is notified of its changes, too: this changes nothing about that.
         */
        put: operations["watch-episode"];
        post?: never;
        /**
         * No longer be notified of changes of an episode
         * @description No error if that is so already. Who watches the show of an episode is notified of its changes, too: this changes nothing about that.
         */
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
    "/api/v1/events/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What follows from events and is still owed, and why
         * @description Each consumer of the log with how far it is behind, and the oldest 100 of the events that failed alone, with the reason and the next try. Error texts are cut, and addresses with passwords, tokens and the like are blanked.
         */
        get: operations["events-health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/health/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try events again now that failed alone
         * @description They are tried again by themselves, each time after a longer pause. None can be skipped: nothing that follows from an event is dropped.
         */
        post: operations["retry-events"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of an event for a user: who was notified of it, and who was not
         * @description Each step that decides, in order: what it came to, why, and whether that is known from then or only as things are now. Another user than oneself needs the admin role or a service token. An event that the caller may not read is answered with 404, one from before EVENT_RETENTION with 410.
         */
        get: operations["why-event"];
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
         * @description The body is multipart/form-data with one part named file. It is stored as it comes. What it is, is found in the content; the type that is sent along is ignored, and its name is made safe. A name is UTF-8; bytes that are not are read as Latin-1 (Windows-1252), and filename* of RFC 5987 is understood in both charsets. A user may send 16 at once; 429 for more. Only the caller and admins may read it.
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
        /**
         * Delete a file for good
         * @description With its thumbnails. An episode whose thumbnail_url leads to one of them has none from then on, which is an update of it.
         */
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
         * @description Takes Range (in bytes; another unit is ignored), If-Range, If-None-Match and HEAD. Pictures, sound, films and plain text may be shown by a browser; all else is for saving.
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
    "/api/v1/imports/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say how a sheet would be read, and what would become of its rows
         * @description The file was uploaded before. The same body, as the arguments of a job of the kind data-import, does what the plan says, row by row, unless the episodes change meanwhile. Takes much work, so few run at the same time: 429 with Retry-After when too many wait, or when one of the caller's own has not ended.
         */
        post: operations["plan-import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/imports/{id}/refused": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download the rows that an import refused, to be mended and imported again
         * @description The rows are in the shape and format of their file, with one more column that says why. The id is that of the job; the file must still be there. A dry run has all of them, too. Takes much work, so few run at the same time: 429 with Retry-After when too many wait, or when one of the caller's own has not ended.
         */
        get: operations["get-refused-rows"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Open invitations, those of the newest accounts first */
        get: operations["list-invitations"];
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
    "/api/v1/notifications/change": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark, archive or delete many by their IDs
         * @description All in one step, with one new unread count for all of the user's connections. Those that are not there are passed over.
         */
        post: operations["change-notifications"];
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
    "/api/v1/notifications/{id}/why": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Why the caller got a notification
         * @description Each step that decides, in order: what it came to, why, and whether that is known from then or only as things are now. It is told of the newest event that the entry tells of; of one that is no longer kept, what the entry says.
         */
        get: operations["why-notification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/people": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is on the board: name and role of the users, by ID
         * @description Of all who are not disabled: accounts, and users of applications. Their addresses are for admins, at /users.
         */
        get: operations["list-people"];
        put?: never;
        post?: never;
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
    "/api/v1/presence/resource-viewers/{type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * See who looks at each of up to 100 resources of a type
         * @description In the order of the IDs, each once, with 20 viewers at most. Resources that are not there, and those that the caller may not read, are left out.
         */
        get: operations["list-viewers-of-many"];
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
         * @description Those who edit it first, then those who have been there longest, at most 1,000, without those who chose to be offline; total tells how many there are.
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
         * @description Repeats only refresh. Without one, the user leaves after the TTL, and with the last socket that follows the viewers, a few seconds after it. Another user than oneself needs the admin role or a service token. With editing the user also edits that field, which all see who see the viewers: say so again every few seconds while somebody types, for it lapses after six, and end it with DELETE. It is a hint and no lock. The user has to be one who may edit: an editor or admin, for things of Callboard's; for those of an application, whoever may read them. A user who looks at 1,000 things gets 429 for more. The types episode, show, file and job are Callboard's own: for things of an application choose a type of its own.
         */
        post: operations["track-viewer"];
        /**
         * Note that a user no longer looks at a resource
         * @description Ends what requests have noted, and sockets that have just dropped. A user with a live socket on the resource stays a viewer. With editing it ends nothing but that.
         */
        delete: operations["remove-viewer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/saved-views": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the saved views of the team and one's own
         * @description The team's first, each in their order: 100 of either at most, so there are no pages. An application has none of its own.
         */
        get: operations["list-saved-views"];
        put?: never;
        /**
         * Save a view, behind those that there are
         * @description One of the team needs the editor role.
         */
        post: operations["create-saved-view"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/saved-views/{id}": {
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
         * Delete a saved view
         * @description One of the team needs the editor role.
         */
        delete: operations["delete-saved-view"];
        options?: never;
        head?: never;
        /**
         * Rename, redirect or move a saved view
         * @description One of the team needs the editor role. position is its new place; the others make room.
         */
        patch: operations["update-saved-view"];
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
    "/api/v1/shows/{id}/import-mapping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the mapping that imports into a show go by when they name none */
        get: operations["get-import-mapping"];
        /** Save a mapping for the files of a show */
        put: operations["put-import-mapping"];
        post?: never;
        /** Take the saved mapping of a show away */
        delete: operations["delete-import-mapping"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/shows/{id}/watch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Be notified of changes of a show and its episodes
         * @description Who watches a show is notified of its changes, and of what happens to its episodes: that one was created, updated, archived or deleted, or has come from another show or left for one. Of files only those hear who watch the episode itself. No error if that is so already.
         */
        put: operations["watch-show"];
        post?: never;
        /**
         * No longer be notified of changes of a show and its episodes
         * @description Who watches a show is notified of its changes, and of what happens to its episodes: that one was created, updated, archived or deleted, or has come from another show or left for one. Of files only those hear who watch the episode itself. No error if that is so already.
         */
        delete: operations["unwatch-show"];
        options?: never;
        head?: never;
        patch?: never;
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
         * @description The message is durable: it gets a position, appears in GET /events, and reaches clients that reconnect in time. With ephemeral it goes once to those who are connected now, and nowhere else. The name is your own, also where an event of the catalog has it too: nothing of Callboard's follows from the message, and clients tell it from the event by its member direct, which is true. It may not be one that clients use for other things: notification, unread_count, viewers, event, connected, disconnected, subscribed, unsubscribed, gap, caught-up, reset, error.
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
         * @description Clients do not come back by themselves. It revokes nothing: disable the user to keep them out. A user who is unknown, such as one whom the application has deleted, is no error.
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
         * @description The message is durable: it gets a position, appears in GET /events, and reaches clients that reconnect in time. With ephemeral it goes once to those who are connected now, and nowhere else. The name is your own, also where an event of the catalog has it too: nothing of Callboard's follows from the message, and clients tell it from the event by its member direct, which is true. It may not be one that clients use for other things: notification, unread_count, viewers, event, connected, disconnected, subscribed, unsubscribed, gap, caught-up, reset, error.
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
         * @description The message is durable: it gets a position, appears in GET /events, and reaches clients that reconnect in time. With ephemeral it goes once to those who are connected now, and nowhere else. The name is your own, also where an event of the catalog has it too: nothing of Callboard's follows from the message, and clients tell it from the event by its member direct, which is true. It may not be one that clients use for other things: notification, unread_count, viewers, event, connected, disconnected, subscribed, unsubscribed, gap, caught-up, reset, error.
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
    "/api/v1/users/{id}/identity": {
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
         * Forget who a user is at the OpenID Connect provider
         * @description For who has another account there by now. Ends the user's sessions; the next sign-in there links the account anew, by its verified e-mail address.
         */
        delete: operations["unlink-user"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a link by which a user sets the first password
         * @description For an account that was created without one. It holds for seven days, once; one that was made before no longer does. 409 where there is a password, or passwords are switched off.
         */
        post: operations["invite-user"];
        /**
         * Take back the invitation of a user
         * @description The account stays, without a password. DELETE /api/v1/users/{id} disables it.
         */
        delete: operations["revoke-invitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/{id}/second-factor": {
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
         * Turn off the second factor of another user
         * @description For who has lost it. Ends the user's sessions; the password alone signs in then.
         */
        delete: operations["reset-second-factor"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/watches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what a user watches, by type and ID
         * @description With deleted episodes, which can be restored. The episodes of a show that is watched are not in it. Another user than oneself needs the admin role or a service token.
         */
        get: operations["list-watches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/watches/{type}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ask whether a user watches a resource
         * @description Of any resource that the caller may read: of Callboard, or of an application. Its watchers are those whom the events of it notify that say {watchers}, and the recipients watchers:<type>:<id>. Another user than oneself needs the admin role or a service token.
         */
        get: operations["get-watch"];
        /**
         * Watch a resource; no error if that is so already
         * @description Of any resource that the caller may read: of Callboard, or of an application. Its watchers are those whom the events of it notify that say {watchers}, and the recipients watchers:<type>:<id>. Another user than oneself needs the admin role or a service token.
         */
        put: operations["put-watch"];
        post?: never;
        /**
         * Watch a resource no longer; no error if that is so already
         * @description Of any resource that the caller may read: of Callboard, or of an application. Its watchers are those whom the events of it notify that say {watchers}, and the recipients watchers:<type>:<id>. Another user than oneself needs the admin role or a service token.
         */
        delete: operations["delete-watch"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/debug/pprof/{profile}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the process spends its time and memory on
         * @description For go tool pprof, and trace for go tool trace. One cpu or trace at a time: 409 for another.
         */
        get: operations["profile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
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
        AccountAcceptInputBody: {
            /** @description The password to sign in with from now on. */
            password: string;
            /** @description From the link. */
            token: string;
        };
        AccountBeginFactorInputBody: {
            /** @description The password of the account. */
            current_password: string;
        };
        AccountConfirmFactorInputBody: {
            /** @description The code that the app shows. */
            code: string;
        };
        AccountCreateTokenInputBody: {
            /**
             * Format: date-time
             * @description Left out: never, or as late as the credential that it is made with.
             */
            expires_at?: string;
            /** @description That of a service token is the name of the application, which all see in the log. */
            name: string;
            /** @description What it is limited to: read, write (all but sign-in and users), or for one tag of this document in lower case, episodes:read, episodes:write. Left out: all that its user may do, or what the token may that it is made with. */
            scopes?: string[];
            /** @description For an application that acts for others. Needs the admin role. */
            service?: boolean;
            /**
             * Format: uuid
             * @description Whose rights it has. Others' need the admin role.
             */
            user_id?: string;
        };
        AccountCreateUserInputBody: {
            /** @description The address to sign in with; nobody else may have it. */
            email: string;
            /** @description Name for people. */
            name: string;
            /** @description Left out: cannot sign in with one. */
            password?: string;
            /**
             * @description An editor may also change the production, and an admin everything.
             * @enum {string}
             */
            role: "admin" | "editor" | "viewer";
            /** @description Name in the IANA time zone database; default: UTC. */
            time_zone?: string;
        };
        AccountCreatedToken: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /** @description Who made it; absent where that is not known. */
            created_by?: components["schemas"]["AccountCreator"];
            /**
             * Format: date-time
             * @description Absent when it never expires.
             */
            expires_at?: string;
            /** @description ID of the token, which is not the token itself. */
            id: string;
            /**
             * Format: date-time
             * @description To the minute.
             */
            last_used_at?: string;
            /**
             * @description What it was named.
             * @example nightly export
             */
            name: string;
            /**
             * Format: date-time
             * @description When it was revoked; absent while it holds.
             */
            revoked_at?: string;
            /**
             * @description What it is limited to, of what its user may do; empty when it is not limited.
             * @example [
             *       "episodes:read"
             *     ]
             */
            scopes: string[];
            /** @description It stands for an application, which acts for others. */
            service: boolean;
            /** @description The token itself. It is shown this once. */
            token: string;
            /** @description Whose rights it has. */
            user_id: string;
        };
        AccountCreator: {
            /** @description Of a user, or "system" for the command line. */
            id: string;
            /** @description Name of who made it. */
            name: string;
        };
        AccountEnrolment: {
            /**
             * @description In base32, to be typed into an app.
             * @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
             */
            secret: string;
            /**
             * @description The same as an otpauth: address, for a QR code.
             * @example otpauth://totp/Callboard:ada@example.org?algorithm=SHA1&digits=6&issuer=Callboard&period=30&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
             */
            uri: string;
        };
        AccountInvitation: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * @description The address to sign in with.
             * @example mira@example.org
             */
            email: string;
            /**
             * Format: date-time
             * @description Until when its link holds.
             */
            expires_at: string;
            /**
             * @description Name of the admin who invites.
             * @example Ada Quill
             */
            invited_by: string;
            /**
             * @description Name of who is invited.
             * @example Mira Sand
             */
            name: string;
            /** @description Whose account it is. */
            user_id: string;
        };
        AccountInvitedInputBody: {
            /** @description From the link. */
            token: string;
        };
        AccountLoginInputBody: {
            /** @description Where the account has a second factor: the code that the app shows, or a recovery code. */
            code?: string;
            /** @description The address of the account. */
            email: string;
            /** @description Its password. */
            password: string;
        };
        AccountMe: {
            /**
             * Format: date-time
             * @description When the account was made.
             */
            created_at: string;
            /** @description A disabled user cannot sign in; sessions are ended and tokens refused. */
            disabled: boolean;
            /** @description The address to sign in with. */
            email: string;
            /** @description A user of an application, who has no account: email and time_zone are empty. */
            external: boolean;
            /** @description Can sign in with a password. */
            has_password: boolean;
            /** @description ID of the user. */
            id: string;
            /**
             * Format: date-time
             * @description When the user signed in last, with the password or at the OpenID Connect provider; absent until then.
             */
            last_sign_in_at?: string;
            /** @description Name for people. */
            name: string;
            /**
             * @description An editor may also change the production, and an admin everything.
             * @enum {string}
             */
            role: "admin" | "editor" | "viewer";
            /** @description Signing in with the password asks for a code, too. */
            second_factor: boolean;
            /** @description Signed in with a service token. */
            service: boolean;
            /** @description Name in the IANA time zone database. */
            time_zone: string;
            /**
             * Format: date-time
             * @description When it was changed last.
             */
            updated_at: string;
        };
        AccountNewInvitation: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /**
             * @description The address to sign in with.
             * @example mira@example.org
             */
            email: string;
            /**
             * Format: date-time
             * @description Until when its link holds.
             */
            expires_at: string;
            /**
             * @description Name of the admin who invites.
             * @example Ada Quill
             */
            invited_by: string;
            /**
             * @description Name of who is invited.
             * @example Mira Sand
             */
            name: string;
            /** @description Of the link: /invite?token=… on the board. It is shown this once. */
            token: string;
            /** @description Whose account it is. */
            user_id: string;
        };
        AccountPasswordInputBody: {
            /** @description The password so far. */
            current_password: string;
            /** @description The password from now on. */
            new_password: string;
        };
        AccountPerson: {
            /** @description ID of the user. */
            id: string;
            /** @description Name for people. */
            name: string;
            /**
             * @description An editor may also change the production, and an admin everything.
             * @enum {string}
             */
            role: "admin" | "editor" | "viewer";
        };
        AccountProfileInputBody: {
            /** @description Name for people. */
            name?: string;
            /** @description Name in the IANA time zone database. */
            time_zone?: string;
        };
        AccountProofInputBody: {
            /** @description The code that the app shows, or a recovery code; or current_password. */
            code?: string;
            /** @description The password of the account; or code. */
            current_password?: string;
        };
        AccountRecoveryCodes: {
            /**
             * @description Each does once in the place of a code. They are shown this once.
             * @example [
             *       "7KQM-T2XN-9HJ4-RWEC"
             *     ]
             */
            recovery_codes: string[];
        };
        AccountSecondFactor: {
            /** @description Signing in with the password asks for a code, too. */
            enabled: boolean;
            /**
             * Format: int64
             * @description How many of the recovery codes are not used yet.
             */
            recovery_codes: number;
            /**
             * Format: date-time
             * @description When it was turned on.
             */
            since?: string;
        };
        AccountSession: {
            /**
             * Format: date-time
             * @description When the user signed in.
             */
            created_at: string;
            /** @description The one that this request came with. */
            current: boolean;
            /**
             * Format: date-time
             * @description Unless it is used before.
             */
            expires_at: string;
            /** @description ID of the session. */
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
        AccountSettingsInputBody: {
            /** @description The new value of each setting that changes. */
            settings: {
                [key: string]: unknown;
            };
        };
        AccountSetupInputBody: {
            /** @description The address to sign in with. */
            email: string;
            /** @description Name for people. */
            name: string;
            /** @description The password to sign in with. */
            password: string;
            /** @description From the link that the first start prints. */
            token: string;
        };
        AccountSignInMethods: {
            /** @description With e-mail address and password. */
            password: boolean;
            /** @description At an OpenID Connect provider; absent where that is not set up. */
            provider?: components["schemas"]["AccountSignInProvider"];
        };
        AccountSignInProvider: {
            /**
             * @description For people, such as on a button.
             * @example Keycloak
             */
            name: string;
        };
        AccountToken: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            created_at: string;
            /** @description Who made it; absent where that is not known. */
            created_by?: components["schemas"]["AccountCreator"];
            /**
             * Format: date-time
             * @description Absent when it never expires.
             */
            expires_at?: string;
            /** @description ID of the token, which is not the token itself. */
            id: string;
            /**
             * Format: date-time
             * @description To the minute.
             */
            last_used_at?: string;
            /**
             * @description What it was named.
             * @example nightly export
             */
            name: string;
            /**
             * Format: date-time
             * @description When it was revoked; absent while it holds.
             */
            revoked_at?: string;
            /**
             * @description What it is limited to, of what its user may do; empty when it is not limited.
             * @example [
             *       "episodes:read"
             *     ]
             */
            scopes: string[];
            /** @description It stands for an application, which acts for others. */
            service: boolean;
            /** @description Whose rights it has. */
            user_id: string;
        };
        AccountUpdateUserInputBody: {
            /** @description A disabled user cannot sign in; sessions are ended and tokens refused. */
            disabled?: boolean;
            /** @description Name for people. */
            name?: string;
            /** @description The new password. */
            password?: string;
            /**
             * @description The new role.
             * @enum {string}
             */
            role?: "admin" | "editor" | "viewer";
            /** @description Name in the IANA time zone database. */
            time_zone?: string;
        };
        AccountUser: {
            /**
             * Format: date-time
             * @description When the account was made.
             */
            created_at: string;
            /** @description A disabled user cannot sign in; sessions are ended and tokens refused. */
            disabled: boolean;
            /** @description The address to sign in with. */
            email: string;
            /** @description Can sign in with a password. */
            has_password: boolean;
            /** @description ID of the user. */
            id: string;
            /**
             * Format: date-time
             * @description When the user signed in last, with the password or at the OpenID Connect provider; absent until then.
             */
            last_sign_in_at?: string;
            /** @description Name for people. */
            name: string;
            /**
             * @description An editor may also change the production, and an admin everything.
             * @enum {string}
             */
            role: "admin" | "editor" | "viewer";
            /** @description Signing in with the password asks for a code, too. */
            second_factor: boolean;
            /** @description Name in the IANA time zone database. */
            time_zone: string;
            /**
             * Format: date-time
             * @description When it was changed last.
             */
            updated_at: string;
        };
        ActivityBulkInputBody: {
            /** @description The entries, in their order. */
            entries: components["schemas"]["ActivityEntryBody"][];
        };
        ActivityBulkLogged: {
            /** @description In the order of the entries. */
            ids: string[];
        };
        ActivityCheckpointView: {
            /**
             * @description The signed text, as https://c2sp.org/tlog-checkpoint has it.
             * @example callboard-activity
             *     1042
             *     47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
             *     time 2026-03-14T09:26:53Z
             *
             *     — callboard-activity Az3grl…
             */
            note: string;
            /**
             * @description Key of this server, with which the signature can be checked. Trust it only as far as you trust where you have it from.
             * @example callboard-activity+0a1b2c3d+ATUWd4…
             */
            public_key?: string;
            /**
             * @description Root of the Merkle tree, in base64.
             * @example 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
             */
            root: string;
            /**
             * Format: date-time
             * @description When it was signed.
             */
            signed_at: string;
            /**
             * Format: int64
             * @description How many entries were signed.
             * @example 1042
             */
            size: number;
        };
        ActivityCountView: {
            /**
             * Format: int64
             * @description How many entries there are.
             */
            count: number;
            /** @description The source, the action, the user's ID or the day. */
            key: string;
            /** @description Name of the user, in by_user. */
            name?: string;
            /**
             * @description Whose entries they are, in by_action.
             * @enum {string}
             */
            source?: "callboard" | "application";
        };
        ActivityCountsView: {
            /**
             * @description What is counted by.
             * @enum {string}
             */
            by: "hour" | "day";
            /** @description Oldest first. Hours or days without entries are left out. */
            by_time: components["schemas"]["ActivityTimeCountView"][];
            /** @description The 100 most active. */
            by_user: components["schemas"]["ActivityCountView"][];
            /** @description False where there is too much to count: then counted_since tells from when on it is counted. */
            complete: boolean;
            /**
             * Format: date-time
             * @description All from here on is counted.
             */
            counted_since: string;
            /**
             * Format: date-time
             * @description From when on is counted, inclusive.
             */
            since: string;
            /** @description Whose hours and days these are. */
            time_zone: string;
            /**
             * Format: int64
             * @description How many entries pass the filter.
             */
            total: number;
            /**
             * Format: date-time
             * @description Until when, exclusive.
             */
            until: string;
        };
        ActivityData: {
            /** @description What was done. */
            action: string;
            /** @description What the application added. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description Who did it, in the word of the application. */
            user_id: string;
            /** @description Name of who did it. */
            user_name?: string;
        };
        ActivityEntryBody: {
            /** @description What was done, in a word of your own, such as reviewed_cut. */
            action: string;
            /** @description At most 16 KB. */
            metadata?: {
                [key: string]: unknown;
            };
            /** @description ID of the resource. */
            resource_id: string;
            /** @description Name of the resource, for people. */
            resource_name?: string;
            /** @description Type of the resource that it was done to. */
            resource_type: string;
            /** @description Who did it: the UUID of an account, or an ID of an application's own. Default: the caller. */
            user_id?: string;
        };
        ActivityLogged: {
            /** @description ID of the event behind the entry. */
            id: string;
        };
        ActivityPrivate: {
            /**
             * @description Address that it was done from.
             * @example 203.0.113.7
             */
            ip: string;
            /**
             * @description In base64.
             * @example q83vEjRWeJCrze8SNFZ4kA==
             */
            salt: string;
            /**
             * @description Program that it was done with.
             * @example Mozilla/5.0
             */
            user_agent: string;
        };
        ActivityProofView: {
            /**
             * @description The newest checkpoint, as GET /activity/checkpoint has it in note.
             * @example callboard-activity
             *     1042
             *     47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
             *     time 2026-03-14T09:26:53Z
             *
             *     — callboard-activity Az3grl…
             */
            checkpoint: string;
            /**
             * @description The entry in its canonical form, in base64; docs/verify.md describes it.
             * @example AQAAAAAAAAQS
             */
            entry: string;
            /**
             * @description The inclusion proof, from the leaf to the root, in base64.
             * @example [
             *       "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
             *     ]
             */
            hashes: string[];
            /**
             * Format: int64
             * @description Number of the entry in the tree, from 0.
             */
            leaf: number;
            /**
             * @description Hash of the leaf: SHA-256 of a zero byte and the entry, in base64.
             * @example 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=
             */
            leaf_hash: string;
            /** @description What the canonical form has only the hash of. For admins only. */
            private?: components["schemas"]["ActivityPrivate"];
            /**
             * Format: int64
             * @description How many leaves the tree of the checkpoint has.
             */
            tree_size: number;
        };
        ActivityStatsView: {
            /** @description An action that both Callboard and applications logged is there twice, each with its source. Of applications 1,000 a day are counted by name, and the others together as *. */
            by_action: components["schemas"]["ActivityCountView"][];
            /** @description Entries of each day, in UTC. */
            by_day: components["schemas"]["ActivityCountView"][];
            /** @description Entries of Callboard and of applications. */
            by_source: components["schemas"]["ActivityCountView"][];
            /** @description The ten most active. */
            by_user: components["schemas"]["ActivityCountView"][];
            /**
             * Format: int64
             * @description How many days were counted.
             */
            days: number;
            /**
             * Format: int64
             * @description How many entries there are in these days.
             */
            total: number;
        };
        ActivityTimeCountView: {
            /**
             * Format: int64
             * @description How many entries there are in it.
             */
            count: number;
            /**
             * Format: date-time
             * @description When the hour or day begins, with the zone's offset.
             * @example 2026-03-14T00:00:00+01:00
             */
            start: string;
        };
        ActivityView: {
            /** @description What was done, such as published_episode. */
            action: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            created_at: string;
            /** @description ID of the event behind the entry. */
            id: string;
            /** @description For admins only. */
            ip?: string;
            /** @description A JSON object. "changes" holds the old and new value of each field. */
            metadata: unknown;
            /**
             * Format: int64
             * @description Position of that event.
             */
            pos: number;
            /** @description ID of the resource. */
            resource_id: string;
            /** @description Name of the resource, as it was then. */
            resource_name: string;
            /** @description Type of the resource that it was done to. */
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
            /** @description Name of who did it, as it was then. */
            user_name: string;
        };
        AppConsumer: {
            /**
             * Format: int64
             * @description Events that failed alone, and are retried.
             */
            dead_letters: number;
            /**
             * Format: int64
             * @description Events that it has not taken.
             */
            lag_events: number;
            /**
             * Format: double
             * @description Age of the oldest of them.
             */
            lag_seconds: number;
            /**
             * Format: int64
             * @description Position up to which it has come.
             */
            pos: number;
            /** @description It fails, and stands at its cursor. */
            stalled: boolean;
            /** @description ready or degraded. */
            status: string;
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
            /** @description Type of what the resource belongs to. */
            parent_type?: string;
            /** @description What it is about. It may be left out where nothing of the type refers to the resource. */
            resource_id?: string;
            /** @description Name of what it is about, for people. */
            resource_name?: string;
            /** @description Type of what it is about. */
            resource_type?: string;
            /** @description Who did it. Default: the caller. */
            user_id?: string;
        };
        AppLiveness: {
            /**
             * @description Tells this installation from others. It is no secret.
             * @example 0f8fad5bd9cb469fa16570867728950e
             */
            installation: string;
            /**
             * @description Always ok: a process that is not alive does not answer.
             * @enum {string}
             */
            status: "ok";
        };
        AppManyEventsBody: {
            /** @description The events, in their order. */
            events: components["schemas"]["AppEventBody"][];
        };
        AppPart: {
            /** @description Those of the log, by name. */
            consumers?: {
                [key: string]: components["schemas"]["AppConsumer"];
            };
            /**
             * Format: int64
             * @description Events that failed alone, and are retried.
             */
            dead_letters?: number;
            /** @description Why it is not ready. */
            detail?: string;
            /**
             * Format: int64
             * @description Room on the disk of the data.
             */
            free_bytes?: number;
            /**
             * Format: int64
             * @description Events that the slowest consumer has not taken.
             */
            lag_events?: number;
            /**
             * Format: double
             * @description Age of the oldest of them.
             */
            lag_seconds?: number;
            /** @description This process runs the consumers. */
            leading?: boolean;
            /** @description Requests fail while it is away. */
            required: boolean;
            /** @description ready, degraded, unavailable, or off by its switch. */
            status: string;
        };
        AppReadiness: {
            /**
             * @description By name.
             * @example {
             *       "database": {
             *         "required": true,
             *         "status": "ready"
             *       }
             *     }
             */
            parts: {
                [key: string]: components["schemas"]["AppPart"];
            };
            /**
             * @description ready, degraded (effects are delayed) or unavailable (requests fail): that of the worst part.
             * @example ready
             */
            status: string;
        };
        Appended: {
            /** @description ID of the event. */
            id: string;
        };
        AppendedMany: {
            /** @description IDs of the events, in their order. */
            ids: string[];
        };
        CanaryData: Record<string, never>;
        Change: {
            /** @description Value after; null when there is none. */
            new: unknown;
            /** @description Value before; null when there was none. */
            old: unknown;
        };
        ConnectionsData: {
            /** @description Whose they were. */
            user_id: string;
        };
        DataAccountCreatedToken: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["AccountCreatedToken"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataAccountEnrolment: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["AccountEnrolment"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataAccountInvitation: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["AccountInvitation"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataAccountMe: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["AccountMe"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataAccountNewInvitation: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["AccountNewInvitation"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataAccountRecoveryCodes: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["AccountRecoveryCodes"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataAccountSecondFactor: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["AccountSecondFactor"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataAccountSettings: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: {
                [key: string]: unknown;
            };
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataAccountSignInMethods: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["AccountSignInMethods"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataAccountUser: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["AccountUser"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataActivityBulkLogged: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["ActivityBulkLogged"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataActivityCheckpointView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["ActivityCheckpointView"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataActivityCountsView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["ActivityCountsView"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataActivityLogged: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["ActivityLogged"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataActivityProofView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["ActivityProofView"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataActivityStatsView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["ActivityStatsView"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataAppended: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["Appended"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataAppendedMany: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["AppendedMany"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataEpisodeBulkResults: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["EpisodeBulkResults"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataEpisodeTotals: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["EpisodeTotals"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataEpisodeView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["EpisodeView"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataFileView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["FileView"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataImporterReport: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["ImporterReport"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataImporterSavedMapping: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["ImporterSavedMapping"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataJobView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["JobView"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataListJobKindView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["JobKindView"][];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataListJobStatsView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["JobStatsView"][];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataListOutboxTypeView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["OutboxTypeView"][];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataListPresenceResourceViewers: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["PresenceResourceViewers"][];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataListSavedviewView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["SavedviewView"][];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataNotification: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["Notification"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataNotificationChanged: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["NotificationChanged"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataNotificationCreated: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["NotificationCreated"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataNotificationMarked: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["NotificationMarked"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataNotificationPreferences: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["NotificationPreferences"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataNotificationUnreadData: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["NotificationUnreadData"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataNotificationWatchView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["NotificationWatchView"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataNotificationWhy: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["NotificationWhy"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataOutboxHealthView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["OutboxHealthView"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataOutboxRetried: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["OutboxRetried"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataPresenceStats: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["PresenceStats"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataPresenceStatusChoice: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["PresenceStatusChoice"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataPresenceViewerList: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["PresenceViewerList"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataRealtimeAddress: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["RealtimeAddress"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataRealtimeDisconnected: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["RealtimeDisconnected"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataRealtimeSent: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["RealtimeSent"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataRealtimeSocketToken: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["RealtimeSocketToken"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataRealtimeStats: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["RealtimeStats"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataSavedviewView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["SavedviewView"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        DataShowView: {
            /** @description What was asked for, or the thing as it is after the change. */
            data: components["schemas"]["ShowView"];
            /** @description What was done, for people. Only writes have it. */
            message?: string;
        };
        EpisodeBody: {
            /**
             * Format: date
             * @description When it airs.
             */
            air_date?: string;
            /** @description At most 20, of 1–50 characters each, none twice. */
            categories?: string[];
            /** @description What it is about. */
            description?: string;
            /**
             * Format: int64
             * @description Unique within show and season. Left out: the next free one.
             */
            episode_number?: number;
            /**
             * Format: int64
             * @description Season within the show; 0 is for specials.
             */
            season_number?: number;
            /**
             * Format: uuid
             * @description The show that it belongs to.
             */
            show_id?: string;
            /**
             * @description How far it has come; a new one is a draft unless this says otherwise.
             * @enum {string}
             */
            status?: "draft" | "pending" | "approved" | "rejected" | "published" | "archived";
            /** @description http or https, or the path of a file of this server. */
            thumbnail_url?: string;
            /** @description What it is called. */
            title: string;
        };
        EpisodeBulkInputBody: {
            /** @description What to do; with each episode one thing. */
            operations: components["schemas"]["EpisodeOperation"][];
        };
        EpisodeBulkResults: {
            /**
             * Format: int64
             * @description How many operations were carried out, or had nothing to change.
             */
            done: number;
            /**
             * Format: int64
             * @description How many were refused.
             */
            refused: number;
            /** @description One for each operation, in their order. */
            results: components["schemas"]["EpisodeResult"][];
        };
        EpisodeData: {
            /** @description A date, such as 1963-11-23. */
            air_date?: string;
            /** @description Old and new value of each field that differs. */
            changes?: {
                [key: string]: components["schemas"]["Change"];
            };
            /**
             * Format: int64
             * @description Number within the season.
             */
            episode_number?: number;
            /**
             * Format: int64
             * @description Season within the show; 0 is for specials.
             */
            season_number?: number;
            /** @description The show that it belongs to. */
            show_id?: string;
            /** @description draft, pending, approved, rejected, published or archived. */
            status: string;
            /** @description Title of the episode. */
            title: string;
            /**
             * Format: int64
             * @description Grows by one with each change.
             */
            version: number;
        };
        EpisodeLookAnswerBody: {
            /** @description The episode. */
            data: components["schemas"]["EpisodeView"];
            /** @description Who looks at it now, the caller included, at most 1,000. Those who chose to be offline are left out. */
            viewers: components["schemas"]["Viewer"][];
            /**
             * Format: int64
             * @description How many look at it.
             */
            viewers_total: number;
            /** @description Whether the caller watches it. False for an application, and while notifications are switched off. The ETag does not tell of it. */
            watching: boolean;
        };
        EpisodeOperation: {
            /** @description The fields to change, as in PATCH; with update alone. */
            changes?: components["schemas"]["EpisodePatchBody"];
            /**
             * Format: uuid
             * @description ID of the episode.
             */
            id: string;
            /**
             * @description What to do.
             * @enum {string}
             */
            op: "update" | "delete" | "restore";
            /**
             * Format: int64
             * @description The version that was read. When the episode has changed since, nothing is done to it. Left out: whatever it is.
             */
            version?: number;
        };
        EpisodePatchBody: {
            /**
             * Format: date
             * @description When it airs.
             */
            air_date?: string | null;
            /** @description At most 20, of 1–50 characters each, none twice. */
            categories?: string[];
            /** @description What it is about. */
            description?: string | null;
            /**
             * Format: int64
             * @description Unique within show and season.
             */
            episode_number?: number | null;
            /**
             * Format: int64
             * @description Season within the show; 0 is for specials.
             */
            season_number?: number | null;
            /**
             * Format: uuid
             * @description The show that it belongs to; null takes it out.
             */
            show_id?: string | null;
            /**
             * @description How far it has come.
             * @enum {string}
             */
            status?: "draft" | "pending" | "approved" | "rejected" | "published" | "archived";
            /** @description http or https, or the path of a file of this server. */
            thumbnail_url?: string | null;
            /** @description What it is called. */
            title?: string;
        };
        EpisodeResult: {
            /** @description The episode as it is now. Absent where the operation was refused. */
            episode?: components["schemas"]["EpisodeView"];
            /** @description ID of the episode. */
            id: string;
            /** @description Why it was refused. Absent where it was carried out. */
            problem?: components["schemas"]["Problem"];
            /**
             * Format: int64
             * @description The HTTP status that a request of its own would have had, but for 200 in the place of 204.
             * @example 200
             */
            status: number;
        };
        EpisodeShowTotals: {
            /** @description The show; null for those outside of shows. */
            show_id: string | null;
            /** @description By status. All six are there. */
            statuses: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description How many belong to it.
             */
            total: number;
        };
        EpisodeTotals: {
            /** @description By show, those with most episodes first, 1,000 at most. Only where by=show asks for it. */
            shows?: components["schemas"]["EpisodeShowTotals"][];
            /** @description By status. All six are there. */
            statuses: {
                [key: string]: number;
            };
            /**
             * Format: int64
             * @description How many there are.
             */
            total: number;
        };
        EpisodeView: {
            /** @description A date, such as 1963-11-23. */
            air_date: string | null;
            /** @description At most 20, of 1–50 characters each, none twice. */
            categories: string[];
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /** @description A user's ID, or that of an application (app-…). */
            created_by: string;
            /** @description What that user or application is called now; null where nobody knows it. */
            created_by_name: string | null;
            /**
             * Format: date-time
             * @description When it was deleted; absent otherwise.
             */
            deleted_at?: string;
            /** @description At most 10,000 characters. */
            description: string | null;
            /**
             * Format: int64
             * @description 0–99,999; unique within show and season among those that are not deleted.
             */
            episode_number: number | null;
            /** @description ID of the episode. */
            id: string;
            /**
             * Format: int64
             * @description Season within the show, 0–9,999; 0 is for specials.
             */
            season_number: number | null;
            /** @description The show that it belongs to. */
            show_id: string | null;
            /**
             * @description How far it has come.
             * @enum {string}
             */
            status: "draft" | "pending" | "approved" | "rejected" | "published" | "archived";
            /** @description http or https, or the path of a file of this server. */
            thumbnail_url: string | null;
            /** @description 1–255 characters. */
            title: string;
            /**
             * Format: date-time
             * @description When it was changed last.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Grows by one with each change; the ETag holds it.
             */
            version: number;
        };
        FileData: {
            /** @description Old and new value of each field that differs. */
            changes?: {
                [key: string]: components["schemas"]["Change"];
            };
            /** @description As found in the content. */
            content_type: string;
            /** @description Absent where only the owner and admins may read the file. */
            episode_id?: string;
            /** @description With its extension. Absent for a private file. */
            name?: string;
            /** @description Who uploaded or made it. */
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
            /** @description The new name. */
            name?: string;
        };
        FileThumbnails: {
            /** @description Path of the picture of at most 1280 pixels. */
            large?: string;
            /** @description Path of the picture of at most 640 pixels. */
            medium?: string;
            /** @description Path of the picture of at most 320 pixels. */
            small?: string;
        };
        FileView: {
            /** @description As found in the content. */
            content_type: string;
            /**
             * Format: date-time
             * @description When it was uploaded or made.
             */
            created_at: string;
            /** @description Who uploaded or made it: the ID of a user, or of an application (app-…). */
            created_by: string;
            /** @description What that user or application is called now; null where nobody knows it. */
            created_by_name: string | null;
            /** @description The episode that it belongs to; null for one of its owner's own. */
            episode_id: string | null;
            /**
             * Format: date-time
             * @description When it is deleted by itself.
             */
            expires_at?: string;
            /** @description ID of the file. */
            id: string;
            /**
             * @description With its extension, made safe for every system.
             * @example still-1.jpg
             */
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
        ImporterColumn: {
            /**
             * @description The field of an episode that it fills; absent when the column is ignored.
             * @example title
             */
            field?: string;
            /**
             * @description As the header has it.
             * @example Episode Title
             */
            name: string;
            /**
             * Format: int64
             * @description Counts from 1.
             */
            position: number;
            /**
             * @description Up to three of its values, shortened.
             * @example [
             *       "The Lamp Room",
             *       "Low Water"
             *     ]
             */
            samples: string[];
            /**
             * @description By name, by content, as asked for; or why it is ignored.
             * @example by name
             */
            why: string;
        };
        ImporterLayout: {
            /** @description All columns, in their order. */
            columns: components["schemas"]["ImporterColumn"][];
            /**
             * @description Order of day and month, as asked for or as the column decides it; absent when no date needs one.
             * @enum {string}
             */
            date_order?: "day-first" | "month-first" | "year-first";
            /**
             * @description What stands between the cells of CSV: a comma, a semicolon, a tab or a bar.
             * @example ;
             */
            delimiter?: string;
            /**
             * @description Encoding of a text file, such as UTF-8 or windows-1252.
             * @example UTF-8
             */
            encoding?: string;
            /**
             * @description What the file is.
             * @enum {string}
             */
            format: "csv" | "ndjson" | "xlsx";
            /**
             * Format: int64
             * @description Line of the header; 0 when there is none.
             */
            header: number;
            /**
             * @description What else there is to know: rows above the header, numbers in a column that is not used.
             * @example [
             *       "line 1 stands above the header"
             *     ]
             */
            notes: string[];
            /** @description Worksheets that have rows and are not read. */
            other_sheets?: components["schemas"]["ImporterWorksheet"][];
            /**
             * @description Worksheet of a workbook.
             * @example Season 1
             */
            sheet?: string;
        };
        ImporterMappingInputBody: {
            /** @description Columns by field, by name or by position (#3). */
            mapping: {
                [key: string]: string[];
            };
        };
        ImporterProblem: {
            /**
             * Format: int64
             * @description Line of the file where the row begins, or row of the worksheet.
             */
            line: number;
            /**
             * @description What became of the row.
             * @enum {string}
             */
            outcome: "created" | "updated" | "unchanged" | "refused" | "skipped";
            /**
             * @description Each column with its value, shortened, and what would be right.
             * @example title is missing
             */
            reason: string;
        };
        ImporterReport: {
            /**
             * Format: int64
             * @description Rows of which an episode was made.
             */
            created: number;
            /** @description How the file is read. */
            layout: components["schemas"]["ImporterLayout"];
            /** @description What there is to say of rows, in the order of the file: at most 10,000 that were refused, and 10,000 others. */
            problems: components["schemas"]["ImporterProblem"][];
            /**
             * Format: int64
             * @description Rows that were not taken; the report says why.
             */
            refused: number;
            /**
             * Format: int64
             * @description Rows that were read: those below, in all.
             */
            rows: number;
            /**
             * Format: int64
             * @description How many shows that are in all.
             */
            show_count: number;
            /** @description Shows that episodes were imported into, in the order of the file: the first 100 of them at most. */
            shows: components["schemas"]["ImporterShowRef"][];
            /**
             * Format: int64
             * @description Rows that are no episodes: a header that is repeated, a sum, a comment, a hidden row, a row that is there twice.
             */
            skipped: number;
            /**
             * Format: int64
             * @description Rows that say what is there already.
             */
            unchanged: number;
            /**
             * Format: int64
             * @description Rows that changed an episode.
             */
            updated: number;
        };
        ImporterRequest: {
            /**
             * @description Order of day and month, where the column does not decide it.
             * @enum {string}
             */
            date_order?: "day-first" | "month-first" | "year-first";
            /** @description Encoding of a text file, such as windows-1252. Left out: as found in the content. */
            encoding?: string;
            /**
             * Format: uuid
             * @description A sheet that was uploaded: CSV, NDJSON or XLSX.
             */
            file_id: string;
            /** @description Take rows of a workbook that are hidden or filtered out, too. */
            hidden_rows?: boolean;
            /** @description Columns by field, by name or by position (#3), where they are not found by themselves. The first one that is not empty in a row counts; an empty list leaves the field out. */
            mapping?: {
                [key: string]: string[];
            };
            /**
             * @description Whether rows create episodes, update them, or both. Default: upsert.
             * @enum {string}
             */
            mode?: "upsert" | "create" | "update";
            /** @description Worksheet of a workbook. Left out: the first one that holds a list of episodes. */
            sheet?: string;
            /**
             * Format: uuid
             * @description The show that the episodes belong to.
             */
            show_id?: string;
            /** @description The same, by its title; it is created with its first episode when there is none. */
            show_title?: string;
        };
        ImporterSavedMapping: {
            /** @description Columns by field. */
            mapping: {
                [key: string]: string[];
            };
            /**
             * Format: date-time
             * @description When it was saved.
             */
            updated_at: string;
            /**
             * @description ID of who saved it.
             * @example 01890a5d-ac96-774b-bcce-b302099a8057
             */
            updated_by: string;
        };
        ImporterShowRef: {
            /** @description Whether the import has created it, or in a plan would. */
            created: boolean;
            /** @description ID of the show; absent in a plan while the show is to be created. */
            id?: string;
            /**
             * @description What it is called.
             * @example Lighthouse Nine
             */
            title: string;
        };
        ImporterWorksheet: {
            /** @description Whether the worksheet is hidden. */
            hidden: boolean;
            /**
             * @description Name of the worksheet.
             * @example Notes
             */
            name: string;
            /**
             * Format: int64
             * @description Rows that are not empty.
             */
            rows: number;
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
            /** @description The episode that it belongs to. */
            episode_id?: string;
            /** @description Why the attempt failed, for people. Where the reason may quote what the job worked on, only the job itself tells it. */
            error?: string;
            /** @description What the job does. */
            kind: string;
            /**
             * Format: int64
             * @description How often it is tried.
             */
            max_attempts: number;
            /**
             * Format: date-time
             * @description When it is tried again.
             */
            next_run_at?: string;
            /** @description What came of a job that is completed, in a few words that everybody may read: done, or 862 rows in, 1 refused. */
            outcome?: string;
            /** @description ID of who asked for it. */
            owner_id: string;
            /** @description pending, processing, completed, failed or cancelled. */
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
            /** @description What to name in a job. */
            kind: string;
            /**
             * Format: int64
             * @description How often it is tried unless the job says otherwise.
             */
            max_attempts: number;
            /**
             * Format: int64
             * @description How many one user may have pending and processing; 429 for more. 0 is no limit.
             */
            per_owner: number;
            /** @description What it does. */
            summary: string;
            /**
             * Format: int64
             * @description Of one attempt.
             */
            timeout_seconds: number;
            /**
             * @description Name for people.
             * @example Bulk export
             */
            title: string;
        };
        JobLineView: {
            /**
             * Format: date-time
             * @description When it was logged.
             */
            at: string;
            /**
             * Format: int64
             * @description The attempt that logged it.
             */
            attempt: number;
            /** @description debug, info, warn or error. */
            level: string;
            /** @description The text. */
            line: string;
            /**
             * Format: int64
             * @description Counts the lines of the job.
             */
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
            /** @description One of GET /jobs/kinds. */
            kind: string;
            /**
             * Format: int64
             * @description How often it is tried; default: as its kind says.
             */
            max_attempts?: number;
            /**
             * Format: int64
             * @description Among the jobs of one owner: 1 comes first.
             * @default 2
             */
            priority?: number;
        };
        JobStatsView: {
            /** @description By status: those under way, and those that ended within the window. */
            counts: {
                [key: string]: number;
            };
            /** @description The kind. */
            kind: string;
            /**
             * Format: double
             * @description Median of how long completed jobs ran; null when there are none.
             */
            p50_seconds: number | null;
            /**
             * Format: double
             * @description 95th percentile of the same.
             */
            p95_seconds: number | null;
        };
        JobView: {
            /** @description As the schema of the kind says. */
            args: unknown;
            /**
             * Format: int64
             * @description Counts from 1; 0 before the first. A retry by hand starts anew.
             */
            attempt: number;
            /**
             * Format: date-time
             * @description When it was asked for.
             */
            created_at: string;
            /** @description The episode that it belongs to. */
            episode_id: string | null;
            /** @description Why the last attempt failed. */
            error: string | null;
            /**
             * Format: date-time
             * @description When it will be done if it goes on like this; null while that is not known.
             */
            estimated_end: string | null;
            /**
             * Format: date-time
             * @description When it came to its end.
             */
            finished_at: string | null;
            /** @description ID of the job. */
            id: string;
            /** @description What it does; GET /jobs/kinds lists the kinds. */
            kind: string;
            /**
             * Format: int64
             * @description How often it is tried, 1 to 25.
             */
            max_attempts: number;
            /**
             * @description What it is at.
             * @example writing rows
             */
            message: string;
            /**
             * Format: date-time
             * @description When the next attempt is due, while it waits for one.
             */
            next_run_at: string | null;
            /** @description ID of who asked for it. */
            owner_id: string;
            /** @description Name of who asked for it. */
            owner_name: string;
            /**
             * Format: int64
             * @description 1 to 4, among the jobs of one owner; 1 comes first.
             */
            priority: number;
            /**
             * Format: int64
             * @description Items that it could not take, or about which there is something to say; GET /jobs/{id}/report lists them.
             */
            problems: number;
            /**
             * Format: double
             * @description 0 to 100.
             */
            progress: number;
            /**
             * Format: date-time
             * @description When it was queued last.
             */
            queued_at: string;
            /** @description What came of it, as its kind says; null until it is completed. A job that has failed may have one, too. */
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
            /** @description Only this action. */
            action?: string;
            /** @description Goes together with resource_type. */
            resource_id?: string;
            /** @description Only what was done to resources of this type. */
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
            /** @description Only what this user or application did. */
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
            /**
             * Format: date
             * @description Only those that air on this day or later.
             */
            air_date_from?: string;
            /**
             * Format: date
             * @description Only those that air on this day or earlier.
             */
            air_date_to?: string;
            /** @description Only those without an air date. Does not go together with air_date_from and air_date_to. */
            no_air_date?: boolean;
            /** @description Occurs in the title; case and accents make no difference. */
            q?: string;
            /**
             * Format: uuid
             * @description Only those of this show.
             */
            show_id?: string;
            /** @description Only those of any of these, in the place of one. */
            show_ids?: string[];
            /**
             * @description Only those with this status.
             * @enum {string}
             */
            status?: "draft" | "pending" | "approved" | "rejected" | "published" | "archived";
            /** @description Only those with any of these, in the place of one. */
            statuses?: ("draft" | "pending" | "approved" | "rejected" | "published" | "archived")[];
        };
        JobkindsExportArgs: {
            /** @description Which entries of the log; left out: all. */
            activity?: components["schemas"]["JobkindsActivityFilter"];
            /** @description Whether CSV begins with a byte order mark, by which Excel knows UTF-8. Default: true. */
            bom?: boolean;
            /** @description Which episodes; left out: all. */
            episodes?: components["schemas"]["JobkindsEpisodeFilter"];
            /**
             * @description Default: csv.
             * @enum {string}
             */
            format?: "csv" | "ndjson" | "xlsx";
            /** @description Which episodes, in the place of a filter. */
            ids?: string[];
            /**
             * @description What to export.
             * @enum {string}
             */
            what: "episodes" | "activity";
        };
        JobkindsImportArgs: {
            /**
             * @description Order of day and month, where the column does not decide it.
             * @enum {string}
             */
            date_order?: "day-first" | "month-first" | "year-first";
            /** @description Say what would become of each row, and write nothing. */
            dry_run?: boolean;
            /** @description Encoding of a text file, such as windows-1252. Left out: as found in the content. */
            encoding?: string;
            /**
             * Format: uuid
             * @description A sheet that was uploaded: CSV, NDJSON or XLSX.
             */
            file_id: string;
            /** @description Take rows of a workbook that are hidden or filtered out, too. */
            hidden_rows?: boolean;
            /** @description Columns by field, by name or by position (#3), where they are not found by themselves. The first one that is not empty in a row counts; an empty list leaves the field out. */
            mapping?: {
                [key: string]: string[];
            };
            /**
             * @description Whether rows create episodes, update them, or both. Default: upsert.
             * @enum {string}
             */
            mode?: "upsert" | "create" | "update";
            /** @description Worksheet of a workbook. Left out: the first one that holds a list of episodes. */
            sheet?: string;
            /**
             * Format: uuid
             * @description The show that the episodes belong to.
             */
            show_id?: string;
            /** @description The same, by its title; it is created with its first episode when there is none. */
            show_title?: string;
        };
        JobkindsThumbnailArgs: {
            /**
             * Format: uuid
             * @description A picture (JPEG, PNG, GIF, WebP; at most 100 megapixels) or, where ffmpeg is installed, a video of an episode.
             */
            file_id: string;
        };
        LookAnswerBody: {
            /** @description The show. */
            data: components["schemas"]["ShowView"];
            /** @description Whether the caller watches it. False for an application, and while notifications are switched off. The ETag does not tell of it. */
            watching: boolean;
        };
        Message: {
            /** @description Who did it. Empty strings where nobody did, as in lists of viewers. */
            actor: components["schemas"]["UserRef"];
            /** @description A JSON object; the catalog has its schema, unless direct is true. */
            data: components["schemas"]["ActivityData"] | components["schemas"]["CanaryData"] | components["schemas"]["ConnectionsData"] | components["schemas"]["UserData"] | components["schemas"]["EpisodeData"] | components["schemas"]["FileData"] | components["schemas"]["JobData"] | components["schemas"]["ProgressData"] | components["schemas"]["NotificationData"] | components["schemas"]["StatusData"] | components["schemas"]["SavedViewData"] | components["schemas"]["ShowData"] | components["schemas"]["SignInData"] | components["schemas"]["TokenData"] | components["schemas"]["ViewerData"] | Record<string, never>;
            /** @description True on a message that an application or an admin sent by a socket call: its name and data are the sender's own, also where an event of the catalog is called so. Absent on events. */
            direct?: boolean;
            /** @description Name of the event, as in the catalog, or the caller's own. */
            event: string;
            /** @description ID of the event. Deliveries may repeat; drop an ID that was seen. */
            id: string;
            /**
             * Format: int64
             * @description Gapless position of the event. Absent on ephemeral messages.
             */
            pos?: number;
            /** @description What it happened to. Empty strings where it concerns no resource. */
            resource: components["schemas"]["MessageResource"];
            /**
             * Format: date-time
             * @description When it happened, in UTC.
             */
            timestamp: string;
        };
        MessageResource: {
            /** @description ID within the type. */
            id: string;
            /** @description Type, such as episode; empty when there is no resource. */
            type: string;
        };
        Notification: {
            /** @description Who did it: a user, an application (app-…) or system. */
            actor_id: string;
            /** @description Name of who did it. */
            actor_name: string;
            /**
             * Format: date-time
             * @description When it was archived; absent while it is in the inbox.
             */
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
            /**
             * Format: date-time
             * @description When it disappears by itself.
             */
            expires_at?: string;
            /** @description ID of the entry. */
            id: string;
            /** @description The text for people. */
            message: string;
            /**
             * Format: int64
             * @description Position of that event.
             */
            pos: number;
            /**
             * @description How much it matters.
             * @enum {string}
             */
            priority: "low" | "normal" | "high" | "urgent";
            /**
             * Format: date-time
             * @description When it was read; absent until then.
             */
            read_at?: string;
            /** @description ID of that resource. */
            resource_id: string;
            /** @description Type of the resource that it is about; empty when there is none. */
            resource_type: string;
            /**
             * @description Name of the event, the sender's own type, or digest.
             * @example episode_published
             */
            type: string;
            /** @description Whose inbox it is in. */
            user_id: string;
        };
        NotificationChangeInputBody: {
            /**
             * @description What to do with them: unread brings those back that are archived, and what is archived counts as read.
             * @enum {string}
             */
            change: "read" | "unread" | "archive" | "unarchive" | "delete";
            /** @description IDs of entries of the caller's inbox. */
            ids: string[];
        };
        NotificationChanged: {
            /**
             * Format: int64
             * @description How many of them are there, or were until they were deleted.
             */
            changed: number;
        };
        NotificationChannels: {
            /** @description An entry in the inbox. Off mutes the type: then nothing is pushed live either. */
            in_app: boolean;
            /** @description Pushed to the user's sockets. Off: only the unread count is. */
            live: boolean;
        };
        NotificationChannelsInput: {
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
             * @description Urgent ones come through in quiet hours.
             * @default normal
             * @enum {string}
             */
            priority?: "low" | "normal" | "high" | "urgent";
            /** @description ID of that resource. */
            resource_id?: string;
            /** @description Type of the resource that it is about. */
            resource_type?: string;
            /** @description The sender's own, or the name of an event. */
            type: string;
            /** @description A user ID, role:<role>, group:<name>, watchers:<type>:<id> or all; or a list of these. The sender is among the recipients only when named by ID. */
            user_id: string | string[];
        };
        NotificationCreated: {
            /** @description ID of the event that the entries follow from. */
            id: string;
        };
        NotificationData: {
            /** @description What the sender added. */
            data?: {
                [key: string]: unknown;
            };
            /**
             * Format: date-time
             * @description When the notification is no longer of interest; absent when it never is.
             */
            expires_at?: string;
            /** @description The text for people. */
            message: string;
            /** @description low, normal, high or urgent; absent means normal. */
            priority?: string;
            /** @description The sender's own type. */
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
        NotificationPreferencesInput: {
            /** @description Nothing at all, not even in the inbox. */
            mute_all: boolean;
            /** @description When nothing but urgent notifications is pushed live, except the unread count. */
            quiet_hours?: components["schemas"]["NotificationQuietHoursInput"];
            /** @description By type of notification. A type that is not named has both channels on. */
            types: {
                [key: string]: components["schemas"]["NotificationChannelsInput"];
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
        NotificationQuietHoursInput: {
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
        NotificationWatchView: {
            /** @description Whether the user watches the resource. */
            watching: boolean;
        };
        NotificationWatchedView: {
            /** @description ID of the resource. */
            resource_id: string;
            /** @description Type of the resource. */
            resource_type: string;
        };
        NotificationWhy: {
            /** @description Who did it: a user, an application (app-…) or system. */
            actor_id: string;
            /** @description Name of who did it. */
            actor_name: string;
            /**
             * Format: date-time
             * @description When it happened.
             */
            created_at: string;
            /**
             * @description Name of the event; the type of the entry where the event is no longer kept.
             * @example episode_updated
             */
            event: string;
            /** @description ID of the event. */
            event_id: string;
            /** @description Entry of the user's inbox that tells of the event; absent where there is none. */
            notification_id?: string;
            /**
             * @description Whether the inbox tells of it: passed: by an entry; joined: counted in an entry that tells of several; stopped: no; waiting: not yet; unknown: what there is now does not say.
             * @enum {string}
             */
            outcome: "passed" | "joined" | "stopped" | "waiting" | "unknown";
            /**
             * Format: int64
             * @description Position of the event; 0 while it has none.
             */
            pos: number;
            /** @description ID of that resource. */
            resource_id: string;
            /** @description What people call it; empty where the event does not say. */
            resource_name: string;
            /** @description Type of the resource that it is about; empty when there is none. */
            resource_type: string;
            /** @description In the order in which they are decided, up to the one that ended it. */
            steps: components["schemas"]["NotificationWhyStep"][];
            /** @description The same in words. */
            text: string;
            /** @description Whom the answer is about. */
            user_id: string;
            /** @description Name of that user; the ID where nobody knows one. */
            user_name: string;
        };
        NotificationWhyFacts: {
            /**
             * Format: date-time
             * @description When it was archived.
             */
            archived_at?: string;
            /**
             * Format: int64
             * @description How often it failed.
             */
            attempts?: number;
            /** @description Whom the event addresses. */
            audience?: string[];
            /**
             * Format: date-time
             * @description When the user last changed preferences.
             */
            changed_at?: string;
            /** @description How the user wants this type. */
            channels?: components["schemas"]["NotificationChannels"];
            /**
             * Format: int64
             * @description Position up to which the consumer has come.
             */
            consumer_pos?: number;
            /**
             * Format: int64
             * @description How many events the entry tells of.
             */
            count?: number;
            /** @description Why it failed last; for admins alone. */
            error?: string;
            /**
             * Format: date-time
             * @description When it disappears, or disappeared, by itself.
             */
            expires_at?: string;
            /**
             * Format: int64
             * @description Position of the oldest of them.
             */
            first_pos?: number;
            /**
             * Format: int64
             * @description Position of the newest of them.
             */
            last_pos?: number;
            /**
             * Format: int64
             * @description Entries that a user gets per hour, as it is set now; negative: no limit.
             */
            limit?: number;
            /** @description The user has muted everything. */
            mute_all?: boolean;
            /**
             * Format: date-time
             * @description When it is tried again.
             */
            next_at?: string;
            /** @description What may have been, where that is not kept: deleted, retention, preferences_changed, audience_changed, joined. */
            possible?: string[];
            /**
             * @description Its priority.
             * @enum {string}
             */
            priority?: "low" | "normal" | "high" | "urgent";
            /** @description The quiet hours of the user. */
            quiet_hours?: components["schemas"]["NotificationQuietHours"];
            /**
             * Format: date-time
             * @description When the entry was read.
             */
            read_at?: string;
            /**
             * Format: int64
             * @description Connections of the user at this moment.
             */
            sockets?: number;
            /** @description Those of them to whom the user belongs now. */
            through?: string[];
            /** @description Type of the notification. */
            type?: string;
        };
        NotificationWhyStep: {
            /**
             * @description recorded: it follows from what was written then, and has not changed; now: as things are now, and they may have been different.
             * @enum {string}
             */
            basis: "recorded" | "now";
            /** @description What it was decided by. */
            facts?: components["schemas"]["NotificationWhyFacts"];
            /**
             * @description What it came to. After stopped, waiting and unknown nothing follows.
             * @enum {string}
             */
            outcome: "passed" | "joined" | "stopped" | "waiting" | "unknown";
            /**
             * @description Why, as a word for programs.
             * @example not_watching
             */
            reason: string;
            /**
             * @description What was decided.
             * @enum {string}
             */
            step: "event" | "consumer" | "user" | "actor" | "audience" | "watch" | "mute" | "preference" | "limit" | "inbox" | "live" | "quiet_hours" | "socket";
            /**
             * @description The same in words.
             * @example The user does not watch it now.
             */
            text: string;
        };
        OutboxConsumerView: {
            /**
             * Format: int64
             * @description Events that failed alone.
             */
            dead_letters: number;
            /**
             * @description The same in words.
             * @example has taken everything
             */
            detail: string;
            /**
             * @description Why it failed last; absent while it goes on.
             * @example no such table: callboard_activity
             */
            error?: string;
            /**
             * Format: int64
             * @description In a row, at its position; 0 while it goes on.
             */
            failures: number;
            /**
             * Format: int64
             * @description Events after that.
             */
            lag_events: number;
            /**
             * Format: double
             * @description Age of the oldest of them.
             */
            lag_seconds: number;
            /**
             * @description Name of the consumer.
             * @example activity
             */
            name: string;
            /**
             * Format: int64
             * @description Position up to which it has come.
             */
            pos: number;
            /**
             * @description stalled: everything fails, and it stands still; failing: some events do; late: it is behind; off: nobody runs it here.
             * @enum {string}
             */
            status: "ready" | "late" | "failing" | "stalled" | "off";
        };
        OutboxEventsBodyBody: {
            /** @description The events that the caller may read, in the order of their positions. */
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
        OutboxHealthView: {
            /** @description In the order in which they are set up. */
            consumers: components["schemas"]["OutboxConsumerView"][];
            /** @description Events that failed alone, oldest first, at most 100. */
            dead_letters: components["schemas"]["OutboxLetterView"][];
            /**
             * Format: int64
             * @description The newest position.
             */
            last_pos: number;
            /** @description The server that answers runs the consumers. */
            leading: boolean;
            /** @description There are more of them. */
            more_dead_letters: boolean;
            /**
             * Format: int64
             * @description Events that have no position yet.
             */
            waiting: number;
            /**
             * Format: double
             * @description Age of the oldest of them.
             */
            waiting_seconds: number;
        };
        OutboxLetterView: {
            /**
             * Format: int64
             * @description How often it was tried.
             */
            attempts: number;
            /**
             * @description Who could not take it.
             * @example inbox
             */
            consumer: string;
            /**
             * @description Why it failed last; empty where it waits for another consumer's work.
             * @example the users could not be looked up
             */
            error: string;
            /**
             * @description Name of the event.
             * @example episode_updated
             */
            event: string;
            /** @description ID of the event. */
            event_id: string;
            /**
             * Format: date-time
             * @description When it is tried again.
             */
            next_at: string;
            /**
             * Format: int64
             * @description Position of the event.
             */
            pos: number;
            /** @description ID of that. */
            resource_id: string;
            /** @description Type of what it happened to; empty when it is about nothing. */
            resource_type: string;
            /**
             * Format: date-time
             * @description When it failed first.
             */
            since: string;
        };
        OutboxRetried: {
            /**
             * Format: int64
             * @description How many are tried again within a moment.
             */
            retried: number;
        };
        OutboxRetryInputBody: {
            /** @description Only those of this consumer. */
            consumer?: string;
            /**
             * Format: int64
             * @description Only that at this position.
             */
            pos?: number;
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
            /**
             * @description Name of the event.
             * @example episode_published
             */
            name: string;
            /** @description Who is notified, but never the actor. {watchers} are those of the resource. */
            notify: string[];
            /** @description Meant to happen to a resource once at most: its notifications are not counted together. Nothing enforces it. */
            once: boolean;
            /** @description JSON Schema of its data. */
            payload: {
                [key: string]: unknown;
            };
            /** @description About a user, and only for that user and admins, in the log too. */
            private: boolean;
            /**
             * @description What happened.
             * @example The status of an episode became published.
             */
            summary: string;
            /** @description Who does it watches the resource from then on. */
            watch: boolean;
        };
        PageAccountInvitation: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["AccountInvitation"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageAccountPerson: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["AccountPerson"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageAccountSession: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["AccountSession"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageAccountToken: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["AccountToken"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageAccountUser: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["AccountUser"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageActivityView: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["ActivityView"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageEpisodeView: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["EpisodeView"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageFileView: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["FileView"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageJobLineView: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["JobLineView"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageJobView: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["JobView"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageNotification: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["Notification"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageNotificationWatchedView: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["NotificationWatchedView"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PagePresenceOnlineUser: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["PresenceOnlineUser"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageRealtimeConnection: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["RealtimeConnection"][];
            /** @description Where the next page begins. */
            pagination: components["schemas"]["Pagination"];
        };
        PageShowView: {
            /** @description The items of the page, in order. */
            data: components["schemas"]["ShowView"][];
            /** @description Where the next page begins. */
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
            /** @description Name of the user. */
            name: string;
            /**
             * Format: date-time
             * @description When the user came online.
             */
            since: string;
            /** @description online, away, busy or dnd. */
            status: string;
            /** @description What the user says beside it. */
            text?: string;
            /** @description ID of the user. */
            user_id: string;
        };
        PresenceResourceViewers: {
            /** @description ID of the resource. */
            resource_id: string;
            /**
             * Format: int64
             * @description How many there are in all.
             */
            total: number;
            /** @description Those who edit it first, then those who have been there longest. */
            viewers: components["schemas"]["Viewer"][];
        };
        PresenceStats: {
            /**
             * Format: int64
             * @description Live joins, leaves and lists that were not sent because too many were waiting, since the start.
             */
            dropped: number;
            /**
             * Format: int64
             * @description Users who are online.
             */
            online: number;
            /**
             * Format: int64
             * @description Viewers that were not tracked because a limit was reached, since the start.
             */
            refused: number;
            /**
             * Format: int64
             * @description Resources that somebody looks at.
             */
            resources: number;
            /**
             * Format: int64
             * @description Looks of users from different sockets and requests; those of a user at a resource by another node count as one.
             */
            sessions: number;
            /**
             * Format: int64
             * @description Users per resource, summed up.
             */
            viewers: number;
        };
        PresenceStatusBody: {
            /**
             * @description Offline means invisible.
             * @enum {string}
             */
            status: "online" | "away" | "busy" | "dnd" | "offline";
            /** @description What to say beside it. */
            text?: string;
            /** @description Default: the caller. An application has to name a user. */
            user_id?: string;
        };
        PresenceStatusChoice: {
            /** @description online, away, busy, dnd, or offline, which means invisible. */
            status: string;
            /** @description What the user says beside it. */
            text?: string;
        };
        PresenceViewerBody: {
            /** @description The field that the user edits now, for six seconds. Left out, what the user edits stays as it is. */
            editing?: string;
            /** @description ID of the resource. */
            resource_id: string;
            /** @description Type of the resource: one of Callboard's, or your own. */
            resource_type: string;
            /** @description Default: the caller. An application has to name a user. */
            user_id?: string;
        };
        PresenceViewerList: {
            /**
             * Format: int64
             * @description How many there are in all.
             */
            total: number;
            /** @description Those who edit it first, then those who have been there longest. */
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
             * @description Names the kind of problem; stable. Others may be added.
             * @enum {string}
             */
            type: "urn:callboard:problem:malformed" | "urn:callboard:problem:unauthenticated" | "urn:callboard:problem:second_factor_required" | "urn:callboard:problem:forbidden" | "urn:callboard:problem:not_found" | "urn:callboard:problem:conflict" | "urn:callboard:problem:gone" | "urn:callboard:problem:precondition_failed" | "urn:callboard:problem:too_large" | "urn:callboard:problem:unsupported" | "urn:callboard:problem:invalid" | "urn:callboard:problem:rate_limited" | "urn:callboard:problem:unavailable" | "urn:callboard:problem:switched_off" | "urn:callboard:problem:internal" | "urn:callboard:problem:method_not_allowed";
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
            /**
             * Format: int64
             * @description The attempt that is under way.
             */
            attempt: number;
            /**
             * Format: date-time
             * @description When it will be done if it goes on like this; absent while that cannot be told.
             */
            estimated_end?: string;
            /** @description What the job does. */
            kind: string;
            /** @description What it is at. */
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
            /**
             * @description Such as wss://sockets.example; the path is that of the transport: /connection/websocket.
             * @example
             */
            url: string;
        };
        RealtimeCallBody: {
            /** @description At most 64 KB. */
            data?: {
                [key: string]: unknown;
            };
            /** @description Only for those who are connected now: no position, no catching up. */
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
            /** @description What it listens to. */
            channels: string[];
            /**
             * Format: date-time
             * @description Since when.
             */
            connected_at: string;
            /** @description ID of the connection. */
            id: string;
            /** @description Name of the user or application. */
            name: string;
            /**
             * @description Name of the node that has it.
             * @example node-1
             */
            node: string;
            /**
             * @description How it is connected.
             * @enum {string}
             */
            transport: "websocket" | "http_stream" | "sse";
            /** @description Whose it is. */
            user_id: string;
        };
        RealtimeDisconnected: {
            /** @description Whose connections are ended. */
            user_id: string;
        };
        RealtimeNodeStats: {
            /**
             * Format: int64
             * @description Channels with a listener.
             */
            channels: number;
            /**
             * Format: int64
             * @description Signed-in connections.
             */
            connections: number;
            /**
             * @description Name of the node.
             * @example node-1
             */
            name: string;
            /**
             * Format: int64
             * @description Of connections to channels.
             */
            subscriptions: number;
            /**
             * Format: int64
             * @description How long it has been running.
             */
            uptime_seconds: number;
            /**
             * Format: int64
             * @description Users with a connection.
             */
            users: number;
        };
        RealtimeSent: {
            /** @description ID of the message, as clients see it. */
            id: string;
        };
        RealtimeSocketToken: {
            /**
             * Format: date-time
             * @description When it no longer lets anybody in.
             */
            expires_at: string;
            /** @description To be sent as token in the connect command. */
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
            /** @description Each node. */
            nodes: components["schemas"]["RealtimeNodeStats"][];
            /**
             * Format: int64
             * @description Open sockets of the node that answers, signed in or not.
             */
            open: number;
            /**
             * Format: int64
             * @description Of connections to channels.
             */
            subscriptions: number;
            /**
             * Format: int64
             * @description Users per node, summed up.
             */
            users: number;
        };
        SavedViewData: {
            /** @description Path and query within the board. */
            address: string;
            /** @description Old and new value of each field that differs. */
            changes?: {
                [key: string]: components["schemas"]["Change"];
            };
            /** @description What it is called. */
            name: string;
            /**
             * Format: int64
             * @description Place among those of the team, or of its owner, from 0.
             */
            position: number;
            /** @description Everybody has it. */
            team: boolean;
        };
        SavedviewPatchInputBody: {
            /** @description Path and query within the board. */
            address?: string;
            /** @description What it is called. */
            name?: string;
            /**
             * Format: int64
             * @description Place among those of the team, or among one's own, from 0; what is beyond the last one is the last.
             */
            position?: number;
        };
        SavedviewPostInputBody: {
            /** @description A list of the board with its query: /episodes, /activity, /inbox or /jobs, such as /episodes?status=pending. */
            address: string;
            /** @description What it is called. */
            name: string;
            /** @description For everybody; else for oneself alone. */
            team?: boolean;
        };
        SavedviewView: {
            /**
             * @description Path and query within the board.
             * @example /episodes?status=pending
             */
            address: string;
            /**
             * Format: date-time
             * @description When it was saved.
             */
            created_at: string;
            /** @description A user's ID, or that of an application (app-…). */
            created_by: string;
            /** @description ID of the saved view. */
            id: string;
            /**
             * @description 1–100 characters.
             * @example Waiting for approval
             */
            name: string;
            /**
             * Format: int64
             * @description Place among those of the team, or among one's own, from 0.
             */
            position: number;
            /** @description Everybody has it, and editors and admins may change it. Else it is one's own, and nobody else sees it. */
            team: boolean;
            /**
             * Format: date-time
             * @description When it was changed last.
             */
            updated_at: string;
        };
        ShowBody: {
            /** @description What it is about. */
            description?: string;
            /** @description http or https, or the path of a file of this server. */
            thumbnail_url?: string;
            /** @description What it is called. */
            title: string;
        };
        ShowData: {
            /** @description Old and new value of each field that differs. */
            changes?: {
                [key: string]: components["schemas"]["Change"];
            };
            /** @description Title of the show. */
            title: string;
            /**
             * Format: int64
             * @description Grows by one with each change.
             */
            version: number;
        };
        ShowPatchInputBody: {
            /** @description What it is about. */
            description?: string | null;
            /** @description http or https, or the path of a file of this server. */
            thumbnail_url?: string | null;
            /** @description What it is called. */
            title?: string;
        };
        ShowView: {
            /**
             * Format: date-time
             * @description When it was created.
             */
            created_at: string;
            /** @description A user's ID, or that of an application (app-…). */
            created_by: string;
            /** @description What that user or application is called now; null where nobody knows it. */
            created_by_name: string | null;
            /** @description What it is about. */
            description: string | null;
            /** @description ID of the show. */
            id: string;
            /** @description http or https, or the path of a file of this server. */
            thumbnail_url: string | null;
            /**
             * @description What it is called.
             * @example Lighthouse Nine
             */
            title: string;
            /**
             * Format: date-time
             * @description When it was changed last.
             */
            updated_at: string;
            /**
             * Format: int64
             * @description Grows by one with each change; the ETag holds it.
             */
            version: number;
        };
        SignInData: {
            /** @description The user has signed in from this browser before. */
            known_device: boolean;
            /** @description How: password, or oidc for the OpenID Connect provider. Absent in events from before 0.2. */
            method?: string;
            /** @description What was shown beside the password: code, or recovery_code. If the sign-in failed, it was wrong. */
            second_factor?: string;
        };
        StatusData: {
            /** @description Name of the user. */
            name: string;
            /** @description online, away, busy, dnd or offline. */
            status: string;
            /** @description What the user says beside it. */
            text?: string;
            /** @description ID of the user. */
            user_id: string;
        };
        TokenData: {
            /**
             * Format: date-time
             * @description Absent when it never expires.
             */
            expires_at?: string;
            /** @description What it was named. */
            name: string;
            /** @description What it is limited to; absent when it is not limited. */
            scopes?: string[];
            /** @description It stands for an application. */
            service: boolean;
            /** @description ID of the token. */
            token_id: string;
        };
        UserData: {
            /** @description Old and new value of each field that differs. */
            changes?: {
                [key: string]: components["schemas"]["Change"];
            };
            /** @description The user cannot sign in. */
            disabled: boolean;
            /** @description Name of the user. */
            name: string;
            /** @description admin, editor or viewer. */
            role: string;
        };
        UserRef: {
            /** @description Of a user, of an application (app-…), or system. */
            id: string;
            /** @description Name of the user or application. */
            name: string;
        };
        Viewer: {
            /** @description Fields that the user edits at this moment: a hint, and no lock. Absent when there are none. */
            editing?: string[];
            /** @description Name of the user. */
            name: string;
            /**
             * Format: date-time
             * @description When the user came.
             */
            since: string;
            /** @description ID of the user. */
            user_id: string;
        };
        ViewerData: {
            /** @description Name of the user. */
            name: string;
            /** @description ID of the user. */
            user_id: string;
        };
    };
    responses: {
        /** @description The request cannot be read */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:malformed",
                 *       "title": "Bad Request",
                 *       "status": 400,
                 *       "detail": "The request cannot be read",
                 *       "error": "The request cannot be read"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It clashes with what is there */
        Conflict: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:conflict",
                 *       "title": "Conflict",
                 *       "status": 409,
                 *       "detail": "It clashes with what is there",
                 *       "error": "It clashes with what is there"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The caller may not do this */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:forbidden",
                 *       "title": "Forbidden",
                 *       "status": 403,
                 *       "detail": "The caller may not do this",
                 *       "error": "The caller may not do this"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It was there, and is no longer kept */
        Gone: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:gone",
                 *       "title": "Gone",
                 *       "status": 410,
                 *       "detail": "It was there, and is no longer kept",
                 *       "error": "It was there, and is no longer kept"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is no such thing, or the caller may not know of it */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:not_found",
                 *       "title": "Not Found",
                 *       "status": 404,
                 *       "detail": "There is no such thing, or the caller may not know of it",
                 *       "error": "There is no such thing, or the caller may not know of it"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It was changed since it was read */
        PreconditionFailed: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:precondition_failed",
                 *       "title": "Precondition Failed",
                 *       "status": 412,
                 *       "detail": "It was changed since it was read",
                 *       "error": "It was changed since it was read"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Any other problem */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:internal",
                 *       "title": "Internal Server Error",
                 *       "status": 500,
                 *       "detail": "something went wrong on the server",
                 *       "error": "something went wrong on the server"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is too large */
        RequestEntityTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:too_large",
                 *       "title": "Request Entity Too Large",
                 *       "status": 413,
                 *       "detail": "The body is too large",
                 *       "error": "The body is too large"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A part is full, away or switched off; try again later */
        ServiceUnavailable: {
            headers: {
                /** @description Seconds to wait before the next attempt. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:unavailable",
                 *       "title": "Service Unavailable",
                 *       "status": 503,
                 *       "detail": "A part is full, away or switched off; try again later",
                 *       "error": "A part is full, away or switched off; try again later"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too much at a time; try again later */
        TooManyRequests: {
            headers: {
                /** @description Seconds to wait before the next attempt. */
                "Retry-After"?: number;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:rate_limited",
                 *       "title": "Too Many Requests",
                 *       "status": 429,
                 *       "detail": "Too much at a time; try again later",
                 *       "error": "Too much at a time; try again later"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nobody is signed in, or the credential does not hold */
        Unauthorized: {
            headers: {
                /** @description How to authenticate: Bearer. */
                "WWW-Authenticate"?: string;
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:unauthenticated",
                 *       "title": "Unauthorized",
                 *       "status": 401,
                 *       "detail": "Nobody is signed in, or the credential does not hold",
                 *       "error": "Nobody is signed in, or the credential does not hold"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The input can be read, and breaks a rule */
        UnprocessableEntity: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:invalid",
                 *       "title": "Unprocessable Entity",
                 *       "status": 422,
                 *       "detail": "The input can be read, and breaks a rule",
                 *       "error": "The input can be read, and breaks a rule",
                 *       "errors": [
                 *         {
                 *           "field": "title",
                 *           "location": "body.title",
                 *           "message": "must have at least 1 characters"
                 *         }
                 *       ]
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not of a media type that is understood */
        UnsupportedMediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                /**
                 * @example {
                 *       "type": "urn:callboard:problem:unsupported",
                 *       "title": "Unsupported Media Type",
                 *       "status": 415,
                 *       "detail": "The body is not of a media type that is understood",
                 *       "error": "The body is not of a media type that is understood"
                 *     }
                 */
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
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
                /**
                 * @example {
                 *       "action": "reviewed_cut",
                 *       "resource_type": "cut",
                 *       "resource_id": "v3",
                 *       "resource_name": "Cut 3",
                 *       "metadata": {
                 *         "minutes": 42
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ActivityEntryBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17"
                     *       },
                     *       "message": "Activity logged successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataActivityLogged"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "entries": [
                 *         {
                 *           "action": "reviewed_cut",
                 *           "resource_type": "cut",
                 *           "resource_id": "v3"
                 *         },
                 *         {
                 *           "action": "approved_cut",
                 *           "resource_type": "cut",
                 *           "resource_id": "v3"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["ActivityBulkInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "ids": [
                     *           "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94",
                     *           "0198f4c3-0c56-7f10-9b3d-2c8e4a6d1f05"
                     *         ]
                     *       },
                     *       "message": "Activities logged successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataActivityBulkLogged"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "activity-bundle": {
        parameters: {
            query?: {
                /** @description Only what this user or application did. */
                user_id?: string;
                /** @description Only this action. */
                action?: string;
                /** @description Only what was done to resources of this type. */
                resource_type?: string;
                /** @description Only what Callboard did itself, or only what applications logged. */
                source?: "callboard" | "application";
                /** @description RFC 3339, inclusive. */
                since?: string;
                /** @description RFC 3339, exclusive. */
                until?: string;
                /** @description With resource_type: only what was done to this resource. */
                resource_id?: string;
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
                    /**
                     * @example {"format":"callboard-activity-bundle-1","checkpoint":"callboard-activity\n1042\n…"}
                     *     {"leaf":1041,"entry":"AQ…","hashes":["…"]}
                     *     {"entries":1,"not_signed":0}
                     */
                    "application/x-ndjson": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "activity-checkpoint": {
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
                    /**
                     * @example {
                     *       "data": {
                     *         "note": "callboard-activity\n1042\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\ntime 2026-03-14T09:26:53Z\n\n— callboard-activity Az3grl…\n",
                     *         "public_key": "callboard-activity+0a1b2c3d+ATUWd4…",
                     *         "root": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                     *         "signed_at": "2026-03-14T09:26:53.589793Z",
                     *         "size": 1042
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataActivityCheckpointView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "activity-counts": {
        parameters: {
            query?: {
                /** @description What to count by. */
                by?: "hour" | "day";
                /** @description Whose hours and days: a name in the IANA time zone database. */
                time_zone?: string;
                /** @description With resource_type: only what was done to this resource. */
                resource_id?: string;
                /** @description Only what this user or application did. */
                user_id?: string;
                /** @description Only this action. */
                action?: string;
                /** @description Only what was done to resources of this type. */
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
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "by": "hour",
                     *         "by_time": [
                     *           {
                     *             "count": 1,
                     *             "start": "2026-03-14T00:00:00+01:00"
                     *           }
                     *         ],
                     *         "by_user": [
                     *           {
                     *             "count": 1,
                     *             "key": "published_episode"
                     *           }
                     *         ],
                     *         "complete": false,
                     *         "counted_since": "2026-03-14T09:26:53.589793Z",
                     *         "since": "2026-03-14T09:26:53.589793Z",
                     *         "time_zone": "Europe/Berlin",
                     *         "total": 16,
                     *         "until": "2026-03-14T09:26:53.589793Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataActivityCountsView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "export-activity": {
        parameters: {
            query?: {
                /** @description Format of the file. */
                format?: "csv" | "ndjson" | "xlsx";
                /** @description CSV begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
                /** @description Only what this user or application did. */
                user_id?: string;
                /** @description Only this action. */
                action?: string;
                /** @description Only what was done to resources of this type. */
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
                content: {
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": string;
                    "application/x-ndjson": string;
                    /**
                     * @example pos,created_at,user_name,action
                     *     1042,2026-03-14T09:26:53Z,Ada Quill,published_episode
                     */
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "activity-feed": {
        parameters: {
            query?: {
                /** @description Only what this user or application did. */
                user_id?: string;
                /** @description Only this action. */
                action?: string;
                /** @description Only what was done to resources of this type. */
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "action": "published_episode",
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "metadata": {
                     *             "changes": {
                     *               "status": {
                     *                 "new": "published",
                     *                 "old": "draft"
                     *               }
                     *             }
                     *           },
                     *           "pos": 1042,
                     *           "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "resource_name": "Dead Reckoning",
                     *           "resource_type": "episode",
                     *           "source": "callboard",
                     *           "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *           "user_name": "Ada Quill"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageActivityView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "activity-proof": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Position of the entry.
                 * @example 1042
                 */
                pos: number;
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
                    /**
                     * @example {
                     *       "data": {
                     *         "checkpoint": "callboard-activity\n1042\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\ntime 2026-03-14T09:26:53Z\n\n— callboard-activity Az3grl…\n",
                     *         "entry": "AQAAAAAAAAQS",
                     *         "hashes": [
                     *           "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
                     *         ],
                     *         "leaf": 1,
                     *         "leaf_hash": "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
                     *         "tree_size": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataActivityProofView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description Type of the resource.
                 * @example episode
                 */
                type: string;
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "action": "published_episode",
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "metadata": {
                     *             "changes": {
                     *               "status": {
                     *                 "new": "published",
                     *                 "old": "draft"
                     *               }
                     *             }
                     *           },
                     *           "pos": 1042,
                     *           "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "resource_name": "Dead Reckoning",
                     *           "resource_type": "episode",
                     *           "source": "callboard",
                     *           "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *           "user_name": "Ada Quill"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageActivityView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "search-activity": {
        parameters: {
            query: {
                /**
                 * @description Words, or their beginnings.
                 * @example dead
                 */
                q: string;
                /** @description With resource_type: only what was done to this resource. */
                resource_id?: string;
                /** @description Only what this user or application did. */
                user_id?: string;
                /** @description Only this action. */
                action?: string;
                /** @description Only what was done to resources of this type. */
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "action": "published_episode",
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "metadata": {
                     *             "changes": {
                     *               "status": {
                     *                 "new": "published",
                     *                 "old": "draft"
                     *               }
                     *             }
                     *           },
                     *           "pos": 1042,
                     *           "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "resource_name": "Dead Reckoning",
                     *           "resource_type": "episode",
                     *           "source": "callboard",
                     *           "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *           "user_name": "Ada Quill"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageActivityView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": {
                     *         "by_action": [
                     *           {
                     *             "count": 1,
                     *             "key": "published_episode"
                     *           }
                     *         ],
                     *         "by_day": [
                     *           {
                     *             "count": 1,
                     *             "key": "published_episode"
                     *           }
                     *         ],
                     *         "by_source": [
                     *           {
                     *             "count": 1,
                     *             "key": "published_episode"
                     *           }
                     *         ],
                     *         "by_user": [
                     *           {
                     *             "count": 1,
                     *             "key": "published_episode"
                     *           }
                     *         ],
                     *         "days": 7,
                     *         "total": 16
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataActivityStatsView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description A user's ID, that of an application (app-…), or "system".
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "action": "published_episode",
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "metadata": {
                     *             "changes": {
                     *               "status": {
                     *                 "new": "published",
                     *                 "old": "draft"
                     *               }
                     *             }
                     *           },
                     *           "pos": 1042,
                     *           "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "resource_name": "Dead Reckoning",
                     *           "resource_type": "episode",
                     *           "source": "callboard",
                     *           "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *           "user_name": "Ada Quill"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageActivityView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "show-invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "f4Jb1tK0nQx8-example"
                 *     }
                 */
                "application/json": components["schemas"]["AccountInvitedInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "email": "mira@example.org",
                     *         "expires_at": "2026-03-14T09:26:53.589793Z",
                     *         "invited_by": "Ada Quill",
                     *         "name": "Mira Sand",
                     *         "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *       },
                     *       "message": "Invitation found"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountInvitation"];
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "accept-invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "token": "f4Jb1tK0nQx8-example",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["AccountAcceptInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The session of a browser, or its end. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "disabled": false,
                     *         "email": "ada@example.org",
                     *         "has_password": false,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "Ada Quill",
                     *         "role": "editor",
                     *         "second_factor": false,
                     *         "time_zone": "Europe/Berlin",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z"
                     *       },
                     *       "message": "Invitation accepted successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "email": "ada@example.org",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["AccountLoginInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description The session of a browser, or its end. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "disabled": false,
                     *         "email": "ada@example.org",
                     *         "has_password": false,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "Ada Quill",
                     *         "role": "editor",
                     *         "second_factor": false,
                     *         "time_zone": "Europe/Berlin",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z"
                     *       },
                     *       "message": "Signed in successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    /** @description The session of a browser, or its end. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "disabled": false,
                     *         "email": "ada@example.org",
                     *         "external": false,
                     *         "has_password": false,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "Ada Quill",
                     *         "role": "editor",
                     *         "second_factor": false,
                     *         "service": false,
                     *         "time_zone": "Europe/Berlin",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountMe"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "name": "Ada Quill",
                 *       "time_zone": "Europe/Berlin"
                 *     }
                 */
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
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "disabled": false,
                     *         "email": "ada@example.org",
                     *         "has_password": false,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "Ada Quill",
                     *         "role": "editor",
                     *         "second_factor": false,
                     *         "time_zone": "Europe/Berlin",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z"
                     *       },
                     *       "message": "Profile updated successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "get-settings": {
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
                    /**
                     * @example {
                     *       "data": {
                     *         "status": "published",
                     *         "title": "Dead Reckoning",
                     *         "version": 2
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountSettings"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "update-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "settings": {
                 *         "theme": "dark",
                 *         "hints": null
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["AccountSettingsInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "status": "published",
                     *         "title": "Dead Reckoning",
                     *         "version": 2
                     *       },
                     *       "message": "Settings updated successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountSettings"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "sign-in-methods": {
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
                    /**
                     * @example {
                     *       "data": {
                     *         "password": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountSignInMethods"];
                };
            };
            400: components["responses"]["BadRequest"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "finish-oidc": {
        parameters: {
            query?: {
                /** @description As the provider was given it. */
                state?: string;
                /** @description Of the provider. */
                code?: string;
                /** @description Who the provider says that it is (RFC 9207). */
                iss?: string;
                /** @description Why the provider lets nobody in. */
                error?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See Other */
            303: {
                headers: {
                    Location?: string;
                    "Referrer-Policy"?: string;
                    /** @description The session of a browser, or its end. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "start-oidc": {
        parameters: {
            query?: {
                /** @description Where to go on afterwards: a path of the board, such as /episodes?q=fog, without PATH_PREFIX. Default: /. */
                return_to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description See Other */
            303: {
                headers: {
                    Location?: string;
                    "Referrer-Policy"?: string;
                    /** @description The session of a browser, or its end. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "current_password": "correct horse battery",
                 *       "new_password": "staple correct horse"
                 *     }
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "get-second-factor": {
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
                    /**
                     * @example {
                     *       "data": {
                     *         "enabled": false,
                     *         "recovery_codes": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountSecondFactor"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "begin-second-factor": {
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
                /**
                 * @example {
                 *       "current_password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["AccountBeginFactorInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
                     *         "uri": "otpauth://totp/Callboard:ada@example.org?algorithm=SHA1&digits=6&issuer=Callboard&period=30&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
                     *       },
                     *       "message": "Second factor begun successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountEnrolment"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "confirm-second-factor": {
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
                /**
                 * @example {
                 *       "code": "492039"
                 *     }
                 */
                "application/json": components["schemas"]["AccountConfirmFactorInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "recovery_codes": [
                     *           "7KQM-T2XN-9HJ4-RWEC"
                     *         ]
                     *       },
                     *       "message": "Second factor turned on successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountRecoveryCodes"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "disable-second-factor": {
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
                /**
                 * @example {
                 *       "current_password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["AccountProofInputBody"];
            };
        };
        responses: {
            /** @description No Content */
            204: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "create-recovery-codes": {
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
                /**
                 * @example {
                 *       "current_password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["AccountProofInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "recovery_codes": [
                     *           "7KQM-T2XN-9HJ4-RWEC"
                     *         ]
                     *       },
                     *       "message": "Recovery codes created successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountRecoveryCodes"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "current": false,
                     *           "expires_at": "2026-03-14T09:26:53.589793Z",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "ip": "192.0.2.17",
                     *           "last_used_at": "2026-03-14T09:26:53.589793Z",
                     *           "user_agent": "Mozilla/5.0"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageAccountSession"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "end-sessions": {
        parameters: {
            query?: {
                /** @description Not the one that this request came with. */
                others?: boolean;
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
                    /** @description The session of a browser, or its end. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "end-session": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "token": "f4Jb1tK0nQx8-example",
                 *       "email": "ada@example.org",
                 *       "name": "Ada Quill",
                 *       "password": "correct horse battery"
                 *     }
                 */
                "application/json": components["schemas"]["AccountSetupInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description The session of a browser, or its end. */
                    "Set-Cookie"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "disabled": false,
                     *         "email": "ada@example.org",
                     *         "has_password": false,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "Ada Quill",
                     *         "role": "editor",
                     *         "second_factor": false,
                     *         "time_zone": "Europe/Berlin",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z"
                     *       },
                     *       "message": "Setup completed successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            400: components["responses"]["BadRequest"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "name": "nightly export",
                     *           "scopes": [
                     *             "episodes:read"
                     *           ],
                     *           "service": false,
                     *           "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageAccountToken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "name": "nightly export",
                 *       "expires_at": "2099-01-01T00:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["AccountCreateTokenInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "nightly export",
                     *         "scopes": [
                     *           "episodes:read"
                     *         ],
                     *         "service": false,
                     *         "token": "cb_example-of-a-token",
                     *         "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *       },
                     *       "message": "Token created successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountCreatedToken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "revoke-token": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-episodes": {
        parameters: {
            query?: {
                /** @description Only those with this status; repeated, with any of these. */
                status?: ("draft" | "pending" | "approved" | "rejected" | "published" | "archived")[];
                /** @description Only those of this show; repeated, of any of these. */
                show_id?: string[];
                /** @description Occurs in the title; case and accents make no difference. */
                q?: string;
                /** @description Only those that air on this day or later. */
                air_date_from?: string;
                /** @description Only those that air on this day or earlier. */
                air_date_to?: string;
                /** @description Only those without an air date. Does not go together with air_date_from and air_date_to. */
                no_air_date?: boolean;
                /** @description The deleted ones, instead of the living. */
                deleted?: boolean;
                /** @description Order; - is for descending. By number: season, then episode; by show: the oldest show first, then by number. */
                sort?: "created_at" | "-created_at" | "updated_at" | "-updated_at" | "title" | "-title" | "air_date" | "-air_date" | "number" | "-number" | "show" | "-show";
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "air_date": "2026-03-14",
                     *           "categories": [
                     *             "drama"
                     *           ],
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *           "created_by_name": "Ada Quill",
                     *           "description": "Six keepers, one lamp.",
                     *           "episode_number": 4,
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "season_number": 1,
                     *           "show_id": "0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62",
                     *           "status": "draft",
                     *           "thumbnail_url": null,
                     *           "title": "Dead Reckoning",
                     *           "updated_at": "2026-03-14T09:26:53.589793Z",
                     *           "version": 2
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageEpisodeView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "show_id": "0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62",
                 *       "season_number": 1,
                 *       "title": "Dead Reckoning",
                 *       "status": "draft",
                 *       "air_date": "2026-03-14",
                 *       "categories": [
                 *         "drama"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["EpisodeBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Version of what is answered, for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "air_date": "2026-03-14",
                     *         "categories": [
                     *           "drama"
                     *         ],
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "description": "Six keepers, one lamp.",
                     *         "episode_number": 4,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "season_number": 1,
                     *         "show_id": "0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62",
                     *         "status": "draft",
                     *         "thumbnail_url": null,
                     *         "title": "Dead Reckoning",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z",
                     *         "version": 2
                     *       },
                     *       "message": "Episode created successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataEpisodeView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "bulk-change-episodes": {
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
                /**
                 * @example {
                 *       "operations": [
                 *         {
                 *           "op": "update",
                 *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                 *           "version": 3,
                 *           "changes": {
                 *             "status": "approved",
                 *             "air_date": "2026-03-14"
                 *           }
                 *         },
                 *         {
                 *           "op": "delete",
                 *           "id": "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["EpisodeBulkInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "done": 1,
                     *         "refused": 1,
                     *         "results": [
                     *           {
                     *             "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *             "status": 200
                     *           }
                     *         ]
                     *       },
                     *       "message": "Operations carried out; each has its result"
                     *     }
                     */
                    "application/json": components["schemas"]["DataEpisodeBulkResults"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "episode-totals": {
        parameters: {
            query?: {
                /** @description Only those with this status; repeated, with any of these. */
                status?: ("draft" | "pending" | "approved" | "rejected" | "published" | "archived")[];
                /** @description Only those of this show; repeated, of any of these. */
                show_id?: string[];
                /** @description Occurs in the title; case and accents make no difference. */
                q?: string;
                /** @description Only those that air on this day or later. */
                air_date_from?: string;
                /** @description Only those that air on this day or earlier. */
                air_date_to?: string;
                /** @description Only those without an air date. Does not go together with air_date_from and air_date_to. */
                no_air_date?: boolean;
                /** @description The deleted ones, instead of the living. */
                deleted?: boolean;
                /** @description show: tells the totals of each show, too. */
                by?: "show";
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
                    /**
                     * @example {
                     *       "data": {
                     *         "statuses": {
                     *           "approved": 3,
                     *           "archived": 0,
                     *           "draft": 4,
                     *           "pending": 2,
                     *           "published": 7,
                     *           "rejected": 0
                     *         },
                     *         "total": 16
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataEpisodeTotals"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "get-episode": {
        parameters: {
            query?: {
                /** @description False to read it without becoming one of its viewers. */
                track?: boolean;
            };
            header?: {
                /** @description ETags that the caller has, or *. When one is current: 304, without a body. */
                "If-None-Match"?: string;
            };
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Version of what is answered, for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "air_date": "2026-03-14",
                     *         "categories": [
                     *           "drama"
                     *         ],
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "description": "Six keepers, one lamp.",
                     *         "episode_number": 4,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "season_number": 1,
                     *         "show_id": "0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62",
                     *         "status": "draft",
                     *         "thumbnail_url": null,
                     *         "title": "Dead Reckoning",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z",
                     *         "version": 2
                     *       },
                     *       "viewers": [
                     *         {
                     *           "name": "Ada Quill",
                     *           "since": "2026-03-14T09:26:53.589793Z",
                     *           "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *         }
                     *       ],
                     *       "viewers_total": 1,
                     *       "watching": false
                     *     }
                     */
                    "application/json": components["schemas"]["EpisodeLookAnswerBody"];
                };
            };
            /** @description Not changed */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Dead Reckoning",
                 *       "status": "pending"
                 *     }
                 */
                "application/json": components["schemas"]["EpisodeBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Version of what is answered, for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "air_date": "2026-03-14",
                     *         "categories": [
                     *           "drama"
                     *         ],
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "description": "Six keepers, one lamp.",
                     *         "episode_number": 4,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "season_number": 1,
                     *         "show_id": "0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62",
                     *         "status": "draft",
                     *         "thumbnail_url": null,
                     *         "title": "Dead Reckoning",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z",
                     *         "version": 2
                     *       },
                     *       "message": "Episode updated successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataEpisodeView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "published"
                 *     }
                 */
                "application/json": components["schemas"]["EpisodePatchBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Version of what is answered, for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "air_date": "2026-03-14",
                     *         "categories": [
                     *           "drama"
                     *         ],
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "description": "Six keepers, one lamp.",
                     *         "episode_number": 4,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "season_number": 1,
                     *         "show_id": "0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62",
                     *         "status": "draft",
                     *         "thumbnail_url": null,
                     *         "title": "Dead Reckoning",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z",
                     *         "version": 2
                     *       },
                     *       "message": "Episode updated successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataEpisodeView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "content_type": "image/jpeg",
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *           "created_by_name": "Ada Quill",
                     *           "episode_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "name": "still-1.jpg",
                     *           "sha256": "9f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d081",
                     *           "size": 48211,
                     *           "url": "/api/v1/files/0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17/content"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageFileView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "file": "the content of still-1.jpg"
                 *     }
                 */
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The content, with its name.
                     */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "content_type": "image/jpeg",
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "episode_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "still-1.jpg",
                     *         "sha256": "9f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d081",
                     *         "size": 48211,
                     *         "url": "/api/v1/files/0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17/content"
                     *       },
                     *       "message": "File uploaded successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataFileView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Version of what is answered, for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "air_date": "2026-03-14",
                     *         "categories": [
                     *           "drama"
                     *         ],
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "description": "Six keepers, one lamp.",
                     *         "episode_number": 4,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "season_number": 1,
                     *         "show_id": "0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62",
                     *         "status": "draft",
                     *         "thumbnail_url": null,
                     *         "title": "Dead Reckoning",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z",
                     *         "version": 2
                     *       },
                     *       "message": "Episode restored successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataEpisodeView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "watch-episode": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "unwatch-episode": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-events": {
        parameters: {
            query?: {
                /** @description The last position that was seen; 0 for the beginning. */
                after?: number;
                /** @description No events, only the newest position: where one begins who has seen none. */
                latest?: boolean;
                /** @description Events per page. */
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "actor": {
                     *             "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *             "name": "Ada Quill"
                     *           },
                     *           "data": {
                     *             "status": "published",
                     *             "title": "Dead Reckoning",
                     *             "version": 2
                     *           },
                     *           "event": "episode_published",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "resource": {
                     *             "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *             "type": "episode"
                     *           },
                     *           "timestamp": "2026-03-14T09:26:53.589793Z"
                     *         }
                     *       ],
                     *       "last_pos": 1042,
                     *       "pos": 1042
                     *     }
                     */
                    "application/json": components["schemas"]["OutboxEventsBodyBody"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            410: components["responses"]["Gone"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "event": "cut_approved",
                 *       "resource_type": "cut",
                 *       "resource_id": "v3",
                 *       "resource_name": "Cut 3",
                 *       "data": {
                 *         "title": "The Long Night"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["AppEventBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17"
                     *       },
                     *       "message": "Event appended successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAppended"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "events": [
                 *         {
                 *           "event": "cut_approved",
                 *           "resource_type": "cut",
                 *           "resource_id": "v3",
                 *           "data": {
                 *             "title": "The Long Night"
                 *           }
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["AppManyEventsBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "ids": [
                     *           "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94",
                     *           "0198f4c3-0c56-7f10-9b3d-2c8e4a6d1f05"
                     *         ]
                     *       },
                     *       "message": "Events appended successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAppendedMany"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "application": false,
                     *           "channels": [
                     *             "broadcast"
                     *           ],
                     *           "ephemeral": false,
                     *           "name": "episode_published",
                     *           "notify": [
                     *             "all"
                     *           ],
                     *           "once": false,
                     *           "payload": {
                     *             "type": "object"
                     *           },
                     *           "private": false,
                     *           "summary": "The status of an episode became published.",
                     *           "watch": false
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DataListOutboxTypeView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "events-health": {
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
                    /**
                     * @example {
                     *       "data": {
                     *         "consumers": [
                     *           {
                     *             "dead_letters": 1,
                     *             "detail": "has taken everything",
                     *             "error": "no such table: callboard_activity",
                     *             "failures": 1,
                     *             "lag_events": 1,
                     *             "lag_seconds": 1,
                     *             "name": "activity",
                     *             "pos": 1042,
                     *             "status": "ready"
                     *           }
                     *         ],
                     *         "dead_letters": [
                     *           {
                     *             "attempts": 1,
                     *             "consumer": "inbox",
                     *             "error": "the users could not be looked up",
                     *             "event": "episode_updated",
                     *             "event_id": "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94",
                     *             "next_at": "2026-03-14T09:26:53.589793Z",
                     *             "pos": 1042,
                     *             "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *             "resource_type": "episode",
                     *             "since": "2026-03-14T09:26:53.589793Z"
                     *           }
                     *         ],
                     *         "last_pos": 1042,
                     *         "leading": false,
                     *         "more_dead_letters": false,
                     *         "waiting": 1,
                     *         "waiting_seconds": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataOutboxHealthView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "retry-events": {
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
                /**
                 * @example {
                 *       "consumer": "activity"
                 *     }
                 */
                "application/json": components["schemas"]["OutboxRetryInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "retried": 1
                     *       },
                     *       "message": "Events are tried again"
                     *     }
                     */
                    "application/json": components["schemas"]["DataOutboxRetried"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "why-event": {
        parameters: {
            query?: {
                /** @description Default: the caller. An application has to name a user. */
                user?: string;
            };
            header?: never;
            path: {
                /**
                 * @description ID of the event.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": {
                     *         "actor_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "actor_name": "Ada Quill",
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "event": "episode_updated",
                     *         "event_id": "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94",
                     *         "outcome": "passed",
                     *         "pos": 1042,
                     *         "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "resource_name": "Dead Reckoning",
                     *         "resource_type": "episode",
                     *         "steps": [
                     *           {
                     *             "basis": "recorded",
                     *             "outcome": "passed",
                     *             "reason": "not_watching",
                     *             "step": "event",
                     *             "text": "The user does not watch it now."
                     *           }
                     *         ],
                     *         "text": "in the edit suite",
                     *         "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "user_name": "Ada Quill"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotificationWhy"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            410: components["responses"]["Gone"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "content_type": "image/jpeg",
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *           "created_by_name": "Ada Quill",
                     *           "episode_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "name": "still-1.jpg",
                     *           "sha256": "9f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d081",
                     *           "size": 48211,
                     *           "url": "/api/v1/files/0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17/content"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageFileView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "file": "the content of still-1.jpg"
                 *     }
                 */
                "multipart/form-data": {
                    /**
                     * Format: binary
                     * @description The content, with its name.
                     */
                    file: string;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "content_type": "image/jpeg",
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "episode_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "still-1.jpg",
                     *         "sha256": "9f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d081",
                     *         "size": 48211,
                     *         "url": "/api/v1/files/0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17/content"
                     *       },
                     *       "message": "File uploaded successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataFileView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "get-file": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": {
                     *         "content_type": "image/jpeg",
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "episode_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "still-1.jpg",
                     *         "sha256": "9f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d081",
                     *         "size": 48211,
                     *         "url": "/api/v1/files/0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17/content"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataFileView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-file": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "update-file": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "still-1.jpg"
                 *     }
                 */
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
                    /**
                     * @example {
                     *       "data": {
                     *         "content_type": "image/jpeg",
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "episode_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "still-1.jpg",
                     *         "sha256": "9f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d0819f86d081",
                     *         "size": 48211,
                     *         "url": "/api/v1/files/0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17/content"
                     *       },
                     *       "message": "File renamed successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataFileView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The content, with its own media type */
            200: {
                headers: {
                    /** @description The name of the file, and whether it may be shown. */
                    "Content-Disposition"?: string;
                    /** @description The SHA-256 of the content. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The parts that were asked for */
            206: {
                headers: {
                    /** @description The name of the file, and whether it may be shown. */
                    "Content-Disposition"?: string;
                    /** @description The SHA-256 of the content. */
                    ETag?: string;
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            /** @description The range is outside of the content */
            416: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "plan-import": {
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
                /**
                 * @example {
                 *       "file_id": "01890a5d-ac96-774b-bcce-b302099a8057",
                 *       "show_title": "The Lamp Room"
                 *     }
                 */
                "application/json": components["schemas"]["ImporterRequest"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created": 1,
                     *         "layout": {
                     *           "columns": [
                     *             {
                     *               "field": "title",
                     *               "name": "Episode Title",
                     *               "position": 1,
                     *               "samples": [
                     *                 "The Lamp Room",
                     *                 "Low Water"
                     *               ],
                     *               "why": "by name"
                     *             }
                     *           ],
                     *           "delimiter": ";",
                     *           "encoding": "UTF-8",
                     *           "format": "csv",
                     *           "header": 1,
                     *           "notes": [
                     *             "line 1 stands above the header"
                     *           ],
                     *           "sheet": "Season 1"
                     *         },
                     *         "problems": [
                     *           {
                     *             "line": 1,
                     *             "outcome": "created",
                     *             "reason": "title is missing"
                     *           }
                     *         ],
                     *         "refused": 1,
                     *         "rows": 1,
                     *         "show_count": 1,
                     *         "shows": [
                     *           {
                     *             "created": false,
                     *             "title": "Lighthouse Nine"
                     *           }
                     *         ],
                     *         "skipped": 1,
                     *         "unchanged": 1,
                     *         "updated": 1
                     *       },
                     *       "message": "Nothing was written: this is what an import would do"
                     *     }
                     */
                    "application/json": components["schemas"]["DataImporterReport"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "get-refused-rows": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example title,air_date,refused because
                     *     Pilot,soon,"air_date ""soon"" is not a date"
                     */
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-invitations": {
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "email": "mira@example.org",
                     *           "expires_at": "2026-03-14T09:26:53.589793Z",
                     *           "invited_by": "Ada Quill",
                     *           "name": "Mira Sand",
                     *           "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageAccountInvitation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-jobs": {
        parameters: {
            query?: {
                /** @description Only those with this status. */
                status?: "pending" | "processing" | "completed" | "failed" | "cancelled";
                /** @description Only those of this kind. */
                kind?: string;
                /** @description Only those of this episode. */
                episode_id?: string;
                /** @description Only those of this user; others' need the admin role. */
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "args": {
                     *             "format": "csv",
                     *             "what": "episodes"
                     *           },
                     *           "attempt": 1,
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "episode_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "error": null,
                     *           "estimated_end": null,
                     *           "finished_at": null,
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "kind": "bulk-export",
                     *           "max_attempts": 3,
                     *           "message": "writing rows",
                     *           "next_run_at": null,
                     *           "owner_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *           "owner_name": "Ada Quill",
                     *           "priority": 1,
                     *           "problems": 1,
                     *           "progress": 0,
                     *           "queued_at": "2026-03-14T09:26:53.589793Z",
                     *           "result": null,
                     *           "started_at": null,
                     *           "status": "pending"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageJobView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "kind": "bulk-export",
                 *       "args": {
                 *         "what": "episodes",
                 *         "format": "csv"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["JobQueueBody"] & {
                    /** @description As the schema of the kind says. */
                    args?: components["schemas"]["JobkindsDeleteArgs"] | components["schemas"]["JobkindsExportArgs"] | components["schemas"]["JobkindsImportArgs"] | components["schemas"]["JobkindsThumbnailArgs"] | Record<string, never>;
                };
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "args": {
                     *           "format": "csv",
                     *           "what": "episodes"
                     *         },
                     *         "attempt": 1,
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "episode_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "error": null,
                     *         "estimated_end": null,
                     *         "finished_at": null,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "kind": "bulk-export",
                     *         "max_attempts": 3,
                     *         "message": "writing rows",
                     *         "next_run_at": null,
                     *         "owner_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "owner_name": "Ada Quill",
                     *         "priority": 1,
                     *         "problems": 1,
                     *         "progress": 0,
                     *         "queued_at": "2026-03-14T09:26:53.589793Z",
                     *         "result": null,
                     *         "started_at": null,
                     *         "status": "pending"
                     *       },
                     *       "message": "Job queued successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataJobView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "args_schema": {
                     *             "type": "object"
                     *           },
                     *           "concurrency": 1,
                     *           "kind": "bulk-export",
                     *           "max_attempts": 3,
                     *           "per_owner": 1,
                     *           "summary": "Writes episodes or the log to a file.",
                     *           "timeout_seconds": 1,
                     *           "title": "Bulk export"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DataListJobKindView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "job-stats": {
        parameters: {
            query?: {
                /** @description How far back to look, in hours. */
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "counts": {
                     *             "cancelled": 0,
                     *             "completed": 12,
                     *             "failed": 0,
                     *             "pending": 0,
                     *             "processing": 1
                     *           },
                     *           "kind": "bulk-export",
                     *           "p50_seconds": 1.5,
                     *           "p95_seconds": 4.25
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DataListJobStatsView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "get-job": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": {
                     *         "args": {
                     *           "format": "csv",
                     *           "what": "episodes"
                     *         },
                     *         "attempt": 1,
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "episode_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "error": null,
                     *         "estimated_end": null,
                     *         "finished_at": null,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "kind": "bulk-export",
                     *         "max_attempts": 3,
                     *         "message": "writing rows",
                     *         "next_run_at": null,
                     *         "owner_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "owner_name": "Ada Quill",
                     *         "priority": 1,
                     *         "problems": 1,
                     *         "progress": 0,
                     *         "queued_at": "2026-03-14T09:26:53.589793Z",
                     *         "result": null,
                     *         "started_at": null,
                     *         "status": "pending"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataJobView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "args": {
                     *           "format": "csv",
                     *           "what": "episodes"
                     *         },
                     *         "attempt": 1,
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "episode_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "error": null,
                     *         "estimated_end": null,
                     *         "finished_at": null,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "kind": "bulk-export",
                     *         "max_attempts": 3,
                     *         "message": "writing rows",
                     *         "next_run_at": null,
                     *         "owner_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "owner_name": "Ada Quill",
                     *         "priority": 1,
                     *         "problems": 1,
                     *         "progress": 0,
                     *         "queued_at": "2026-03-14T09:26:53.589793Z",
                     *         "result": null,
                     *         "started_at": null,
                     *         "status": "pending"
                     *       },
                     *       "message": "Job cancelled successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataJobView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "at": "2026-03-14T09:26:53.589793Z",
                     *           "attempt": 1,
                     *           "level": "info",
                     *           "line": "42 rows written",
                     *           "seq": 1
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageJobLineView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "job-report": {
        parameters: {
            query?: {
                /** @description The file begins with a byte order mark, by which Excel knows UTF-8. */
                bom?: boolean;
            };
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example item,reason,outcome
                     *     line 698,title is missing,refused
                     */
                    "text/csv": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "args": {
                     *           "format": "csv",
                     *           "what": "episodes"
                     *         },
                     *         "attempt": 1,
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "episode_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "error": null,
                     *         "estimated_end": null,
                     *         "finished_at": null,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "kind": "bulk-export",
                     *         "max_attempts": 3,
                     *         "message": "writing rows",
                     *         "next_run_at": null,
                     *         "owner_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "owner_name": "Ada Quill",
                     *         "priority": 1,
                     *         "problems": 1,
                     *         "progress": 0,
                     *         "queued_at": "2026-03-14T09:26:53.589793Z",
                     *         "result": null,
                     *         "started_at": null,
                     *         "status": "pending"
                     *       },
                     *       "message": "Job queued again successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataJobView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "actor_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *           "actor_name": "Ada Quill",
                     *           "count": 1,
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "data": {
                     *             "status": "published",
                     *             "title": "Dead Reckoning",
                     *             "version": 2
                     *           },
                     *           "event_id": "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "message": "Ada Quill published Dead Reckoning",
                     *           "pos": 1042,
                     *           "priority": "low",
                     *           "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "resource_type": "episode",
                     *           "type": "episode_published",
                     *           "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageNotification"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "user_id": "role:editor",
                 *       "type": "cut_ready",
                 *       "message": "Cut 3 is ready",
                 *       "priority": "high",
                 *       "resource_type": "cut",
                 *       "resource_id": "v3"
                 *     }
                 */
                "application/json": components["schemas"]["NotificationCreateInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17"
                     *       },
                     *       "message": "Notification created successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotificationCreated"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "change-notifications": {
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
                /**
                 * @example {
                 *       "change": "archive",
                 *       "ids": [
                 *         "0198f4c2-51a6-7d20-8c3e-7b1f0a9d4e62"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["NotificationChangeInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "changed": 1
                     *       },
                     *       "message": "Notifications changed successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotificationChanged"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": {
                     *         "mute_all": false,
                     *         "types": {
                     *           "episode_updated": {
                     *             "in_app": true,
                     *             "live": false
                     *           }
                     *         }
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotificationPreferences"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "mute_all": false,
                 *       "types": {
                 *         "episode_updated": {
                 *           "in_app": true,
                 *           "live": false
                 *         }
                 *       },
                 *       "quiet_hours": {
                 *         "start": "22:00",
                 *         "end": "07:00",
                 *         "time_zone": "Europe/Berlin"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NotificationPreferencesInput"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "mute_all": false,
                     *         "types": {
                     *           "episode_updated": {
                     *             "in_app": true,
                     *             "live": false
                     *           }
                     *         }
                     *       },
                     *       "message": "Notification preferences updated successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotificationPreferences"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "up_to_pos": 1042
                 *     }
                 */
                "application/json": components["schemas"]["NotificationReadAllInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "marked": 3
                     *       },
                     *       "message": "All notifications marked as read"
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotificationMarked"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": {
                     *         "unread_count": 3
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotificationUnreadData"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-notification": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "actor_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "actor_name": "Ada Quill",
                     *         "count": 1,
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "data": {
                     *           "status": "published",
                     *           "title": "Dead Reckoning",
                     *           "version": 2
                     *         },
                     *         "event_id": "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "message": "Ada Quill published Dead Reckoning",
                     *         "pos": 1042,
                     *         "priority": "low",
                     *         "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "resource_type": "episode",
                     *         "type": "episode_published",
                     *         "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *       },
                     *       "message": "Notification archived"
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotification"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "actor_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "actor_name": "Ada Quill",
                     *         "count": 1,
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "data": {
                     *           "status": "published",
                     *           "title": "Dead Reckoning",
                     *           "version": 2
                     *         },
                     *         "event_id": "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "message": "Ada Quill published Dead Reckoning",
                     *         "pos": 1042,
                     *         "priority": "low",
                     *         "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "resource_type": "episode",
                     *         "type": "episode_published",
                     *         "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *       },
                     *       "message": "Notification marked as read"
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotification"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "actor_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "actor_name": "Ada Quill",
                     *         "count": 1,
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "data": {
                     *           "status": "published",
                     *           "title": "Dead Reckoning",
                     *           "version": 2
                     *         },
                     *         "event_id": "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "message": "Ada Quill published Dead Reckoning",
                     *         "pos": 1042,
                     *         "priority": "low",
                     *         "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "resource_type": "episode",
                     *         "type": "episode_published",
                     *         "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *       },
                     *       "message": "Notification moved back to the inbox"
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotification"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "actor_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "actor_name": "Ada Quill",
                     *         "count": 1,
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "data": {
                     *           "status": "published",
                     *           "title": "Dead Reckoning",
                     *           "version": 2
                     *         },
                     *         "event_id": "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "message": "Ada Quill published Dead Reckoning",
                     *         "pos": 1042,
                     *         "priority": "low",
                     *         "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "resource_type": "episode",
                     *         "type": "episode_published",
                     *         "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *       },
                     *       "message": "Notification marked as unread"
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotification"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "why-notification": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": {
                     *         "actor_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "actor_name": "Ada Quill",
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "event": "episode_updated",
                     *         "event_id": "0198f4c3-0c55-7be1-8d20-5a7e6f1b3c94",
                     *         "outcome": "passed",
                     *         "pos": 1042,
                     *         "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "resource_name": "Dead Reckoning",
                     *         "resource_type": "episode",
                     *         "steps": [
                     *           {
                     *             "basis": "recorded",
                     *             "outcome": "passed",
                     *             "reason": "not_watching",
                     *             "step": "event",
                     *             "text": "The user does not watch it now."
                     *           }
                     *         ],
                     *         "text": "in the edit suite",
                     *         "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "user_name": "Ada Quill"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotificationWhy"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-people": {
        parameters: {
            query?: {
                /** @description Occurs in the name; case and accents make no difference. A page may be short then; go on while there is a next_cursor. */
                q?: string;
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "name": "Ada Quill",
                     *           "role": "editor"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageAccountPerson"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "name": "Ada Quill",
                     *           "since": "2026-03-14T09:26:53.589793Z",
                     *           "status": "online",
                     *           "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PagePresenceOnlineUser"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-viewers-of-many": {
        parameters: {
            query: {
                /**
                 * @description IDs of the resources, each as a parameter of its own.
                 * @example [
                 *       "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17"
                 *     ]
                 */
                id: string[];
            };
            header?: never;
            path: {
                /**
                 * @description Type of the resources.
                 * @example episode
                 */
                type: string;
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "total": 16,
                     *           "viewers": [
                     *             {
                     *               "name": "Ada Quill",
                     *               "since": "2026-03-14T09:26:53.589793Z",
                     *               "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DataListPresenceResourceViewers"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description Type of the resource.
                 * @example episode
                 */
                type: string;
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": {
                     *         "total": 16,
                     *         "viewers": [
                     *           {
                     *             "name": "Ada Quill",
                     *             "since": "2026-03-14T09:26:53.589793Z",
                     *             "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *           }
                     *         ]
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataPresenceViewerList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": {
                     *         "dropped": 1,
                     *         "online": 1,
                     *         "refused": 1,
                     *         "resources": 1,
                     *         "sessions": 1,
                     *         "viewers": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataPresenceStats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": {
                     *         "status": "online"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataPresenceStatusChoice"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "status": "busy",
                 *       "text": "in the edit suite"
                 *     }
                 */
                "application/json": components["schemas"]["PresenceStatusBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "status": "online"
                     *       },
                     *       "message": "Status updated successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataPresenceStatusChoice"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "resource_type": "cut",
                 *       "resource_id": "v3"
                 *     }
                 */
                "application/json": components["schemas"]["PresenceViewerBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "total": 16,
                     *         "viewers": [
                     *           {
                     *             "name": "Ada Quill",
                     *             "since": "2026-03-14T09:26:53.589793Z",
                     *             "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *           }
                     *         ]
                     *       },
                     *       "message": "Viewer tracked successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataPresenceViewerList"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "remove-viewer": {
        parameters: {
            query: {
                /**
                 * @description Type of the resource.
                 * @example episode
                 */
                resource_type: string;
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                resource_id: string;
                /** @description Default: the caller. An application has to name a user. */
                user_id?: string;
                /** @description The user no longer edits this field, and stays a viewer. */
                editing?: string;
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-saved-views": {
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "address": "/episodes?status=pending",
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "name": "Waiting for approval",
                     *           "position": 1,
                     *           "team": false,
                     *           "updated_at": "2026-03-14T09:26:53.589793Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["DataListSavedviewView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "create-saved-view": {
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
                /**
                 * @example {
                 *       "name": "Waiting for approval",
                 *       "address": "/episodes?status=pending",
                 *       "team": true
                 *     }
                 */
                "application/json": components["schemas"]["SavedviewPostInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "address": "/episodes?status=pending",
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "Waiting for approval",
                     *         "position": 1,
                     *         "team": false,
                     *         "updated_at": "2026-03-14T09:26:53.589793Z"
                     *       },
                     *       "message": "View saved successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataSavedviewView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-saved-view": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "update-saved-view": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "To be approved",
                 *       "position": 0
                 *     }
                 */
                "application/json": components["schemas"]["SavedviewPatchInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "address": "/episodes?status=pending",
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "Waiting for approval",
                     *         "position": 1,
                     *         "team": false,
                     *         "updated_at": "2026-03-14T09:26:53.589793Z"
                     *       },
                     *       "message": "View updated successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataSavedviewView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *           "created_by_name": "Ada Quill",
                     *           "description": "Six keepers, one lamp.",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "thumbnail_url": null,
                     *           "title": "Lighthouse Nine",
                     *           "updated_at": "2026-03-14T09:26:53.589793Z",
                     *           "version": 2
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageShowView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "title": "Lighthouse Nine",
                 *       "description": "Six keepers, one lamp."
                 *     }
                 */
                "application/json": components["schemas"]["ShowBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description Version of what is answered, for If-Match and If-None-Match. */
                    ETag?: string;
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "description": "Six keepers, one lamp.",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "thumbnail_url": null,
                     *         "title": "Lighthouse Nine",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z",
                     *         "version": 2
                     *       },
                     *       "message": "Show created successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataShowView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Version of what is answered, for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "description": "Six keepers, one lamp.",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "thumbnail_url": null,
                     *         "title": "Lighthouse Nine",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z",
                     *         "version": 2
                     *       },
                     *       "watching": false
                     *     }
                     */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Lighthouse Nine",
                 *       "description": "Six keepers, one lamp."
                 *     }
                 */
                "application/json": components["schemas"]["ShowBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Version of what is answered, for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "description": "Six keepers, one lamp.",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "thumbnail_url": null,
                     *         "title": "Lighthouse Nine",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z",
                     *         "version": 2
                     *       },
                     *       "message": "Show updated successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataShowView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "title": "Lighthouse Ten"
                 *     }
                 */
                "application/json": components["schemas"]["ShowPatchInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    /** @description Version of what is answered, for If-Match and If-None-Match. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "created_by": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b",
                     *         "created_by_name": "Ada Quill",
                     *         "description": "Six keepers, one lamp.",
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "thumbnail_url": null,
                     *         "title": "Lighthouse Nine",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z",
                     *         "version": 2
                     *       },
                     *       "message": "Show updated successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataShowView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            412: components["responses"]["PreconditionFailed"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "get-import-mapping": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": {
                     *         "mapping": {},
                     *         "updated_at": "2026-03-14T09:26:53.589793Z",
                     *         "updated_by": "01890a5d-ac96-774b-bcce-b302099a8057"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataImporterSavedMapping"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "put-import-mapping": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "mapping": {
                 *         "title": [
                 *           "Episode"
                 *         ],
                 *         "air_date": [
                 *           "TX Date"
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["ImporterMappingInputBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "mapping": {},
                     *         "updated_at": "2026-03-14T09:26:53.589793Z",
                     *         "updated_by": "01890a5d-ac96-774b-bcce-b302099a8057"
                     *       },
                     *       "message": "Mapping saved successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataImporterSavedMapping"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-import-mapping": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "watch-show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "unwatch-show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": {
                     *         "port": 0,
                     *         "url": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataRealtimeAddress"];
                };
            };
            400: components["responses"]["BadRequest"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "event": "screening_started",
                 *       "data": {
                 *         "room": "A"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["RealtimeCallBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17"
                     *       },
                     *       "message": "Message sent to every client"
                     *     }
                     */
                    "application/json": components["schemas"]["DataRealtimeSent"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "channels": [
                     *             "broadcast"
                     *           ],
                     *           "connected_at": "2026-03-14T09:26:53.589793Z",
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "name": "Ada Quill",
                     *           "node": "node-1",
                     *           "transport": "websocket",
                     *           "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageRealtimeConnection"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the user: the UUID of an account, or one of an application's own.
                 * @example 0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b
                 */
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *       },
                     *       "message": "Connections ended successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataRealtimeDisconnected"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description Name of the room.
                 * @example writers
                 */
                room: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "event": "typing",
                 *       "data": {
                 *         "name": "Ada"
                 *       },
                 *       "ephemeral": true
                 *     }
                 */
                "application/json": components["schemas"]["RealtimeCallBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17"
                     *       },
                     *       "message": "Message sent to the room"
                     *     }
                     */
                    "application/json": components["schemas"]["DataRealtimeSent"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @description ID of the user: the UUID of an account, or one of an application's own.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "event": "cut_ready",
                 *       "data": {
                 *         "cut": "v3"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["RealtimeCallBody"];
            };
        };
        responses: {
            /** @description Accepted */
            202: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17"
                     *       },
                     *       "message": "Message sent to the user"
                     *     }
                     */
                    "application/json": components["schemas"]["DataRealtimeSent"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": {
                     *         "channels": 1,
                     *         "connections": 1,
                     *         "nodes": [
                     *           {
                     *             "channels": 1,
                     *             "connections": 1,
                     *             "name": "node-1",
                     *             "subscriptions": 1,
                     *             "uptime_seconds": 1,
                     *             "users": 1
                     *           }
                     *         ],
                     *         "open": 1,
                     *         "subscriptions": 1,
                     *         "users": 1
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataRealtimeStats"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": {
                     *         "expires_at": "2026-03-14T09:26:53.589793Z",
                     *         "token": "cb_example-of-a-token"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataRealtimeSocketToken"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "created_at": "2026-03-14T09:26:53.589793Z",
                     *           "disabled": false,
                     *           "email": "ada@example.org",
                     *           "has_password": false,
                     *           "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "name": "Ada Quill",
                     *           "role": "editor",
                     *           "second_factor": false,
                     *           "time_zone": "Europe/Berlin",
                     *           "updated_at": "2026-03-14T09:26:53.589793Z"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageAccountUser"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
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
                /**
                 * @example {
                 *       "email": "mira@example.org",
                 *       "name": "Mira Sand",
                 *       "role": "editor",
                 *       "password": "correct horse battery",
                 *       "time_zone": "Europe/Berlin"
                 *     }
                 */
                "application/json": components["schemas"]["AccountCreateUserInputBody"];
            };
        };
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "disabled": false,
                     *         "email": "ada@example.org",
                     *         "has_password": false,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "Ada Quill",
                     *         "role": "editor",
                     *         "second_factor": false,
                     *         "time_zone": "Europe/Berlin",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z"
                     *       },
                     *       "message": "User created successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "get-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "disabled": false,
                     *         "email": "ada@example.org",
                     *         "has_password": false,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "Ada Quill",
                     *         "role": "editor",
                     *         "second_factor": false,
                     *         "time_zone": "Europe/Berlin",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "disable-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "update-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "role": "editor"
                 *     }
                 */
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
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "disabled": false,
                     *         "email": "ada@example.org",
                     *         "has_password": false,
                     *         "id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *         "name": "Ada Quill",
                     *         "role": "editor",
                     *         "second_factor": false,
                     *         "time_zone": "Europe/Berlin",
                     *         "updated_at": "2026-03-14T09:26:53.589793Z"
                     *       },
                     *       "message": "User updated successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountUser"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            413: components["responses"]["RequestEntityTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "unlink-user": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "invite-user": {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters. A repeat with the same key and body within 24 hours is answered as the first one was, and is not carried out again. */
                "Idempotency-Key"?: string;
            };
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Created */
            201: {
                headers: {
                    /** @description true where the answer is that of an earlier request with the same Idempotency-Key. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "data": {
                     *         "created_at": "2026-03-14T09:26:53.589793Z",
                     *         "email": "mira@example.org",
                     *         "expires_at": "2026-03-14T09:26:53.589793Z",
                     *         "invited_by": "Ada Quill",
                     *         "name": "Mira Sand",
                     *         "token": "cb_example-of-a-token",
                     *         "user_id": "0198f4c2-3b0e-7c41-a5d8-91e2f7460c3b"
                     *       },
                     *       "message": "Invitation created successfully"
                     *     }
                     */
                    "application/json": components["schemas"]["DataAccountNewInvitation"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "revoke-invitation": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "reset-second-factor": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "list-watches": {
        parameters: {
            query?: {
                /** @description Only resources of this type: one of Callboard's, or your own. */
                type?: string;
                /** @description Default: the caller. An application has to name a user. */
                user_id?: string;
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
                    /**
                     * @example {
                     *       "data": [
                     *         {
                     *           "resource_id": "0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17",
                     *           "resource_type": "episode"
                     *         }
                     *       ],
                     *       "pagination": {
                     *         "limit": 50,
                     *         "next_cursor": ""
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PageNotificationWatchedView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "get-watch": {
        parameters: {
            query?: {
                /** @description Default: the caller. An application has to name a user. */
                user_id?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Type of the resource: one of Callboard's, or your own.
                 * @example episode
                 */
                type: string;
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
                    /**
                     * @example {
                     *       "data": {
                     *         "watching": false
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["DataNotificationWatchView"];
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "put-watch": {
        parameters: {
            query?: {
                /** @description Default: the caller. An application has to name a user. */
                user_id?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Type of the resource: one of Callboard's, or your own.
                 * @example episode
                 */
                type: string;
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    "delete-watch": {
        parameters: {
            query?: {
                /** @description Default: the caller. An application has to name a user. */
                user_id?: string;
            };
            header?: never;
            path: {
                /**
                 * @description Type of the resource: one of Callboard's, or your own.
                 * @example episode
                 */
                type: string;
                /**
                 * @description ID of the resource.
                 * @example 0198f4c2-7d10-7a3e-9c51-2f6b8d0e4a17
                 */
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
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            422: components["responses"]["UnprocessableEntity"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["Problem"];
        };
    };
    profile: {
        parameters: {
            query?: {
                /** @description How long cpu and trace watch. */
                seconds?: number;
            };
            header?: never;
            path: {
                /**
                 * @description What to look at. cpu and trace watch for a while; the others tell what is now, or has gathered since the start.
                 * @example cpu
                 */
                profile: "cpu" | "trace" | "heap" | "allocs" | "goroutine" | "block" | "mutex" | "threadcreate";
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
                    /** @example … */
                    "application/octet-stream": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            404: components["responses"]["NotFound"];
            409: components["responses"]["Conflict"];
            422: components["responses"]["UnprocessableEntity"];
            429: components["responses"]["TooManyRequests"];
            default: components["responses"]["Problem"];
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
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "installation": "0f8fad5bd9cb469fa16570867728950e",
                     *       "status": "ok"
                     *     }
                     */
                    "application/json": components["schemas"]["AppLiveness"];
                };
            };
            400: components["responses"]["BadRequest"];
            default: components["responses"]["Problem"];
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
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example callboard_http_requests_total{route="list-shows",status="200"} 42 */
                    "text/plain": string;
                };
            };
            400: components["responses"]["BadRequest"];
            401: components["responses"]["Unauthorized"];
            403: components["responses"]["Forbidden"];
            default: components["responses"]["Problem"];
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
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "parts": {
                     *         "database": {
                     *           "required": true,
                     *           "status": "ready"
                     *         }
                     *       },
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": components["schemas"]["AppReadiness"];
                };
            };
            400: components["responses"]["BadRequest"];
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "parts": {
                     *         "database": {
                     *           "required": true,
                     *           "status": "ready"
                     *         }
                     *       },
                     *       "status": "ready"
                     *     }
                     */
                    "application/json": components["schemas"]["AppReadiness"];
                };
            };
            default: components["responses"]["Problem"];
        };
    };
}
/** The data of each event of the catalog, by its name. */
export interface EventPayloads {
    activity_logged: components["schemas"]["ActivityData"];
    canary: components["schemas"]["CanaryData"];
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
    saved_view_created: components["schemas"]["SavedViewData"];
    saved_view_deleted: components["schemas"]["SavedViewData"];
    saved_view_updated: components["schemas"]["SavedViewData"];
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
