package load

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strconv"
)

// Request returns an HTTP/1.1 request as it goes over the wire. Requests are written by hand, and once: the generator
// shares the machine with what it measures, and what it spends the server lacks.
func Request(method, host, path, token string, body []byte) []byte {
	text := fmt.Appendf(nil, "%s %s HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n", method, path, host, token)
	if body != nil {
		text = append(text, "Content-Type: application/json\r\nContent-Length: "...)
		text = strconv.AppendInt(text, int64(len(body)), 10)
		text = append(text, "\r\n"...)
	}
	text = append(text, "\r\n"...)
	return append(text, body...)
}

// Number stands in a request for a number that Numbered puts there.
const Number = "########"

// Numbered returns a Plan.Request of one request in which Number, where it occurs, is another number each time. It has
// always as many digits, so that the length of the body stays.
func Numbered(request []byte) func(buf []byte, worker, n int) []byte {
	at := bytes.Index(request, []byte(Number))
	return func(buf []byte, worker, n int) []byte {
		buf = append(buf, request...)
		if at >= 0 {
			putNumber(buf[at:at+len(Number)], worker*1_000_000+n)
		}
		return buf
	}
}

func putNumber(digits []byte, n int) {
	for i := len(digits) - 1; i >= 0; i-- {
		digits[i] = byte('0' + n%10)
		n /= 10
	}
}

// AtRandom returns a Plan.Request that takes any of the requests.
func AtRandom(requests [][]byte) func(buf []byte, worker, n int) []byte {
	return func(buf []byte, _, _ int) []byte {
		return append(buf, requests[rand.IntN(len(requests))]...)
	}
}
