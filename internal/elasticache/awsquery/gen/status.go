package main

import "net/http"

// status is the HTTP status of an error. The Go SDK does not carry it, so it
// comes from AWS's service model (elasticache 2015-02-02, service-2.json, the
// httpStatusCode of each exception), where 400 is the rule. The irregular ones
// are AWS's: CacheSubnetGroupNotFoundFault and ServiceLinkedRoleNotFoundFault
// are 400, ReservedCacheNodeAlreadyExistsFault is 404.
//
// The three errors of the migration to a serverless cache are younger than the
// model that this was checked against and get the 400 of their siblings:
// MigrationHealthFault, ServerlessCacheAlreadyUnderMigrationFault,
// ServerlessCacheNotUnderMigrationFault.
func status(shape string, server bool) int {
	switch shape {
	case "AuthorizationNotFoundFault",
		"CacheClusterNotFoundFault",
		"CacheParameterGroupNotFoundFault",
		"CacheSecurityGroupNotFoundFault",
		"GlobalReplicationGroupNotFoundFault",
		"NodeGroupNotFoundFault",
		"ReplicationGroupNotFoundFault",
		"ReservedCacheNodeAlreadyExistsFault",
		"ReservedCacheNodeNotFoundFault",
		"ReservedCacheNodesOfferingNotFoundFault",
		"ServerlessCacheNotFoundFault",
		"ServerlessCacheSnapshotNotFoundFault",
		"ServiceUpdateNotFoundFault",
		"SnapshotNotFoundFault",
		"TagNotFoundFault",
		"UserGroupNotFoundFault",
		"UserNotFoundFault":
		return http.StatusNotFound
	case "InvalidCredentialsException":
		return http.StatusRequestTimeout
	}
	if server {
		return http.StatusInternalServerError
	}
	return http.StatusBadRequest
}
