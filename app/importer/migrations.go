package importer

import (
	"embed"

	"github.com/callboard/callboard/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the table of saved mappings.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("importer", migrations) }
