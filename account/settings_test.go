package account_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/account"
)

func TestSettings(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		_, viewer := h.token(t, "viewer", false)
		_, editor := h.token(t, "editor", false)
		_, service := h.token(t, "viewer", true)
		const path = "/api/v1/auth/me/settings"
		for _, tt := range []struct {
			name, method, as, body string
			status                 int
			contains               string
		}{
			{"none", "GET", viewer, "", 200, `{"data":{}}`},
			{"the first", "PATCH", viewer, `{"settings":{"theme":"dark","pins":[{"name":"Mine","at":"/episodes"}]}}`, 200, `"theme":"dark"`},
			{"another leaves the first", "PATCH", viewer, `{"settings":{"columns":{"table":[1,2]},"theme":"light"}}`, 200, `"pins":[{"at":`},
			{"null takes away", "PATCH", viewer, `{"settings":{"pins":null,"none":null}}`, 200,
				`{"data":{"columns":{"table":[1,2]},"theme":"light"},"message":"Settings updated successfully"}`},
			{"all devices read the same", "GET", viewer, "", 200, `{"data":{"columns":{"table":[1,2]},"theme":"light"}}`},
			{"each user has its own", "GET", editor, "", 200, `{"data":{}}`},
			{"an application has none", "PATCH", service, `{"settings":{"theme":"dark"}}`, 403, ""},
			{"nobody", "GET", "", "", 401, ""},
			{"a name that is none", "PATCH", viewer, `{"settings":{"a b":1}}`, 422, `"field":"settings"`},
			{"no object", "PATCH", viewer, `{"settings":[1]}`, 422, "settings"},
			{"too much", "PATCH", viewer, `{"settings":{"big":"` + strings.Repeat("x", account.MaxSettingsSize) + `"}}`, 422, "at most 32 KB"},
			{"what was refused changed nothing", "GET", viewer, "", 200, `{"data":{"columns":{"table":[1,2]},"theme":"light"}}`},
		} {
			w := h.call(t, tt.method, path, tt.as, tt.body)
			if w.Code != tt.status || !strings.Contains(w.Body.String(), tt.contains) {
				t.Errorf("%s: %d %s, want %d with %s", tt.name, w.Code, w.Body, tt.status, tt.contains)
			}
		}
		many := account.Settings{}
		for i := range account.MaxSettings {
			many[fmt.Sprint("n", i)] = i
		}
		_, err := h.UpdateSettings(h.as(t, "viewer"), many)
		wantCode(t, "more than fit", err, callboard.CodeInvalid)
	})
}

// Of two devices that change different settings at once, none undoes what the other did.
func TestSettingsOfManyDevices(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		const devices = 8
		var all sync.WaitGroup
		for i := range devices {
			all.Go(func() {
				if _, err := h.UpdateSettings(h.as(t, "viewer"), account.Settings{fmt.Sprint("device", i): i}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if settings, err := h.Settings(h.as(t, "viewer")); err != nil || len(settings) != devices {
			t.Errorf("%v, %v; want what %d devices set", settings, err, devices)
		}
	})
}

// Users of applications have settings too, until they have not been here for a year.
func TestSettingsOfApplicationUsers(t *testing.T) {
	forEach(t, func(t *testing.T, h *house) {
		guest := callboard.WithActor(t.Context(), callboard.Actor{ID: "auth0|abc", Name: "Abc", Role: callboard.RoleViewer})
		for _, ctx := range []context.Context{guest, h.as(t, "viewer")} {
			if _, err := h.UpdateSettings(ctx, account.Settings{"theme": "dark"}); err != nil {
				t.Fatal(err)
			}
		}
		h.clock.advance(367 * 24 * time.Hour)
		if err := h.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		for ctx, want := range map[context.Context]account.Settings{guest: {}, h.as(t, "viewer"): {"theme": "dark"}} {
			settings, err := h.Settings(ctx)
			if diff := cmp.Diff(want, settings); diff != "" || err != nil {
				t.Errorf("after a year (-want +got), %v:\n%s", err, diff)
			}
		}
	})
}
