// Package subnet has cache subnet groups: the names under which configurations keep the subnets that their caches are
// in.
//
// aikagi has no virtual private clouds; where a cache can be reached is said when the service is started. So subnets
// of any id exist, all of one VPC, and a group of them is kept, shown, and required to exist by those that name it. With an EC2 API,
// those exist that it has, and their VPC and zones are its.
package subnet
