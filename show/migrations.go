package show

import (
	"embed"

	"github.com/callboard/callboard/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the table of shows.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("show", migrations) }
