package realtime

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/callboard/callboard"
)

func TestEncode(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"empty":    "",
		"object":   `{"title":"null}","n":1}`,
		"laid out": "{\n  \"title\": \"Pilot\"\r\n}",
	} {
		m := callboard.Message{ID: "e1", Pos: 7, Event: "moved", Timestamp: time.UnixMicro(1).UTC(), Data: json.RawMessage(data)}
		got, err := encode(m)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(m.Data) == 0 {
			m.Data = json.RawMessage("{}")
		}
		want, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
