package account

import (
	"embed"

	"github.com/callboard/callboard/sqldb"
)

//go:embed migrations
var migrationFiles embed.FS

// Migrations returns the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("account", migrationFiles) }
