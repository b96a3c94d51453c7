package client

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// Rotation is one guided token rotation, as DescribeAuthTokenRotations answers it. Times
// that have not come are nil; durations are text like 10m0s.
type Rotation struct {
	ID                 string `xml:"RotationId" json:"id"`
	ReplicationGroupID string `xml:"ReplicationGroupId" json:"replication_group_id"`
	Cause              string `json:"cause"` // request, schedule
	State              string `json:"state"`
	Over               bool   `json:"over"`
	OldCredential      string `json:"old_credential"`           // a fingerprint, or NONE
	NewCredential      string `json:"new_credential,omitempty"` // empty: not in use yet

	Delivery     string `json:"delivery,omitempty"`
	FinishOnly   bool   `json:"finish_only"`
	Finish       string `json:"finish"`
	Brownout     string `json:"brownout"`
	EvictOver    string `json:"evict_over"`
	Grace        string `json:"grace"`
	RollBackOver int64  `json:"roll_back_over"` // negative: never

	StartedAt   time.Time  `json:"started_at"`
	RotatedAt   *time.Time `json:"rotated_at,omitempty"`
	DeliveredAt *time.Time `json:"delivered_at,omitempty"`
	BrownoutAt  *time.Time `json:"brownout_at,omitempty"`
	SetAt       *time.Time `json:"set_at,omitempty"`
	EndedAt     *time.Time `json:"ended_at,omitempty"`
	StateSince  *time.Time `json:"state_since,omitempty"`

	FinishRequested    bool          `json:"finish_requested"`
	CancelRequested    bool          `json:"cancel_requested"`
	RollBackRequested  bool          `json:"roll_back_requested"`
	RefusedBefore      int64         `json:"refused_before"` // logins with the old token, before it was refused on purpose
	RefusedLogins      int64         `json:"refused_logins"` // and since, when that was last put down
	EvictedConnections int64         `json:"evicted_connections"`
	Culprits           []TokenClient `xml:"Culprits>member" json:"culprits,omitempty"`
	Notes              []string      `xml:"Notes>member" json:"notes,omitempty"`
	Problem            string        `json:"problem,omitempty"`
	Reason             string        `json:"reason,omitempty"`
}

// RotationSchedule is when a group's token is rotated, and how.
type RotationSchedule struct {
	EveryDays    int        `json:"every_days"`
	Delivery     string     `json:"delivery"`
	Finish       string     `json:"finish"`
	Brownout     string     `json:"brownout"`
	EvictOver    string     `json:"evict_over"`
	Grace        string     `json:"grace"`
	RollBackOver int64      `json:"roll_back_over"`
	SetAt        time.Time  `json:"set_at"`
	LastAt       *time.Time `json:"last_at,omitempty"`
	NextAt       time.Time  `json:"next_at"`
	Failed       string     `json:"failed,omitempty"` // why the last date came to nothing
	FailedAt     *time.Time `json:"failed_at,omitempty"`
}

// RotationSpec is how a rotation is asked for. Empty text means the service's default.
type RotationSpec struct {
	Delivery, Finish, Brownout, EvictOver, Grace string
	RollBackOver                                 int64 // negative: never
	FinishOnly                                   bool
}

func (s RotationSpec) form(action, group string) url.Values {
	form := url.Values{"Action": {action}, "ReplicationGroupId": {group}}
	for name, value := range map[string]string{
		"Delivery": s.Delivery, "Finish": s.Finish, "Brownout": s.Brownout, "EvictOver": s.EvictOver, "Grace": s.Grace,
	} {
		if value != "" {
			form.Set(name, value)
		}
	}
	if s.RollBackOver != 0 {
		form.Set("RollBackOver", strconv.FormatInt(s.RollBackOver, 10))
	}
	if s.FinishOnly {
		form.Set("FinishOnly", "true")
	}
	return form
}

// Rotations returns the guided rotations that are kept of one group, or of all for an empty
// one, under way and over, newest first.
func (c *Client) Rotations(ctx context.Context, group string) ([]Rotation, error) {
	return c.rotations(ctx, group, "")
}

// Rotation returns one rotation of a group; found is false if there is none of that id.
func (c *Client) Rotation(ctx context.Context, group, id string) (r Rotation, found bool, err error) {
	all, err := c.rotations(ctx, group, id)
	if err != nil || len(all) == 0 {
		return r, false, err
	}
	return all[0], true, nil
}

func (c *Client) rotations(ctx context.Context, group, id string) ([]Rotation, error) {
	form := url.Values{"Action": {"DescribeAuthTokenRotations"}}
	if group != "" {
		form.Set("ReplicationGroupId", group)
	}
	if id != "" {
		form.Set("RotationId", id)
	}
	all := []Rotation{}
	for {
		var page struct {
			Rotations []Rotation `xml:"DescribeAuthTokenRotationsResult>Rotations>member"`
			Marker    string     `xml:"DescribeAuthTokenRotationsResult>Marker"`
		}
		if err := c.call(ctx, form, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Rotations...)
		if page.Marker == "" {
			return all, nil
		}
		form.Set("Marker", page.Marker)
	}
}

// StartRotation begins a guided rotation.
func (c *Client) StartRotation(ctx context.Context, group string, spec RotationSpec) (Rotation, error) {
	var out struct {
		Rotation Rotation `xml:"StartAuthTokenRotationResult>Rotation"`
	}
	err := c.call(ctx, spec.form("StartAuthTokenRotation", group), &out)
	return out.Rotation, err
}

// ContinueRotation has the rotation that waits end the old token now.
func (c *Client) ContinueRotation(ctx context.Context, group string) (Rotation, error) {
	var out struct {
		Rotation Rotation `xml:"ContinueAuthTokenRotationResult>Rotation"`
	}
	err := c.call(ctx, RotationSpec{}.form("ContinueAuthTokenRotation", group), &out)
	return out.Rotation, err
}

// CancelRotation ends the rotation that is under way, before SET.
func (c *Client) CancelRotation(ctx context.Context, group string) (Rotation, error) {
	var out struct {
		Rotation Rotation `xml:"CancelAuthTokenRotationResult>Rotation"`
	}
	err := c.call(ctx, RotationSpec{}.form("CancelAuthTokenRotation", group), &out)
	return out.Rotation, err
}

// RollBackRotation brings the old token back after SET.
func (c *Client) RollBackRotation(ctx context.Context, group string) (Rotation, error) {
	var out struct {
		Rotation Rotation `xml:"RollBackAuthTokenRotationResult>Rotation"`
	}
	err := c.call(ctx, RotationSpec{}.form("RollBackAuthTokenRotation", group), &out)
	return out.Rotation, err
}

// PutRotationSchedule replaces the schedule of a group.
func (c *Client) PutRotationSchedule(ctx context.Context, group string, everyDays int, spec RotationSpec) (RotationSchedule, error) {
	form := spec.form("PutAuthTokenRotationSchedule", group)
	form.Set("EveryDays", strconv.Itoa(everyDays))
	var out struct {
		Schedule RotationSchedule `xml:"PutAuthTokenRotationScheduleResult>RotationSchedule"`
	}
	err := c.call(ctx, form, &out)
	return out.Schedule, err
}

// DeleteRotationSchedule ends the schedule of a group.
func (c *Client) DeleteRotationSchedule(ctx context.Context, group string) error {
	var out struct{}
	return c.call(ctx, RotationSpec{}.form("DeleteAuthTokenRotationSchedule", group), &out)
}
