package providertest

import (
	"testing"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/provider"
)

// Suite is an implementation to exercise.
type Suite struct {
	// Open returns a provider on the state in dir, which is private to a test, where [Engine] is installed and which has
	// no more than a hundred addresses. It is called again on the same dir after the Run of the one before has returned. The
	// suite calls Run.
	Open func(t *testing.T, dir string) provider.Provider

	// What an implementation may lack.

	// Survives: the nodes and their processes are still there for the provider that is opened next.
	Survives bool
	// Plans: the provider has places of these address plans, beside that of loopback, and no more than a hundred of each.
	Plans []cache.AddressPlan
	// Networks: places of a plan can have addresses of these network types; none of a plan: it is not looked at.
	Networks map[cache.AddressPlan][]cache.NetworkType
	// Room: the provider is a provider.RoomTeller.
	Room bool
	// Occupancy: the provider is a provider.OccupancyTeller.
	Occupancy bool
	// Activity: the provider is a provider.ActivityTeller.
	Activity bool
}

// Exercise checks every sentence of [provider.Provider].
func Exercise(t *testing.T, s Suite) {
	t.Run("Install", func(t *testing.T) { t.Parallel(); s.install(t) })
	t.Run("Start", func(t *testing.T) { t.Parallel(); s.start(t) })
	t.Run("Stop", func(t *testing.T) { t.Parallel(); s.stop(t) })
	t.Run("Kill", func(t *testing.T) { t.Parallel(); s.kill(t) })
	t.Run("Remove", func(t *testing.T) { t.Parallel(); s.remove(t) })
	t.Run("Inspect", func(t *testing.T) { t.Parallel(); s.inspect(t) })
	t.Run("Addresses", func(t *testing.T) { t.Parallel(); s.addresses(t) })
	t.Run("Activity", func(t *testing.T) { t.Parallel(); s.activity(t) })
	t.Run("Files", func(t *testing.T) { t.Parallel(); s.files(t) })
	t.Run("SetAside", func(t *testing.T) { t.Parallel(); s.setAside(t) })
	t.Run("Exits", func(t *testing.T) { t.Parallel(); s.exits(t) })
	t.Run("Crashes", func(t *testing.T) { t.Parallel(); s.crashes(t) })
	t.Run("Run", func(t *testing.T) { t.Parallel(); s.run(t) })
	t.Run("Concurrency", func(t *testing.T) { t.Parallel(); s.concurrency(t) })
}

// check runs a subtest with a control plane of its own.
func (s Suite) check(t *testing.T, name string, f func(t *testing.T, p *plane)) {
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		f(t, s.open(t, t.TempDir()))
	})
}
