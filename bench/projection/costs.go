package projection

const (
	micro = 1e-6
	kb    = 1 << 10
	gb    = 1 << 30
)

// Measured are the costs that `make bench ONLY=sockets,nodes` saw on the machine of docs/scale.md: three nodes and one at full speed, where
// many changes go together, so that each is cheapest. What a further node costs is half of what three take beyond one.
func Measured() (onPostgres, onRedis Costs) {
	onPostgres = Costs{
		Change: 707 * micro, Follow: 245 * micro, Deliver: 18 * micro,
		Database: 865 * micro, DatabaseFollow: 99 * micro,
		Socket: 23.5 * kb, Elsewhere: 0.4 * kb, Message: 500,
	}
	onRedis = onPostgres
	onRedis.Follow, onRedis.DatabaseFollow = 309*micro, 139*micro
	onRedis.Redis = 1140 * micro // at 200 changes a second, where few go together; three channels each
	return onPostgres, onRedis
}

// Assumed are the machines of docs/scale.md.
func Assumed() Machines {
	return Machines{NodeCores: 4, NodeMemory: 8 * gb, NodeNetwork: 125e6, DatabaseCores: 16, RedisCores: 1}
}

// Scenarios are those of docs/scale.md: everybody changes something every ten minutes.
func Scenarios() []Scenario {
	const often = 1.0 / 600
	all := func(sockets, nodes int) Scenario {
		return Scenario{Name: "all hear all", Sockets: sockets, Nodes: nodes, Changes: often}
	}
	teams := func(sockets, nodes int) Scenario {
		return Scenario{Name: "teams of 200", Sockets: sockets, Nodes: nodes, Audience: 200, Changes: often}
	}
	return []Scenario{
		all(200, 1), all(1000, 1), all(5000, 3), all(10_000, 3), all(20_000, 10), all(100_000, 100), all(1_000_000, 100),
		teams(10_000, 3), teams(100_000, 10), teams(300_000, 30), teams(1_000_000, 100),
	}
}
