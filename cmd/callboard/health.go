package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

type healthCommand struct {
	settings
}

// healthTimeout is more than a server that can serve needs: it gives up on its database after two seconds.
const healthTimeout = 5 * time.Second

// Run asks /readyz of the server with the same settings, as a proxy does. That a part is degraded is no error.
func (c *healthCommand) Run(ctx context.Context, std streams) error {
	host, port, err := net.SplitHostPort(c.HTTPAddr)
	if err != nil {
		return errors.New("HTTP_ADDR: must look like 127.0.0.1:8080")
	}
	switch ip := net.ParseIP(host); {
	case host == "" || ip.Equal(net.IPv4zero):
		host = "127.0.0.1"
	case ip.Equal(net.IPv6unspecified):
		host = "::1"
	}
	address := net.JoinHostPort(host, port)
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("HTTP_ADDR: %w", err)
	}
	resp, err := (&http.Transport{}).RoundTrip(req) // by no proxy
	if err != nil {
		return fmt.Errorf("no server answers at %s: %w", address, err)
	}
	defer resp.Body.Close()
	var ready struct {
		Status string
		Parts  map[string]struct{ Status, Detail string }
	}
	if err := json.NewDecoder(resp.Body).Decode(&ready); err != nil || ready.Status == "" {
		return fmt.Errorf("what answers at %s is not Callboard", address)
	}
	var why []string
	for name, part := range ready.Parts {
		if part.Detail != "" {
			why = append(why, fmt.Sprintf("\n  %s is %s: %s", name, part.Status, part.Detail))
		}
	}
	slices.Sort(why)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the server at %s is %s%s", address, ready.Status, strings.Join(why, ""))
	}
	_, err = fmt.Fprintf(std.out, "%s%s\n", ready.Status, strings.Join(why, ""))
	return err
}
