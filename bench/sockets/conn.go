package sockets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// openTime is how long a server may take to let one client in.
const openTime = 20 * time.Second

// conn is one client. It never decodes a message: it looks for the mark in it.
type conn struct {
	index    int
	token    string
	protocol Protocol
	out      io.Writer
	rest     []byte // the beginning of a frame whose end has not arrived
	ready    bool
	message  func(index int, message []byte)
}

// open signs in. What arrives until then is read here, and nothing of it is lost.
func (c *conn) open(host string) (net.Conn, error) {
	nc, err := net.DialTimeout("tcp", host, openTime)
	if err != nil {
		return nil, err
	}
	_ = nc.SetDeadline(time.Now().Add(openTime))
	if err := c.signIn(nc, host); err != nil {
		_ = nc.Close()
		return nil, err
	}
	_ = nc.SetDeadline(time.Time{})
	return nc, nil
}

func (c *conn) signIn(nc net.Conn, host string) error {
	c.out = nc
	data, err := upgrade(nc, host, c.protocol.path())
	if err != nil {
		return err
	}
	if hello := c.protocol.greeting(c.token); hello != "" {
		if err := c.send(opText, hello); err != nil {
			return err
		}
	}
	buffer := make([]byte, 4096)
	for {
		if err := c.feed(data); err != nil || c.ready {
			return err
		}
		n, err := nc.Read(buffer)
		if err != nil {
			return fmt.Errorf("wait to be let in: %w", err)
		}
		data = buffer[:n]
	}
}

// feed takes what arrived.
func (c *conn) feed(data []byte) error {
	if len(c.rest) > 0 {
		data = append(c.rest, data...)
	}
	for {
		opcode, payload, rest, err := frame(data)
		if err != nil {
			return err
		}
		if len(rest) == len(data) {
			c.rest = append(c.rest[:0], rest...)
			return nil
		}
		if err := c.take(opcode, payload); err != nil {
			return err
		}
		data = rest
	}
}

func (c *conn) take(opcode byte, payload []byte) error {
	switch opcode {
	case opText:
		return c.lines(payload)
	case opPing:
		return c.send(opPong, string(payload))
	case opClose:
		return closed(payload)
	}
	return nil
}

// lines takes the messages of a frame. One that is not JSON by lines has no line feed in it.
func (c *conn) lines(payload []byte) error {
	for len(payload) > 0 {
		line, rest, _ := bytes.Cut(payload, []byte{'\n'})
		if err := c.line(line); err != nil {
			return err
		}
		payload = rest
	}
	return nil
}

func (c *conn) line(line []byte) error {
	kind, answer := c.protocol.read(c.token, line)
	switch kind {
	case push:
		c.message(c.index, line)
	case ready:
		c.ready = true
	case refused:
		return fmt.Errorf("refused: %s", line)
	}
	if answer == "" {
		return nil
	}
	return c.send(opText, answer)
}

func (c *conn) send(opcode byte, payload string) error {
	_, err := c.out.Write(appendFrame(nil, opcode, payload))
	return err
}

func closed(payload []byte) error {
	if len(payload) < 2 {
		return errors.New("closed by the server")
	}
	return fmt.Errorf("closed by the server: %d %s", binary.BigEndian.Uint16(payload), payload[2:])
}
