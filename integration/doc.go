// Package integration tests the real binary with real engines, the real AWS CLI and
// real clients. Each test has a control plane of its own (package harness), so all
// run in parallel.
package integration
