package load

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"time"

	"github.com/valyala/fasthttp"
)

// conn is one keep-alive connection, used by one worker.
type conn struct {
	net.Conn
	in     *bufio.Reader
	answer fasthttp.Response
	out    []byte // the request, reused
}

func dial(ctx context.Context, host string) (*conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, "tcp", host)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return &conn{Conn: c, in: bufio.NewReaderSize(c, 16<<10)}, nil
}

// roundTrip sends the request in out and waits for the answer.
func (c *conn) roundTrip() (status int, body []byte, err error) {
	if _, err := c.Write(c.out); err != nil {
		return 0, nil, fmt.Errorf("send request: %w", err)
	}
	if err := c.answer.Read(c.in); err != nil {
		return 0, nil, fmt.Errorf("read answer: %w", err)
	}
	return c.answer.StatusCode(), c.answer.Body(), nil
}

// patience is how long an answer may take beyond the time of the load.
const patience = 30 * time.Second
