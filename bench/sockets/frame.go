package sockets

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// Opcodes of WebSocket frames.
const (
	opText  = 1
	opClose = 8
	opPing  = 9
	opPong  = 10
)

// upgrade makes nc a WebSocket and returns what the server sent behind its answer.
func upgrade(nc net.Conn, host, path string) ([]byte, error) {
	_, err := fmt.Fprintf(nc, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: Y2FsbGJvYXJkIGJlbmNoIQ==\r\n\r\n", path, host)
	if err != nil {
		return nil, err
	}
	r := bufio.NewReader(nc)
	resp, err := http.ReadResponse(r, nil)
	if err != nil {
		return nil, fmt.Errorf("upgrade: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSwitchingProtocols {
		return nil, fmt.Errorf("upgrade: %s", resp.Status)
	}
	return r.Peek(r.Buffered())
}

// errFrame is the error of a frame of a kind that no server sends for messages as short as ours.
var errFrame = errors.New("a fragmented, compressed or masked frame")

// frame returns the first frame of data and what follows it, which is all of data if the frame is not there as a whole.
func frame(data []byte) (opcode byte, payload, rest []byte, err error) {
	if len(data) < 2 {
		return 0, nil, data, nil
	}
	if data[0]&0xf0 != 0x80 || data[1]&0x80 != 0 {
		return 0, nil, data, errFrame
	}
	head, size := 2, int(data[1])
	switch {
	case size == 126 && len(data) >= 4:
		head, size = 4, int(binary.BigEndian.Uint16(data[2:]))
	case size == 127 && len(data) >= 10:
		head, size = 10, int(binary.BigEndian.Uint64(data[2:]))
	case size > 125:
		return 0, nil, data, nil
	}
	if size < 0 || len(data)-head < size {
		return 0, nil, data, nil
	}
	return data[0] & 0xf, data[head : head+size], data[head+size:], nil
}

// appendFrame appends a client's frame of less than 64 KB. The mask is zero: it guards proxies, of which there are none.
func appendFrame(b []byte, opcode byte, payload string) []byte {
	b = append(b, 0x80|opcode)
	if len(payload) <= 125 {
		b = append(b, 0x80|byte(len(payload)))
	} else {
		b = append(b, 0x80|126)
		b = binary.BigEndian.AppendUint16(b, uint16(len(payload)))
	}
	b = append(b, 0, 0, 0, 0)
	return append(b, payload...)
}
