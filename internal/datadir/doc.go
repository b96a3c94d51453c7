// Package datadir is the layout of aikagi's data directory: what lies where, with
// which rights, and who may use it.
//
//	DIR/                0700
//	  lock              held by the one process that may use the directory
//	  endpoint          where the control plane answers, while it runs
//	  credentials       access key, as an AWS shared credentials file; 0600
//	  aws-profile       the same as a profile for the AWS CLI and SDKs (aikagi env); 0600
//	  master.key        what all internal secrets are derived from; 0600
//	  ca.pem ca-key.pem the built-in CA (package pki)
//	  store.db          desired state and events (package store/sqlite)
//	  audit.log         every mutating call, a JSON object a line; 0600
//	  deliveries/       tokens that guided rotations delivered to files, by default; 0700
//	  module/           the engine module, built for this machine
//	  nodes/            a directory for each node (package provider/process)
//
// The master key is made on the first start, before the store: a directory with a store
// but without its master key has lost something, and is refused instead of given a
// new one that no running node knows. Whether files belong together is for package provenance to say.
package datadir
