package savedview

import (
	"embed"

	"github.com/callboard/callboard/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the table of saved views.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("savedview", migrations) }
