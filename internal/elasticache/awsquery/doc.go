// Package awsquery is the AWS Query protocol as ElastiCache speaks it (API
// version 2015-02-02): a form comes in, XML goes out. It turns a form into one
// of the Input structs of aws-sdk-go-v2 and an Output struct (or a struct of
// our own) into the answer. Our own commands use it the other way round: they
// turn a struct of ours into the form ([EncodeForm]) and read the answer
// ([DecodeAnswer]). It knows the wire, not what the parameters mean.
//
// # Invariants
//
//   - Decode is all or nothing: on an error the struct it was given is
//     untouched. What was refused is a [*ParamError] that names the parameter
//     and never quotes its value, because a value may be a token.
//   - Decode uses memory in proportion to the form. An index is a name to look
//     up, never a size to allocate.
//   - Encode and EncodeError write either a whole document or nothing.
//   - The same value always gives the same bytes.
//
// # Names
//
// A field's name on the wire is its Go name; the generator refuses a model
// where that is not so. What cannot be read off a struct is in tables_gen.go,
// written by gen from the pinned SDK module:
//
//   - the member name of each list that does not use "member" (serializers.go,
//     deserializers.go),
//   - the required members (validators.go),
//   - the actions that answer without a result element (deserializers.go),
//   - the modelled errors with code, fault and HTTP status (types/errors.go,
//     deserializers.go; see gen/status.go for the statuses).
//
// One name has no right answer: the list LogDeliveryConfigurations of the pending
// values. botocore's model calls the element PendingLogDeliveryConfiguration, the
// Go SDK LogDeliveryConfigurations; we follow the Go SDK.
//
// The error table is here and not in a package of its own because it is the
// same kind of fact from the same source: how a name of the model looks on the
// wire.
package awsquery

//go:generate go run ./gen
