package account

import (
	"fmt"
	"slices"
	"strings"

	"github.com/callboard/callboard"
)

// anyValue stands in a roleMap for whatever the claim holds, and for none.
const anyValue = "*"

// roleMap holds the roles that values of a claim give.
type roleMap map[string]callboard.Role

// parseRoles reads pairs such as "board-admins=admin". What is before the last = is the value, so that it may have one itself.
func parseRoles(pairs []string) (roleMap, error) {
	roles := roleMap{}
	for i, pair := range pairs {
		at := strings.LastIndexByte(pair, '=')
		if at < 1 || !callboard.Role(pair[at+1:]).Valid() {
			return nil, fmt.Errorf("pair %d of the roles must be a value of the claim, = and admin, editor or viewer", i+1)
		}
		roles[pair[:at]] = callboard.Role(pair[at+1:])
	}
	return roles, nil
}

// ValidRoles reports whether pairs can be OIDCSignIn.Roles.
func ValidRoles(pairs []string) bool {
	_, err := parseRoles(pairs)
	return err == nil
}

// GivesRole reports whether pairs, which are OIDCSignIn.Roles, give a role to anybody.
func GivesRole(pairs []string, role callboard.Role) bool {
	return slices.ContainsFunc(pairs, func(pair string) bool { return strings.HasSuffix(pair, "="+string(role)) })
}

// of returns the highest role that a claim gives, which is a text or an array of texts; "" is none.
func (m roleMap) of(claim any) callboard.Role {
	best := m[anyValue]
	values, ok := claim.([]any)
	if !ok {
		values = []any{claim}
	}
	for _, value := range values {
		text, _ := value.(string)
		if role := m[text]; text != "" && (best == "" || role.Includes(best)) && role != "" {
			best = role
		}
	}
	return best
}

// claimAt returns the claim that a path names, such as realm_access.roles, or nil. Names may have dots themselves.
func claimAt(claims map[string]any, path string) any {
	if claim := claims[path]; claim != nil {
		return claim
	}
	for i, c := range path {
		if inner, ok := claims[path[:i]].(map[string]any); ok && c == '.' {
			if claim := claimAt(inner, path[i+1:]); claim != nil {
				return claim
			}
		}
	}
	return nil
}
