package app

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/httpapi"
	"github.com/callboard/callboard/sqldb"
)

type profileInput struct {
	Profile string `path:"profile" enum:"cpu,trace,heap,allocs,goroutine,block,mutex,threadcreate" doc:"What to look at. cpu and trace watch for a while; the others tell what is now, or has gathered since the start."`
	Seconds int    `query:"seconds" minimum:"1" maximum:"30" default:"10" doc:"How long cpu and trace watch."`
}

// profileRoutes adds the profiles of the Go runtime. They are not those of net/http/pprof, which puts itself on the default multiplexer, where
// an application that has Callboard in it would show them to everybody.
func (a *App) profileRoutes(api *httpapi.API) {
	httpapi.Register(api, httpapi.Route{
		ID: "profile", Method: http.MethodGet, Path: "/debug/pprof/{profile}", Tag: "System", Access: httpapi.Admin, Lasting: true, Rate: 30,
		Summary:     "What the process spends its time and memory on",
		Description: "For go tool pprof, and trace for go tool trace. One cpu or trace at a time: 409 for another.",
		Errors:      []int{http.StatusConflict, http.StatusUnprocessableEntity},
		Document:    httpapi.Streamed("\u001f\u008b…", "application/octet-stream"),
	}, getProfile)
}

func getProfile(ctx context.Context, in *profileInput) (*huma.StreamResponse, error) {
	var content bytes.Buffer
	var err error
	switch in.Profile {
	case "cpu":
		err = watch(ctx, &content, in.Seconds, pprof.StartCPUProfile, pprof.StopCPUProfile)
	case "trace":
		err = watch(ctx, &content, in.Seconds, trace.Start, trace.Stop)
	case "heap":
		runtime.GC() // it tells what was alive at the last collection
		fallthrough
	default:
		err = pprof.Lookup(in.Profile).WriteTo(&content, 0)
	}
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		out.SetHeader("Content-Type", "application/octet-stream")
		out.SetHeader("Content-Disposition", `attachment; filename="`+in.Profile+`.pprof"`)
		_, _ = content.WriteTo(out.BodyWriter()) // fails only when the client has gone away
	}}, nil
}

// watch keeps in memory what it sees, 30 s of which are a few megabytes: written to a client that stops reading, it would stop the process.
func watch(ctx context.Context, to io.Writer, seconds int, start func(io.Writer) error, stop func()) error {
	if err := start(to); err != nil {
		return callboard.Wrap(err, callboard.CodeConflict, "somebody else is watching the process; try again in half a minute")
	}
	defer stop()
	sqldb.Wait(ctx, time.Duration(seconds)*time.Second)
	return ctx.Err()
}
