package notification

import (
	"embed"

	"github.com/callboard/callboard/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the tables of this package: notifications, watches and notification_preferences.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("notification", migrations) }
