package sockets

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
)

var errGap = errors.New("the history does not reach back to where the client was")

// places holds how far a client has got, by channel.
type places map[string]place

type place struct {
	epoch  string
	offset uint64
}

// greeting is what a client sends first: with its places, it asks for what came since.
func (p places) greeting(token string) string {
	var s strings.Builder
	s.WriteString(`{"id":1,"connect":{"token":` + strconv.Quote(token) + `,"name":"bench","subs":{`)
	separator := ""
	for channel, at := range p {
		fmt.Fprintf(&s, `%s%q:{"recover":true,"epoch":%q,"offset":%d}`, separator, channel, at.epoch, at.offset)
		separator = ","
	}
	s.WriteString(`}}}`)
	return s.String()
}

// follow notes how far a line of the server leads, and returns the messages of before that it brings.
func (p places) follow(line []byte) (missed [][]byte, err error) {
	if pushed := gjson.GetBytes(line, "push"); pushed.Exists() {
		if at, offset := p[pushed.Get("channel").Str], pushed.Get("pub.offset").Uint(); offset > 0 {
			at.offset = offset
			p[pushed.Get("channel").Str] = at
		}
		return nil, nil
	}
	gjson.GetBytes(line, "connect.subs").ForEach(func(channel, sub gjson.Result) bool {
		if sub.Get("was_recovering").Bool() && !sub.Get("recovered").Bool() {
			err = fmt.Errorf("%s: %w", channel.Str, errGap)
			return false
		}
		if sub.Get("recoverable").Bool() {
			p[channel.Str] = place{epoch: sub.Get("epoch").Str, offset: sub.Get("offset").Uint()}
		}
		for _, publication := range sub.Get("publications").Array() {
			missed = append(missed, []byte(publication.Raw))
		}
		return true
	})
	return missed, err
}
