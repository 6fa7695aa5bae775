package main

import "testing"

func TestPrintable(t *testing.T) {
	t.Parallel()
	if got, want := printable("a\u202eb\x1b[1m\u2066c\nd\u200f"), "a\ufffdb\ufffd[1m\ufffdc\nd\u200f"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
