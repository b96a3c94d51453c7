// Package reserved has the actions of reserved nodes. A reservation is a price, paid in advance, for nodes that run anyway. Here
// nothing costs anything, so there are no offerings and no reservations: what lists them answers with nothing, as the original does in an
// account without any, and what names one is told that there is none.
package reserved

// Handlers are the actions of reserved nodes.
type Handlers struct{}
