// Package metric has what is shown of a group's nodes over time.
package metric
