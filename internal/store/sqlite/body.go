package sqlite

import (
	"encoding/json"
	"fmt"

	"github.com/aikagi/aikagi/internal/cache"
)

// encode makes the body of a group. It refuses what decode could not read again.
func encode(group *cache.ReplicationGroup) (string, error) {
	if err := group.Tokens.Validate(); err != nil {
		return "", fmt.Errorf("encode %s: %w", group.Key(), err)
	}
	body, err := json.Marshal(group)
	if err != nil {
		return "", fmt.Errorf("encode %s: %w", group.Key(), err)
	}
	return string(body), nil
}

func (t *tx) decode(key cache.Key, body []byte) (*cache.ReplicationGroup, error) {
	g := new(cache.ReplicationGroup)
	if err := json.Unmarshal(body, g); err != nil {
		return nil, corrupt(t.store.path, fmt.Sprintf("the group %s cannot be read (%v)", key, err))
	}
	if g.Key() != key {
		return nil, corrupt(t.store.path, fmt.Sprintf("what is stored as the group %s says that it is %s", key, g.Key()))
	}
	return g, nil
}

// array is a list as an argument for json_each, which lets one statement take any
// number of values. Nil is an empty list: the null that JSON would make of it is a
// row to json_each.
func array[T any](values []T) string {
	text, err := json.Marshal(append([]T{}, values...))
	if err != nil {
		panic(err) // only strings and arrays of strings come here
	}
	return string(text)
}
