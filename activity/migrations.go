package activity

import (
	"embed"

	"github.com/callboard/callboard/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the tables of the log.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("activity", migrations) }
