package own

import "time"

// Moves of replication groups, and of cache clusters that stand alone, from one address plan to another. The original has none.
const (
	// MoveCache gives a cache places by another plan, beside those that it has.
	MoveCache Action[MoveCacheInput, CacheMove] = "MoveCache"
	// FinishCacheMove closes the old places. It is refused while clients use them, unless it is forced.
	FinishCacheMove Action[EndCacheMoveInput, CacheMove] = "FinishCacheMove"
	// CancelCacheMove goes back: the new places are closed. It is refused while clients use them, unless it is forced.
	CancelCacheMove Action[EndCacheMoveInput, CacheMove] = "CancelCacheMove"
	// DescribeCacheMove tells how far a move is, and who uses which places.
	DescribeCacheMove Action[CacheInput, CacheMove] = "DescribeCacheMove"
)

// CacheInput names a replication group, or a cache cluster that stands alone.
type CacheInput struct {
	ReplicationGroupId *string
	CacheClusterId     *string
}

// MoveCacheInput asks for a move.
type MoveCacheInput struct {
	ReplicationGroupId *string
	CacheClusterId     *string
	AddressPlan        *string // loopback, host, pool
	Anew               *bool   // allow a move to other places of the plan that the cache has
	CloseAfter         *string // a duration: so long after both serve the old places are closed, whoever uses them; default: never by itself
}

// EndCacheMoveInput asks for the end of a move.
type EndCacheMoveInput struct {
	ReplicationGroupId *string
	CacheClusterId     *string
	Quiet              *string // a duration: for how long nobody must have used the places that are closed; default 10m
	Force              *bool   // close them whoever uses them
}

// CacheMove is how far a move is.
type CacheMove struct {
	CacheId      string        `json:"id"`
	Status       string        `json:"status"`
	StatusReason string        `json:"status_reason,omitempty" query:"omitempty"`
	AddressPlan  string        `json:"address_plan"`   // of the places that are shown
	Move         *Move         `json:"move,omitempty"` // absent: the cache is not being moved
	Places       []MovedPlace  `json:"places"`
	AsOf         time.Time     `json:"as_of"`
	Complete     bool          `json:"complete"` // every node was asked; otherwise there may be more clients
	MissingNodes []MissingNode `json:"missing_nodes,omitempty"`
	Clients      []PlaceClient `json:"clients"` // that came through its places since the move began, most connections first
}

// Move is a move that is under way.
type Move struct {
	FromPlan  string     `json:"from"`
	ToPlan    string     `json:"to"`
	State     string     `json:"state"`          // opening, open, closing
	Back      bool       `json:"back,omitempty"` // it was cancelled, and goes back
	StartedAt time.Time  `json:"started_at"`
	OpenedAt  *time.Time `json:"opened_at,omitempty"` // when both served; absent: not yet
	CloseAt   *time.Time `json:"close_at,omitempty"`  // when the old places are closed by themselves; absent: when it is asked for
}

// MovedPlace is where clients reach an endpoint or a node.
type MovedPlace struct {
	Endpoint       string `json:"endpoint,omitempty" query:"omitempty"`         // primary, reader; empty: a node's
	CacheClusterId string `json:"cache_cluster_id,omitempty" query:"omitempty"` // empty: an endpoint's
	Shown          string `json:"shown,omitempty" query:"omitempty"`            // host:port, by the plan of the cache
	Other          string `json:"other,omitempty" query:"omitempty"`            // host:port, by the other plan of a move
}

// PlaceClient is an address that came through a place.
type PlaceClient struct {
	Address     string    `json:"address"`
	Place       string    `json:"place"` // address:port
	Shown       bool      `json:"shown"` // it is a place that is shown
	Connections int32     `json:"connections"`
	Opened      int64     `json:"opened"`
	LastAt      time.Time `json:"last_at"`
}
