package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/integration/load"
	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/elasticache/own"
)

// rulesTarget is the most that a change of a security group's rules may take, in milliseconds, until all nodes enforce it.
const rulesTarget = 100

// stranger is an address that the group's rules do not name, but for a moment.
const stranger = "127.8.0.1"

// rules measures how long it takes until all of three nodes enforce a rule, under clients that the rules allow all along: from the call
// until somebody whom it lets in has got an answer at each, and from the call that revokes it until he is refused at each, and his
// open connections have ended.
func rules(ctx context.Context, s *session) error {
	server := s.server()
	api := server.Client()
	everyday, err := api.CreateSecurityGroup(ctx, own.CreateSecurityGroupInput{GroupName: aws.String("bench")})
	if err != nil {
		return err
	}
	if _, err := api.AllowIngress(ctx, own.SecurityGroupIngressInput{SecurityGroupId: &everyday.SecurityGroupId, Source: aws.String("127.0.0.1")}); err != nil {
		return err
	}
	group, err := s.group(ctx, server, "rules", 2, "")
	if err != nil {
		return err
	}
	if err := group.SetSecurityGroups(ctx, everyday.SecurityGroupId); err != nil {
		return err
	}
	audience, err := gather(group)
	if err != nil {
		return err
	}
	rule := own.SecurityGroupIngressInput{SecurityGroupId: &everyday.SecurityGroupId, Source: aws.String(stranger)}
	var opened, closed []float64
	for range s.samples(150, 5) {
		in, out, err := comeAndBeSent(ctx, api, group, rule)
		if err != nil {
			return errors.Join(err, audience.leave())
		}
		opened, closed = append(opened, milliseconds(in)), append(closed, milliseconds(out))
	}
	if err := audience.leave(); err != nil {
		return err
	}
	target := &Target{Statistic: "p99", AtMost: rulesTarget}
	s.record(Measurement{Name: "rule of a security group on 3 nodes, call → somebody is let in at each", Unit: Milliseconds, Target: target, Samples: opened})
	s.record(Measurement{Name: "rule of a security group on 3 nodes, call → somebody is refused at each, and his connections have ended", Unit: Milliseconds, Target: target, Samples: closed})
	s.record(Measurement{Name: fmt.Sprintf("%d changes of rules under %d connections: commands that failed", 2*len(opened), modeClients), Unit: Count,
		Target: &Target{Statistic: "max", AtMost: 0}, Samples: []float64{float64(audience.failures.Load())}})
	return nil
}

// comeAndBeSent lets the stranger in, has him connect to every node, and revokes the rule.
func comeAndBeSent(ctx context.Context, api *client.Client, group *load.Group, rule own.SecurityGroupIngressInput) (in, out time.Duration, err error) {
	began := time.Now()
	if _, err := api.AllowIngress(ctx, rule); err != nil {
		return 0, 0, err
	}
	var conns []*load.Conn
	defer func() {
		for _, conn := range conns {
			_ = conn.Close()
		}
	}()
	for _, node := range group.Nodes {
		conn, err := awaitWelcome(ctx, group, node)
		if err != nil {
			return 0, 0, err
		}
		conns = append(conns, conn)
	}
	in = time.Since(began)
	began = time.Now()
	if _, err := api.RevokeIngress(ctx, rule); err != nil {
		return 0, 0, err
	}
	for i, node := range group.Nodes {
		if err := awaitRefusal(ctx, group, node, conns[i]); err != nil {
			return 0, 0, err
		}
	}
	return in, time.Since(began), nil
}

// awaitWelcome returns a connection of the stranger as soon as he gets an answer.
func awaitWelcome(ctx context.Context, group *load.Group, node string) (*load.Conn, error) {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline) && ctx.Err() == nil; {
		if conn, err := visitAs(stranger, group, node); err == nil {
			return conn, nil
		}
	}
	return nil, fmt.Errorf("%s is not let in at %s", stranger, node)
}

// awaitRefusal returns as soon as his connection has ended, and a new one is refused.
func awaitRefusal(ctx context.Context, group *load.Group, node string, conn *load.Conn) error {
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline) && ctx.Err() == nil; {
		if _, err := conn.Do("PING"); err != nil {
			another, err := visitAs(stranger, group, node)
			if err != nil {
				return nil //nolint:nilerr // it is what was waited for
			}
			_ = another.Close()
		}
	}
	return fmt.Errorf("%s is not refused at %s", stranger, node)
}

// visitAs connects from one of this machine's addresses, and gets an answer.
func visitAs(from string, group *load.Group, node string) (*load.Conn, error) {
	conn, err := load.DialFrom(from, node, group.TLS(node))
	if err != nil {
		return nil, err
	}
	if _, err := conn.Do("PING"); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}
