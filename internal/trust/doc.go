// Package trust puts a CA into the trust store of this machine, and takes it out
// again, so that clients of the built-in CA need no option of their own.
//
// [Detect] looks which store the machine has, [Store.Install] and
// [Store.Uninstall] plan the change without touching anything, and [Apply] carries
// a plan out. A plan can be shown, says what it leaves out and how to undo it, and
// may be applied twice. Only Linux stores are known; they are a directory of
// certificates and a command that makes the bundle from it:
//
//	Debian, Ubuntu, Alpine  /usr/local/share/ca-certificates          update-ca-certificates
//	Fedora, RHEL            /etc/pki/ca-trust/source/anchors          update-ca-trust extract
//	Arch                    /etc/ca-certificates/trust-source/anchors trust extract-compat
//	openSUSE                /usr/share/pki/trust/anchors              update-ca-certificates
package trust
