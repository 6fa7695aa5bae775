package job

import (
	"embed"

	"callboard/sqldb"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the tables of jobs. Those of the queue beneath are the business of MigrateQueue.
func Migrations() sqldb.Migrations { return sqldb.EmbeddedMigrations("job", migrations) }
