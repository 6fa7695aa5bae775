package presence_test

import (
	"context"
	"fmt"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/presence"
)

func Example() {
	ctx := context.Background()
	svc, err := presence.New(presence.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	pilot := callboard.Resource{Type: "episode", ID: "pilot"}
	ana := callboard.UserRef{ID: "ana", Name: "Ana"}

	_ = svc.Track(ctx, pilot, ana)         // a request
	_ = svc.Join(ctx, pilot, ana, "tab-1") // and a socket: still one viewer
	viewers, total, _ := svc.Viewers(ctx, pilot)
	fmt.Println(total, viewers[0].Name)

	_ = svc.Remove(ctx, ana.ID, pilot) // the socket is still there
	_, total, _ = svc.Viewers(ctx, pilot)
	fmt.Println(total)
	// Output:
	// 1 Ana
	// 1
}
