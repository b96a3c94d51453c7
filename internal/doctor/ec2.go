package doctor

import "context"

// checkEC2 tells whether security groups can be read from the EC2 API.
func checkEC2(_ context.Context, in Input) []Finding {
	const name = "EC2 API"
	switch {
	case in.EC2 == "":
		return ok(name, "no control plane answers that reads security groups from one")
	case in.EC2Fails:
		return bad(name, Warn, "look at the endpoint, and at the AWS credentials of aikagi serve; it goes on trying", "%s", in.EC2)
	}
	return ok(name, "%s", in.EC2)
}
