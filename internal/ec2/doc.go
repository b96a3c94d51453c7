// Package ec2 reads security groups and subnets from an EC2 API: AWS's own, LocalStack's or moto's.
package ec2
