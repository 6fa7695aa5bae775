package file

import (
	"embed"

	"github.com/callboard/callboard/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the tables of files.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("file", migrations) }
