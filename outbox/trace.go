package outbox

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/callboard/callboard"
)

// traced records a span for each event of a traced request that the consumer has taken in this step, or failed to take: below the
// request's own, on whichever node that ran.
func (c *consumer) traced(events []callboard.Event, failed []failure) {
	if c.log.cfg.Tracer == nil {
		return
	}
	for i := range events {
		e := &events[i]
		if e.Trace == "" || c.Wants != nil && !c.Wants(e) {
			continue
		}
		parent := propagation.TraceContext{}.Extract(context.Background(), propagation.MapCarrier{traceparent: e.Trace})
		_, span := c.log.cfg.Tracer.Start(parent, c.Name+" "+e.Name, trace.WithTimestamp(c.began), trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
			attribute.String("callboard.consumer", c.Name), attribute.String("callboard.event.id", e.ID), attribute.Int64("callboard.event.pos", e.Pos),
			attribute.Int("messaging.batch.message_count", len(events))))
		if at := slices.IndexFunc(failed, func(f failure) bool { return f.event.Pos == e.Pos }); at >= 0 {
			span.SetStatus(codes.Error, errorText(failed[at].err))
		}
		span.End()
	}
}

// traceparent is the name under which the W3C's Trace Context carries what Event.Trace holds.
const traceparent = "traceparent"
