package episode

import (
	"embed"

	"github.com/callboard/callboard/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the table of episodes.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("episode", migrations) }
