package sqldb

import (
	"cmp"
	"database/sql/driver"
	"hash/fnv"
	"regexp"
	"strings"

	"github.com/callboard/callboard"
)

// Statements call the tables callboard_outbox and so on, and River calls its own river_job and so on. What takes the place of
// "callboard_" is the prefix of a database: the beginning of a name, or with a dot at its end a schema of PostgreSQL. River's tables go
// along: in a schema, which River writes itself, or under names of the prefix.
const (
	tableToken = "callboard_"
	riverToken = "river_"

	defaultSchema = "callboard."

	// The longest name behind a prefix is that of an index of River's, with 38 bytes, and the longest channel of a schema is
	// river_leadership. PostgreSQL cuts names off at 63 bytes.
	maxPrefix = 25
	maxSchema = 46
)

// naming is how the tables of one database are called.
type naming struct {
	prefix string
	river  *strings.Replacer // nil in a schema
}

var prefixPattern = regexp.MustCompile(`^[a-z_][a-z0-9_]*\.?$`)

// newNaming returns how tables are called with a prefix; empty is the default of the dialect.
func newNaming(dialect Dialect, prefix string) (naming, error) {
	byDefault := tableToken
	if dialect == Postgres {
		byDefault = defaultSchema
	}
	prefix = cmp.Or(prefix, byDefault)
	schema := strings.HasSuffix(prefix, ".")
	limit := maxPrefix
	if schema {
		limit = maxSchema + 1
	}
	refuse := func(why string) (naming, error) {
		return naming{}, callboard.Errorf(callboard.CodeInvalid, "TABLE_PREFIX %s", why)
	}
	switch {
	case !prefixPattern.MatchString(prefix):
		return refuse("must be of small letters, digits and underscores, such as acme_, or the name of a schema of PostgreSQL and a dot, such as acme.")
	case schema && dialect != Postgres:
		return refuse("must not end with a dot on SQLite, which has no schemas")
	case len(prefix) > limit:
		return refuse("is too long: at most 25 characters, or 46 and a dot")
	case strings.Contains(prefix, tableToken) && prefix != tableToken, strings.Contains(prefix, riverToken):
		return refuse("must not contain callboard_ or river_, which statements are searched for; only callboard_ itself is fine")
	}
	n := naming{prefix: prefix}
	if !schema {
		river := prefix + riverToken
		// The first pair leaves a name alone that is complete, as those of indexes are that River is told of.
		n.river = strings.NewReplacer(river, river, tableToken+riverToken, river, tableToken, prefix, riverToken, river)
	}
	return n, nil
}

// schema returns the schema of the tables, or "" when they have a prefix.
func (n naming) schema() string {
	name, _ := strings.CutSuffix(n.prefix, ".")
	if name == n.prefix {
		return ""
	}
	return name
}

// text returns a statement with the names that tables have. Doing it twice changes nothing.
func (n naming) text(query string) string {
	switch {
	case n.river != nil && strings.Contains(query, riverToken):
		return n.river.Replace(query)
	case n.prefix == tableToken:
		return query
	}
	return strings.ReplaceAll(query, tableToken, n.prefix)
}

// channels prefixes the channels of PostgreSQL that River notifies: it qualifies them by schema alone, so that what it says to one
// queue, such as to cancel job 5, would be heard by the queue of another prefix.
func (n naming) channels(query string, args []driver.NamedValue) {
	if n.river == nil || !strings.Contains(query, "pg_notify(") {
		return
	}
	for i, arg := range args {
		if channel, ok := arg.Value.(string); ok && strings.HasPrefix(channel, riverToken) {
			args[i].Value = n.prefix + channel
		}
	}
}

// lockKey returns the key of an advisory lock on PostgreSQL, which two that share a database under other prefixes do not share.
func (n naming) lockKey(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(n.prefix + "\n" + name)) // never fails
	return int64(h.Sum64())
}

// TablePrefix returns what the names of the tables begin with: "callboard_", or on PostgreSQL "callboard.", unless Config says otherwise.
func (db *DB) TablePrefix() string { return db.names.prefix }

// Schema returns the schema of PostgreSQL that the tables are in, or "" when their names have a prefix instead.
func (db *DB) Schema() string { return db.names.schema() }

// Qualify returns the text of a statement with the names that the tables have in this database. It is for statements that are run
// on connections of others, such as a transaction of an application: those of DB, of Tx and of SQL() do it themselves.
func (db *DB) Qualify(query string) string { return db.names.text(query) }

// LockKey returns the key of the advisory lock of that name. Two Callboards in one PostgreSQL database, under different prefixes, have
// different ones.
func (db *DB) LockKey(name string) int64 { return db.names.lockKey(name) }
