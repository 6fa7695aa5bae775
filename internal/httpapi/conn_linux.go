package httpapi

import (
	"net"

	"golang.org/x/sys/unix"
)

// maxUnsent is how much of an answer the system keeps for a client beside what is on its way, in bytes. By itself it keeps
// megabytes for each that does not read, and has little memory left for the others when hundreds don't.
const maxUnsent = 256 << 10

// limitUnsent sets that for a connection. Where it fails, the system's own limit stays.
func limitUnsent(conn *net.TCPConn) {
	if raw, err := conn.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) {
			_ = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT, maxUnsent)
		})
	}
}
