package httpapi

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/callboard/callboard"
)

// startSpan begins the span of a request, and notes in request what its events hand on. Its route is known later. The path and the query are not
// in it: they may hold what people search for.
func (c *core) startSpan(r *http.Request, request *callboard.Request) (context.Context, trace.Span) {
	parent := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	ctx, span := c.cfg.Tracer.Start(parent, r.Method, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", r.Method), attribute.String("callboard.request.id", request.ID)))
	if span.SpanContext().IsSampled() {
		carrier := propagation.MapCarrier{}
		propagation.TraceContext{}.Inject(ctx, carrier)
		request.Trace = carrier["traceparent"]
	}
	return ctx, span
}

// endSpan ends the span of the request, if it has one.
func (w *recorder) endSpan() {
	if w.span == nil {
		return
	}
	if w.route != "" {
		w.span.SetName(w.route)
		w.span.SetAttributes(attribute.String("callboard.operation", w.route))
	}
	w.span.SetAttributes(attribute.Int("http.response.status_code", w.status))
	if w.status >= http.StatusInternalServerError {
		w.span.SetStatus(codes.Error, http.StatusText(w.status))
	}
	w.span.End()
}
