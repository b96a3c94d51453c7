package store

import (
	"github.com/aikagi/aikagi/internal/cache/rotation"
)

// Rotations are the receipts ([rotation.Rotation.Receipt]: without the salt) of guided rotations, under way and over, in
// the order of their StartedAt. They begin to be old when they are over; what is under way stays, for it may take
// months. They are kept when their group is deleted. Of an entry, the subject is the group's id and the label is the
// state.
var Rotations = Log[rotation.Rotation]{
	Name:   "rotation",
	ByTime: true,
	Encode: func(r rotation.Rotation) (Entry, error) {
		return encodeReceipt(r.ID, r.StartedAt, r.EndedAt, r.GroupID, string(r.State), r.Receipt())
	},
	Decode: func(e Entry) (rotation.Rotation, error) {
		return decodeReceipt("rotation", e, func(r rotation.Rotation) string { return r.ID })
	},
}
