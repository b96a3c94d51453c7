// Package parameter has the actions of parameter groups, a file for each. Package cache/parameter says what they are.
package parameter
