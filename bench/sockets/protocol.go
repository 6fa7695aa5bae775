package sockets

import (
	"bytes"
	"strconv"
)

// Protocol is what clients and server speak on a WebSocket.
type Protocol interface {
	// path is that of the endpoint, with its query.
	path() string
	// greeting is what the client sends first; "" where the server begins.
	greeting(token string) string
	// read tells what a message of the server is, and what the client has to answer, if anything.
	read(token string, message []byte) (kind kind, answer string)
}

type kind int

const (
	other   kind = iota
	ready        // the client is signed in
	refused      // the client is not let in
	push         // a message to the client
)

// Centrifuge returns the JSON protocol of Centrifuge's clients, in which the server subscribes them.
func Centrifuge() Protocol { return centrifuge{} }

type centrifuge struct{}

func (centrifuge) path() string { return "/connection/websocket" }

func (centrifuge) greeting(token string) string {
	return `{"id":1,"connect":{"token":` + strconv.Quote(token) + `,"name":"bench"}}`
}

// read takes one of the lines that a frame holds.
func (centrifuge) read(_ string, line []byte) (kind, string) {
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
}

// SocketIO returns version 4 of the protocol of Engine.IO with version 5 of that of Socket.IO in it, as its clients speak
// them on the WebSocket transport.
func SocketIO() Protocol { return socketIO{} }

type socketIO struct{}

func (socketIO) path() string { return "/socket.io/?EIO=4&transport=websocket" }

func (socketIO) greeting(string) string { return "" }

func (socketIO) read(token string, message []byte) (kind, string) {
	switch {
	case bytes.HasPrefix(message, []byte("42")):
		return push, ""
	case bytes.Equal(message, []byte("2")):
		return other, "3"
	case bytes.HasPrefix(message, []byte("0")):
		return other, `40{"token":` + strconv.Quote(token) + `}`
	case bytes.HasPrefix(message, []byte("40")):
		return ready, ""
	case bytes.HasPrefix(message, []byte("44")), bytes.HasPrefix(message, []byte("41")):
		return refused, ""
	}
	return other, ""
}
