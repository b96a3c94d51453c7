package server

import (
	"fmt"
	"net/url"
	"time"

	"github.com/aikagi/aikagi/internal/ec2"
	"github.com/aikagi/aikagi/internal/ec2/mirror"
	"github.com/aikagi/aikagi/internal/elasticache/act"
)

// EC2 says which EC2 API security groups and subnets are read from.
type EC2 struct {
	Endpoint string        // URL; empty: there is none
	Region   string        // that requests are signed for; empty: that of the server
	Refresh  time.Duration // how often groups are read; 0: DefaultEC2Refresh
}

// DefaultEC2Refresh is how often security groups are read.
const DefaultEC2Refresh = 30 * time.Second

// Who reads more often comes to the API's limits; who reads less often cannot count on a rule that was taken back.
const (
	shortestEC2Refresh = time.Second
	longestEC2Refresh  = time.Hour
)

func (e *EC2) fill(region string) {
	if e.Refresh == 0 {
		e.Refresh = DefaultEC2Refresh
	}
	if e.Region == "" {
		e.Region = region
	}
}

func (e *EC2) validate() error {
	if e.Refresh < shortestEC2Refresh || e.Refresh > longestEC2Refresh {
		return fmt.Errorf("--ec2-refresh %s: want %s to %s", e.Refresh, shortestEC2Refresh, longestEC2Refresh)
	}
	if e.Endpoint == "" {
		return nil
	}
	if err := ec2.CheckEndpoint(e.Endpoint); err != nil {
		return fmt.Errorf("--ec2-endpoint: %w", err)
	}
	return nil
}

// readEC2 makes what keeps security groups the same as at the EC2 API, if there is one.
func (s *Server) readEC2() {
	o := &s.options
	if o.EC2.Endpoint == "" {
		return
	}
	if u, err := url.Parse(o.EC2.Endpoint); err == nil && u.Scheme == "http" && !isLoopback(u.Hostname()) {
		o.Logger.Warn("the EC2 API is asked over plain HTTP: whoever is in between can say who may connect to caches", "endpoint", o.EC2.Endpoint)
	}
	s.mirror = mirror.New(mirror.Options{
		Store: s.store, API: ec2.New(ec2.Options{Endpoint: o.EC2.Endpoint, Region: o.EC2.Region}), Endpoint: o.EC2.Endpoint, Every: o.EC2.Refresh,
		Logger: o.Logger, Now: o.Now,
	})
}

// ec2 is the EC2 API for handlers. An interface that holds a nil pointer is not nil.
func (s *Server) ec2() act.EC2 {
	if s.mirror == nil {
		return nil
	}
	return s.mirror
}
