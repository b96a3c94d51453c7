package extension

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/security"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/own"
	"github.com/aikagi/aikagi/internal/store"
)

// CreateSecurityGroup is the action [own.CreateSecurityGroup].
func (h Handlers) CreateSecurityGroup(ctx context.Context, in *own.CreateSecurityGroupInput) (*own.SecurityGroupOutput, error) {
	if aws.ToString(in.GroupName) == "" {
		return nil, cache.Errorf(cache.KindMissing, "The request must contain the parameter GroupName.")
	}
	g, err := security.New(security.Spec{
		ID: aws.ToString(in.SecurityGroupId), Name: aws.ToString(in.GroupName), Description: aws.ToString(in.Description),
		Sources: in.Sources,
	}, h.Now())
	if err != nil {
		return nil, err
	}
	if err := h.checkElsewhere(ctx, in.SecurityGroupId); err != nil {
		return nil, err
	}
	err = act.Create(ctx, h.Deps, store.SecurityGroups, g, func(tx store.Tx) error {
		all, err := tx.Scan(store.SecurityGroups.Name, store.Range{})
		if err != nil {
			return err
		}
		return security.CheckCount(len(all))
	})
	if err != nil {
		return nil, err
	}
	return h.securityGroup(ctx, g)
}

// checkElsewhere refuses an own group with the id of one of EC2: only one can say who may connect.
func (h Handlers) checkElsewhere(ctx context.Context, id *string) error {
	if h.EC2 == nil || aws.ToString(id) == "" {
		return nil
	}
	there, err := h.EC2.Has(ctx, *id)
	if err != nil || !there {
		return err
	}
	return cache.ResourceErrorf(cache.KindExists, cache.ResourceSecurityGroup, "The security group %s is one of EC2, and its rules are read from there.", *id)
}

// DescribeSecurityGroups is the action [own.DescribeSecurityGroups].
func (h Handlers) DescribeSecurityGroups(ctx context.Context, in *own.DescribeSecurityGroupsInput) (*own.DescribeSecurityGroupsOutput, error) {
	p, err := act.ParsePage(in.Marker, in.MaxRecords)
	if err != nil {
		return nil, err
	}
	groups, marker, err := act.List(ctx, h.Deps, store.SecurityGroups, aws.ToString(in.SecurityGroupId), p)
	if err != nil {
		return nil, err
	}
	out := &own.DescribeSecurityGroupsOutput{Marker: marker, EC2: h.ec2Link(), SecurityGroups: []own.SecurityGroup{}}
	for _, g := range groups {
		one, err := h.securityGroup(ctx, g)
		if err != nil {
			return nil, err
		}
		out.SecurityGroups = append(out.SecurityGroups, one.SecurityGroup)
	}
	return out, nil
}

// AuthorizeSecurityGroupIngress is the action [own.AuthorizeSecurityGroupIngress].
func (h Handlers) AuthorizeSecurityGroupIngress(ctx context.Context, in *own.SecurityGroupIngressInput) (*own.SecurityGroupOutput, error) {
	return h.changeRules(ctx, in, (*security.Group).Allow)
}

// RevokeSecurityGroupIngress is the action [own.RevokeSecurityGroupIngress].
func (h Handlers) RevokeSecurityGroupIngress(ctx context.Context, in *own.SecurityGroupIngressInput) (*own.SecurityGroupOutput, error) {
	return h.changeRules(ctx, in, (*security.Group).Revoke)
}

func (h Handlers) changeRules(ctx context.Context, in *own.SecurityGroupIngressInput, change func(*security.Group, security.Rule) error) (*own.SecurityGroupOutput, error) {
	id, err := namedSecurityGroup(in.SecurityGroupId)
	if err != nil {
		return nil, err
	}
	if aws.ToString(in.Source) == "" {
		return nil, cache.Errorf(cache.KindMissing, "The request must contain the parameter Source.")
	}
	rule, err := security.NewRule(security.RuleSpec{
		Source: aws.ToString(in.Source), FromPort: port(in.FromPort), ToPort: port(in.ToPort), Description: aws.ToString(in.Description),
	})
	if err != nil {
		return nil, err
	}
	g, err := act.Change(ctx, h.Deps, store.SecurityGroups, id, func(_ store.Tx, g *security.Group) error {
		if err := g.CheckOwn(); err != nil {
			return err
		}
		return change(g, rule)
	})
	if err != nil {
		return nil, err
	}
	return h.securityGroup(ctx, g)
}

// DeleteSecurityGroup is the action [own.DeleteSecurityGroup].
func (h Handlers) DeleteSecurityGroup(ctx context.Context, in *own.SecurityGroupInput) (*own.SecurityGroupOutput, error) {
	id, err := namedSecurityGroup(in.SecurityGroupId)
	if err != nil {
		return nil, err
	}
	var g *security.Group
	err = h.Store.Update(ctx, func(tx store.UpdateTx) (err error) {
		if g, err = store.Get(tx, store.SecurityGroups, id); err != nil {
			return err
		}
		if h.EC2 != nil { // else nobody would ever delete it
			if err := g.CheckOwn(); err != nil {
				return err
			}
		}
		return store.DeleteSecurityGroup(tx, id)
	})
	if err != nil {
		return nil, err
	}
	return h.securityGroup(ctx, g)
}

func namedSecurityGroup(id *string) (string, error) {
	if aws.ToString(id) == "" {
		return "", cache.Errorf(cache.KindMissing, "The request must contain the parameter SecurityGroupId.")
	}
	return *id, security.CheckIDs([]string{*id})
}

func port(p *int32) *int {
	if p == nil {
		return nil
	}
	return new(int(*p))
}

// securityGroup renders a security group, with who names it.
func (h Handlers) securityGroup(ctx context.Context, g *security.Group) (*own.SecurityGroupOutput, error) {
	out := own.SecurityGroup{
		SecurityGroupId: g.ID, GroupName: g.Name, Description: g.Description, CreatedAt: g.CreatedAt, Rules: []own.SecurityGroupRule{}, UsedBy: []string{},
		Origin: "own", VpcId: g.VPC, GoneSince: known(g.GoneSince),
	}
	link := h.link()
	switch g.Origin {
	case security.OriginEC2:
		out.Origin, out.ReadAt = string(g.Origin), known(link.ReadAt)
	default:
		out.Twice = slices.Contains(link.Twice, g.ID)
	}
	for _, r := range g.Rules {
		rule := own.SecurityGroupRule{Source: r.Source.String(), Description: r.Description}
		if r.ToPort != 0 {
			rule.FromPort, rule.ToPort = new(int32(r.FromPort)), new(int32(r.ToPort))
		}
		out.Rules = append(out.Rules, rule)
	}
	err := h.Store.View(ctx, func(tx store.Tx) error {
		users, err := store.SecurityGroupUsers(tx, g.ID)
		for _, key := range users {
			out.UsedBy = append(out.UsedBy, key.ID())
		}
		return err
	})
	slices.Sort(out.UsedBy)
	return &own.SecurityGroupOutput{SecurityGroup: out}, err
}

// link says how it goes with the EC2 API, if there is one.
func (h Handlers) link() security.Link {
	if h.EC2 == nil {
		return security.Link{}
	}
	return h.EC2.Link()
}

func (h Handlers) ec2Link() *own.EC2Link {
	link := h.link()
	if link.Endpoint == "" {
		return nil
	}
	return &own.EC2Link{Endpoint: link.Endpoint, ReadAt: known(link.ReadAt), FailingSince: known(link.FailingSince), Failure: link.Failure}
}

// known is a time, or nil if there is none.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
