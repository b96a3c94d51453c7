// Package act has what the handlers of all resources share: what they need, how a list is cut into pages, how an object
// is created, changed and deleted.
//
// A replication group, or a cache cluster that stands alone, is changed by [ChangeGroup], whatever the action:
//
//	find ──▶ must nodes be asked? ──no──▶ fn, of the domain ──▶ witness ──▶ [PutGroup]
//	 ▲             │ yes
//	 └──── ask ◀───┘
//
// Everything but ask happens in one transaction.
package act
