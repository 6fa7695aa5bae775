package sqldb

import "io/fs"

// EmbeddedMigrations returns the migrations of the package called name, whose files lie in the folders
// migrations/sqlite and migrations/postgres of files.
func EmbeddedMigrations(name string, files fs.FS) Migrations {
	return Migrations{Name: name, SQLite: subfolder(files, "migrations/sqlite"), Postgres: subfolder(files, "migrations/postgres")}
}

func subfolder(files fs.FS, name string) fs.FS {
	sub, err := fs.Sub(files, name)
	if err != nil {
		panic(err) // only a malformed path, and the paths are constants
	}
	return sub
}
