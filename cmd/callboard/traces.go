package main

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/go-logr/logr"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"golang.org/x/time/rate"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/app"
)

const (
	flushTraces  = 5 * time.Second // that the collector gets for the last spans when the server stops
	complainOfIt = time.Minute     // how often the log has that the collector is away
)

// traces has the server send its traces to a collector where the environment names one, by the variables of OpenTelemetry: OTEL_* also have the
// sampler, headers and the name of the service. Nothing waits for the collector: what it does not take in time is dropped.
func traces(ctx context.Context, cfg *app.Config) (stop func(), err error) {
	const setting = "OTEL_EXPORTER_OTLP_ENDPOINT"
	endpoint := cmp.Or(os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"), os.Getenv(setting))
	if endpoint == "" || strings.EqualFold(os.Getenv("OTEL_SDK_DISABLED"), "true") || os.Getenv("OTEL_TRACES_EXPORTER") == "none" {
		return func() {}, nil
	}
	if u, err := url.Parse(endpoint); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, callboard.Errorf(callboard.CodeInvalid, "%s must be an address such as http://127.0.0.1:4318", setting)
	}
	otel.SetLogger(logr.Discard()) // it prints headers that it cannot read, which may hold secrets
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", setting, err)
	}
	// What the environment says comes last, and wins.
	about, err := resource.New(ctx, resource.WithAttributes(semconv.ServiceName("callboard"), semconv.ServiceVersion(versionOf())),
		resource.WithHost(), resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter), trace.WithResource(about))
	complain := rate.Sometimes{Interval: complainOfIt}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) {
		complain.Do(func() { cfg.Logger.Warn("the collector does not take traces", "error", err) })
	}))
	cfg.Traces = provider
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushTraces)
		defer cancel()
		_ = provider.Shutdown(ctx) // the error handler has told
	}, nil
}
