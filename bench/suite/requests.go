package suite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"

	vegeta "github.com/tsenart/vegeta/v12/lib"

	"github.com/callboard/callboard/bench/process"
)

// requests are sent in turn, over and over.
type requests []vegeta.Target

func (r requests) inTurn() func(n int) vegeta.Target {
	return func(n int) vegeta.Target { return r[n%len(r)] }
}

// shuffled puts them in another order, the same each time.
func (r requests) shuffled() func(n int) vegeta.Target {
	seeded().Shuffle(len(r), func(i, j int) { r[i], r[j] = r[j], r[i] })
	return r.inTurn()
}

func seeded() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) } //nolint:gosec // shall be the same each time

// checkViewers fails unless an episode that all users have looked at has them all as viewers.
func (c *contender) checkViewers(ctx context.Context, id string) error {
	var answer struct {
		Data    struct{ ID string }
		Viewers []struct{}
	}
	for _, u := range process.Population() {
		if err := c.Ask(ctx, http.MethodGet, "/api/v1/episodes/"+id, u.Name, "", &answer); err != nil {
			return err
		}
	}
	if want := len(process.Population()); answer.Data.ID != id || len(answer.Viewers) != want {
		return fmt.Errorf("episode %q has %d viewers instead of %d", answer.Data.ID, len(answer.Viewers), want)
	}
	return nil
}
