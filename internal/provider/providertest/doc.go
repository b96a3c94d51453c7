// Package providertest is the specification of [provider.Provider]: each sentence of
// the interface is a subtest of [Exercise], and an implementation is one that passes.
// What an implementation may lack, its [Suite] says; that is tested, too.
//
// The suite launches a program that behaves as an engine does as far as a provider can
// see: it opens the admin socket of its node and ends when it is asked to. For a provider that
// runs processes the program is the test binary itself, so its TestMain begins with [RunProgram].
// Another one runs something that does what [Way] says.
package providertest
