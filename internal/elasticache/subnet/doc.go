// Package subnet has the actions of cache subnet groups, a file for each. Package cache/subnet says what they are.
package subnet
