// Package providertest is the specification of [provider.Provider]: each sentence of
// the interface is a subtest of [Exercise], and an implementation is one that passes.
//
// The suite launches a program that behaves as an engine does as far as a provider can
// see: it opens the admin socket in its working directory and ends on SIGTERM. The
// program is the test binary itself, so its TestMain begins with [RunProgram].
package providertest
