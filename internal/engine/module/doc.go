// Package module is placeholder.
package module
