//go:build unix

package app

import "golang.org/x/sys/unix"

// freeBytes returns what the server may still write on the disk of a folder.
func freeBytes(folder string) (uint64, error) {
	var s unix.Statfs_t
	err := unix.Statfs(folder, &s)
	return uint64(s.Bavail) * uint64(s.Bsize), err // the types differ between systems
}
