// Package ec2 reads security groups and subnets from an EC2 API: AWS's own, LocalStack's or moto's. It writes nothing there, and knows
// nothing of caches; package mirror does.
//
// Its four calls are written by hand, over the AWS Query protocol and the AWS SDK's own signer. The SDK's package service/ec2 has more
// than 700 calls: to compile it took 95 seconds of processor time (measured on two cores in November 2026; all the rest of a small program
// with the SDK's configuration and service/secretsmanager, and the standard library, took about a fourth of its time), in every cold build
// and every cold run of the tests. In the binary it was half a megabyte.
//
// Answers are bounded, and read to their end or not at all. Failures that may pass are tried again after a pause; after three the
// circuit opens, and nobody asks for half a second, then for twice as long each time, up to 30 seconds.
//
// Credentials are those of the default chain of the AWS SDKs, as in package delivery. No error holds one, nor what an API quotes of a
// request.
package ec2
