//go:build !linux

package httpapi

import "net"

// limitUnsent leaves the system's own limit.
func limitUnsent(*net.TCPConn) {}
