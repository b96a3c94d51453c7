package trial

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// perQuestion is how many keys are asked for at once.
const perQuestion = 500

// holding is what a node has of the writes: keys, and the lists of the writers.
type holding struct {
	keys  map[string]bool
	lists map[string][]int
}

// has reports whether a write is there.
func (h holding) has(w Write, lists map[string]map[int]bool) bool {
	if elements, ok := lists[w.Client]; ok && w.Sequence%2 == 0 {
		return elements[w.Sequence]
	}
	return h.keys[keyOf(w)]
}

// keyOf is the key that a write set; the referee's are named by their lanes.
func keyOf(w Write) string {
	if w.Process != "" {
		return laneKey(w.Client, w.Sequence)
	}
	return writerKey(w.Client, w.Sequence)
}

// readBack asks a node for all that was acknowledged.
func (g *group) readBack(ctx context.Context, node string, writes []Write, writers []string) (holding, error) {
	h := holding{keys: map[string]bool{}, lists: map[string][]int{}}
	err := g.ask(ctx, g.nodes[node], func(c *conn) error {
		for _, name := range writers {
			text, err := c.do("LRANGE", writerList(name), "0", "-1")
			if err != nil {
				return err
			}
			for word := range strings.FieldsSeq(text) {
				n, err := strconv.Atoi(word)
				if err != nil {
					return fmt.Errorf("list of %s: %w", name, err)
				}
				h.lists[name] = append(h.lists[name], n)
			}
		}
		for len(writes) > 0 {
			n := min(perQuestion, len(writes))
			if err := h.askKeys(c, writes[:n]); err != nil {
				return err
			}
			writes = writes[n:]
		}
		return nil
	})
	if err != nil {
		return h, fmt.Errorf("read back from %s: %w", node, err)
	}
	return h, nil
}

func (h holding) askKeys(c *conn, writes []Write) error {
	words := []string{"MGET"}
	for _, w := range writes {
		words = append(words, keyOf(w))
	}
	text, err := c.do(words...)
	if err != nil {
		return err
	}
	for i, value := range strings.Split(text, "\n") {
		if value == strconv.Itoa(writes[i].Sequence) {
			h.keys[keyOf(writes[i])] = true
		}
	}
	return nil
}

// awaitReplicas waits until every replica has all that the primary has.
func (g *group) awaitReplicas(ctx context.Context, primary string) error {
	return await(ctx, func() error {
		return g.ask(ctx, g.nodes[primary], func(c *conn) error {
			if _, err := c.do("SET", "chaos:end", "1"); err != nil {
				return err
			}
			if n, err := c.do("WAIT", strconv.Itoa(replicas), "5000"); err != nil || n != strconv.Itoa(replicas) {
				return fmt.Errorf("the end has reached %s of %d replicas (%w)", n, replicas, err)
			}
			return nil
		})
	})
}
