package httpapi

import (
	"net"
	"testing"

	"golang.org/x/sys/unix"
)

// The system keeps little for a client that does not read.
func TestUnsentIsLimited(t *testing.T) {
	t.Parallel()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	limited := LimitConns(l, ConnLimits{})
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	conn, err := limited.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	raw, err := conn.(*progressConn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	got := 0
	if controlErr := raw.Control(func(fd uintptr) { got, err = unix.GetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_NOTSENT_LOWAT) }); controlErr != nil || err != nil {
		t.Fatal(controlErr, err)
	}
	if got != maxUnsent {
		t.Errorf("%d bytes may be unsent, want %d", got, maxUnsent)
	}
}
