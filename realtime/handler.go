package realtime

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/centrifugal/centrifuge"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
)

// Paths at which the handlers are meant to be mounted.
const (
	PathWebSocket  = "/connection/websocket"
	PathHTTPStream = "/connection/http_stream"
	PathSSE        = "/connection/sse"
	PathEmulation  = "/emulation" // what clients of HTTP streaming and SSE send
)

// Handlers returns the handlers of all transports by path. Each checks the origin, and each but the emulation endpoint
// takes one of MaxConnections. A request to that endpoint counts for the connection whose secret session ID it names.
func (s *Service) Handlers() map[string]http.Handler {
	ping := centrifuge.PingPongConfig{PingInterval: s.cfg.PingEvery, PongTimeout: 2 * s.cfg.PingEvery / 5}
	websocket := centrifuge.NewWebsocketHandler(s.node, centrifuge.WebsocketConfig{
		CheckOrigin:        func(*http.Request) bool { return true }, // guard has checked it
		MessageSizeLimit:   s.cfg.MaxMessage,
		ReadBufferSize:     1024,
		UseWriteBufferPool: true,
		WriteTimeout:       writeTime,
		PingPongConfig:     ping,
		// Most connections are idle most of the time, and this halves what such a one keeps in memory.
		ProcessCommandsOffReadLoop: true,
	})
	stream := centrifuge.NewHTTPStreamHandler(s.node, centrifuge.HTTPStreamConfig{
		MaxRequestBodySize: s.cfg.MaxMessage, PingPongConfig: ping,
	})
	sse := centrifuge.NewSSEHandler(s.node, centrifuge.SSEConfig{
		MaxRequestBodySize: s.cfg.MaxMessage, PingPongConfig: ping,
	})
	emulation := centrifuge.NewEmulationHandler(s.node, centrifuge.EmulationConfig{MaxRequestBodySize: s.cfg.MaxMessage})
	return map[string]http.Handler{
		PathWebSocket:  s.guard(s.limit(s.signIn(websocket))),
		PathHTTPStream: s.guard(s.limit(s.signIn(stream))),
		PathSSE:        s.guard(s.limit(s.signIn(sse))),
		PathEmulation:  s.guard(emulation),
	}
}

// Mount adds the handlers to mux at their paths.
func (s *Service) Mount(mux *http.ServeMux) {
	for path, h := range s.Handlers() {
		mux.Handle(path, h)
	}
}

// bodyTime is how long a client may take to send the body of a request.
const bodyTime = 10 * time.Second

// guard turns away pages of foreign origins, before anything of the request is read, and clients that take too long to
// send what they announced. Only a request that is there as a whole may take a slot and lose its deadlines.
func (s *Service) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			// Not every server can; then its own times hold.
			_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
		}
		if err := s.origins.Check(r); err != nil {
			s.refuse(w, r, callboard.Wrap(err, callboard.CodeForbidden, "pages of this origin may not connect"))
			return
		}
		if s.origins.AllowCORS(w, r) {
			return
		}
		if err := s.nodes.available(); err != nil {
			s.refuse(w, r, err)
			return
		}
		if err := s.readBody(r); err != nil {
			s.refuse(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Service) refuse(w http.ResponseWriter, r *http.Request, err error) {
	s.metrics.refused.Inc()
	httpapi.WriteProblem(w, r, err)
}

// readBody reads all of the body, which is at most one message long, and lets r read it again.
func (s *Service) readBody(r *http.Request) error {
	if r.ContentLength == 0 {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(s.cfg.MaxMessage)+1))
	if err != nil {
		return callboard.Wrap(err, callboard.CodeMalformed, "the body cannot be read, or took too long to arrive")
	}
	if len(body) > s.cfg.MaxMessage {
		return callboard.Errorf(callboard.CodeTooLarge, "the body is larger than %d bytes", s.cfg.MaxMessage)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// signIn leaves the request's credential where connecting finds it. It is verified there, for all transports alike.
func (s *Service) signIn(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// A streaming response outlives the time that ordinary requests get. Not every server can lift it; then it ends
		// there, and the client reconnects.
		control := http.NewResponseController(w)
		_ = control.SetReadDeadline(time.Time{})
		_ = control.SetWriteDeadline(time.Time{})
		ctx := r.Context()
		if credential := s.cfg.Authenticator.RequestCredential(r); credential != "" {
			// Cloned, since it is kept as long as the socket, and the headers that it is cut from need not be.
			ctx = context.WithValue(ctx, credentialKey{}, strings.Clone(credential))
		}
		if s.cfg.Authenticate != nil {
			handshake := r.Clone(ctx)
			handshake.Body = http.NoBody
			ctx = context.WithValue(ctx, handshakeKey{}, handshake)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
