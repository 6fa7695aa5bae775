package app_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app/apptest"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/web"
)

// accessOf is who may call what. A route that is not here fails the test: nobody has thought about it.
func accessOf() map[string]httpapi.Access {
	table := map[httpapi.Access]string{
		httpapi.Public: `health ready openapi asyncapi docs docs/init.js docs/assets
			socket-address login setup sign-in-methods start-oidc finish-oidc show-invitation accept-invitation`,
		httpapi.SignedIn: `logout me update-me change-password list-tokens create-token revoke-token list-sessions end-session end-sessions
			get-second-factor begin-second-factor confirm-second-factor create-recovery-codes disable-second-factor
			list-saved-views create-saved-view update-saved-view delete-saved-view list-people list-shows get-show list-episodes episode-totals get-episode watch-episode unwatch-episode watch-show unwatch-show
			list-episode-files list-files get-file get-file-content
			log-activity bulk-log-activity activity-feed activity-by-resource activity-by-user search-activity activity-stats export-activity activity-checkpoint activity-proof activity-bundle
			list-notifications count-unread-notifications read-notification read-all-notifications archive-notification unread-notification unarchive-notification delete-notification
			get-notification-preferences put-notification-preferences why-notification why-event list-watches get-watch put-watch delete-watch
			activity-counts change-notifications get-settings update-settings
			list-online-users get-status set-status list-viewers list-viewers-of-many track-viewer remove-viewer
			list-jobs list-job-kinds job-stats get-job cancel-job job-logs job-report get-refused-rows get-import-mapping
			socket-token list-events event-catalog`,
		httpapi.Editor: `create-show replace-show update-show delete-show
			create-episode replace-episode update-episode delete-episode restore-episode bulk-change-episodes
			upload-episode-file upload-file update-file delete-file
			queue-job retry-job plan-import put-import-mapping delete-import-mapping`,
		httpapi.Admin: `list-users create-user get-user update-user disable-user unlink-user reset-second-factor list-invitations invite-user revoke-invitation
			events-health retry-events profile
			presence-stats socket-disconnect socket-stats socket-connections
			job-admin job-admin-cancel job-admin-retry job-admin-delete`,
		httpapi.AdminOrService: `metrics create-notification append-event append-events socket-broadcast socket-notify-user socket-notify-room`,
	}
	access := map[string]httpapi.Access{}
	for a, ids := range table {
		for _, id := range strings.Fields(ids) {
			access[id] = a
		}
	}
	for _, page := range web.Pages(web.Options{}) { // the same for everybody: its script asks who is there
		access["board "+page.Path] = httpapi.Public
	}
	return access
}

// mayCall is what each access means for each caller.
func mayCall(a httpapi.Access) map[string]bool {
	return map[string]bool{
		"nobody":      a == httpapi.Public,
		"viewer":      a == httpapi.Public || a == httpapi.SignedIn,
		"editor":      a == httpapi.Public || a == httpapi.SignedIn || a == httpapi.Editor,
		"admin":       true,
		"application": a == httpapi.Public || a == httpapi.SignedIn || a == httpapi.AdminOrService, // of a viewer
		"impostor":    a == httpapi.Public,
	}
}

// TestRoutesByRole calls every route as everybody: who may not gets 401 or 403, before anything else is looked at, and who
// may gets neither.
func TestRoutesByRole(t *testing.T) {
	t.Parallel()
	s := apptest.Start(t, apptest.Options{})
	callers := map[string]string{
		"nobody": "", "viewer": s.Users.Viewer.Token, "editor": s.Users.Editor.Token, "admin": s.Users.Admin.Token,
		"application": s.NewToken(s.Users.Viewer.ID, true), "impostor": "cb_" + strings.Repeat("A", 43),
	}
	want := accessOf()
	got := map[string]httpapi.Access{}
	for _, route := range s.App.Routes() {
		got[route.ID] = route.Access
		path := strings.NewReplacer("{id}", callboard.NewID(), "{type}", "episode", "{room}", "writers", "{user}", callboard.NewID(),
			"{$}", "").Replace(route.Path)
		for caller, token := range callers {
			r := s.Do(route.Method, path, token, bodyFor(route.Method))
			refused := r.Status == http.StatusUnauthorized || r.Status == http.StatusForbidden
			if refused == mayCall(want[route.ID])[caller] && !refusedByService(route.ID, caller, r) {
				t.Errorf("%s %s as %s: answer %d %.200s", route.Method, route.Path, caller, r.Status, r.Body)
			}
			if unauthenticated := caller == "nobody" || caller == "impostor"; refused && unauthenticated != (r.Status == http.StatusUnauthorized) {
				t.Errorf("%s %s as %s: answer %d", route.Method, route.Path, caller, r.Status)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes and the access to them (-table +server):\n%s", diff)
	}
}

// bodyFor gives methods that take a body one that no route accepts.
func bodyFor(method string) any {
	if method == http.MethodGet || method == http.MethodDelete {
		return nil
	}
	return map[string]any{}
}

// refusedByService reports whether the answer is a rule about this very thing, and not about the route.
func refusedByService(route, caller string, r apptest.Response) bool {
	inPerson := caller == "application" && slices.Contains([]string{"update-me", "update-settings", "get-second-factor", "create-recovery-codes", "disable-second-factor", "logout", "end-session", "end-sessions"}, route)
	return (route == "setup" || route == "login" || inPerson) && r.Problem() != ""
}
