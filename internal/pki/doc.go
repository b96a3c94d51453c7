// Package pki is the built-in certificate authority: it makes the CA of a data
// directory once, and from then on signs server certificates for the nodes and
// for the API.
//
// # The CA
//
// The CA is two files, ca.pem for everybody and ca-key.pem (0600) for nobody
// else. It is valid for ten years and signs leaf certificates only (path length
// 0). Because `aikagi trust` puts it into the trust store of a whole machine, it
// carries critical name constraints (RFC 5280, 4.2.1.10): a thief of the key
// can only vouch for loopback and private addresses, for names that the public DNS
// does not have, and for this host.
//
// # Making it, and kill -9 in between
//
//	(nothing) ── write ca-key.pem ──▶ key alone ── write ca.pem ──▶ complete
//	                                      ▲
//	                 a start that finds it goes on from here
//
// The key is on disk before anybody can have seen the certificate, so no client
// is ever left with a CA whose key is lost. Each file appears complete or not at
// all. Any other state (a certificate without its key, a key of another
// certificate, a damaged file) is somebody's mistake with the files: [Open]
// returns [ErrUnusable], says what to do, and writes nothing.
//
// # Clocks
//
// Certificates are valid from 24 hours before they were made, so that a clock that
// is set back, or a client whose clock is behind, does not end service. The CA, which
// is not renewed, is valid from a year before: it may have been made with a clock far
// ahead.
package pki
