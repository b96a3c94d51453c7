// Package subnet has cache subnet groups: the subnets that caches are in, and so the zones that their nodes can be in.
//
// aikagi has no virtual private clouds; where a cache can be reached is said when the service is started. So subnets
// of any id exist, all of one VPC, and are spread over the zones of the region. With an EC2 API, those exist that it has, and their VPC
// and zones are its.
//
// A node of a cache is in a zone of one of its subnets (NodeZones), unless another one was named for it, which is refused where EC2 knows
// better (CheckZone); there it keeps a subnet of its zone, too (Modify). Zones are names: every node runs on this machine. Nodes of early
// releases may be in zones that their subnets are not in, and stay there.
package subnet
