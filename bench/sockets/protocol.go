package sockets

import (
	"bytes"
	"strconv"
)

// Protocol is what clients and server speak on a WebSocket.
type Protocol struct {
	path     string
	greeting func(token string) string // what the client sends first; nil where the server begins
	// read tells what a line of the server is, and what the client has to answer, if anything.
	read func(token string, line []byte) (kind kind, answer string)
}

type kind int

const (
	other   kind = iota
	ready        // the client is signed in
	refused      // the client is not let in
	push         // a message to the client
)

// Centrifuge returns the JSON protocol of Centrifuge's clients, in which the server subscribes them.
func Centrifuge() Protocol {
	return Protocol{
		path: "/connection/websocket",
		greeting: func(token string) string {
			return `{"id":1,"connect":{"token":` + strconv.Quote(token) + `,"name":"bench"}}`
		},
		read: func(_ string, line []byte) (kind, string) {
			switch {
			case bytes.HasPrefix(line, []byte(`{"push":`)):
				return push, ""
			case len(line) == 2: // {}, a ping, which is answered by the same
				return other, "{}"
			case bytes.HasPrefix(line, []byte(`{"id":1,"connect":`)):
				return ready, ""
			case bytes.Contains(line, []byte(`"error":`)):
				return refused, ""
			}
			return other, ""
		},
	}
}

// SocketIO returns version 4 of the protocol of Engine.IO with version 5 of that of Socket.IO in it, as its clients speak
// them on the WebSocket transport.
func SocketIO() Protocol {
	return Protocol{
		path: "/socket.io/?EIO=4&transport=websocket",
		read: func(token string, line []byte) (kind, string) {
			switch {
			case bytes.HasPrefix(line, []byte("42")):
				return push, ""
			case bytes.Equal(line, []byte("2")):
				return other, "3"
			case bytes.HasPrefix(line, []byte("0")):
				return other, `40{"token":` + strconv.Quote(token) + `}`
			case bytes.HasPrefix(line, []byte("40")):
				return ready, ""
			case bytes.HasPrefix(line, []byte("44")), bytes.HasPrefix(line, []byte("41")):
				return refused, ""
			}
			return other, ""
		},
	}
}
