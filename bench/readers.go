package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/cache"
)

// readerConnections are those whose spread over the replicas is counted.
const readerConnections = 1000

// readers measures the reader endpoint of groups of several sizes: how connections are spread over the replicas, and what clients
// get done there.
func readers(ctx context.Context, s *session) error {
	server := s.server()
	for _, replicas := range []int{1, 2, 3, 5} {
		token := rand.Text()
		group, err := s.group(ctx, server, fmt.Sprintf("readers%d", replicas), replicas, token)
		if err != nil {
			return err
		}
		counts, err := spread(group, token)
		if err != nil {
			return err
		}
		if len(counts) != replicas {
			return fmt.Errorf("the reader endpoint of %d replicas is served by %d nodes: %v", replicas, len(counts), counts)
		}
		name := "reader endpoint of " + cache.Counted(int64(replicas), "replica") + ": "
		if replicas > 1 {
			fair := float64(readerConnections) / float64(replicas)
			s.record(Measurement{Name: name + fmt.Sprintf("of %d connections, those of the least loaded replica / a fair share", readerConnections), Unit: Ratio, Samples: []float64{slices.Min(counts) / fair}})
			s.record(Measurement{Name: name + fmt.Sprintf("of %d connections, those of the most loaded replica / a fair share", readerConnections), Unit: Ratio, Samples: []float64{slices.Max(counts) / fair}})
		}
		a := arm{name: "reader endpoint", at: group.Reader, token: token, caFile: server.CAFile(), pid: os.Getpid()}
		var rates []float64
		for range s.samples(7, 2) {
			done, err := s.hammer(ctx, a, workload{"get", 1}, s.samples(60000, 5000))
			if err != nil {
				return err
			}
			rates = append(rates, done.rate)
		}
		s.record(Measurement{Name: name + "GET, unpipelined, commands a second", Unit: Count, Samples: rates})
		if err := group.Delete(ctx); err != nil {
			return err
		}
	}
	return nil
}

// spread opens connections to the reader endpoint, and returns how many each node has got.
func spread(group *load.Group, token string) (counts []float64, err error) {
	byNode := map[string]float64{}
	for range readerConnections {
		id, err := whoReads(group, token)
		if err != nil {
			return nil, err
		}
		byNode[id]++
	}
	for _, n := range byNode {
		counts = append(counts, n)
	}
	return counts, nil
}

// whoReads returns what the node calls itself that serves a new connection.
func whoReads(group *load.Group, token string) (string, error) {
	conn, err := load.Dial(group.Reader, group.TLS(group.Reader))
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.Login(token, load.OneArgument); err != nil {
		return "", err
	}
	text, err := conn.Do("INFO", "server")
	for line := range strings.Lines(text) {
		if id, is := strings.CutPrefix(strings.TrimSpace(line), "run_id:"); is {
			return id, nil
		}
	}
	return "", fmt.Errorf("the reader endpoint does not say who serves it: %w", err)
}
