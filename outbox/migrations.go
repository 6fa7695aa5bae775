package outbox

import (
	"embed"

	"github.com/callboard/callboard/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the tables of the log and its consumers.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("outbox", migrations) }
