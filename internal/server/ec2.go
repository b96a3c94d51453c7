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
	return checkAPI("--ec2-endpoint", e.Endpoint)
}

// checkAPI refuses what is not the URL of one of AWS's APIs; empty: there is none.
func checkAPI(flag, endpoint string) error {
	if endpoint == "" {
		return nil
	}
	if err := ec2.CheckEndpoint(endpoint); err != nil {
		return fmt.Errorf("%s: %w", flag, err)
	}
	return nil
}

// warnOfPlainHTTP logs what whoever is in between can do while an API on another machine is asked without TLS.
func (s *Server) warnOfPlainHTTP(endpoint, danger string) {
	if u, err := url.Parse(endpoint); err == nil && u.Scheme == "http" && !isLoopback(u.Hostname()) {
		s.options.Logger.Warn("an API is asked over plain HTTP", "endpoint", endpoint, "danger", danger)
	}
}

// readEC2 makes what keeps security groups the same as at the EC2 API, if there is one.
func (s *Server) readEC2() {
	o := &s.options
	if o.EC2.Endpoint == "" {
		return
	}
	s.warnOfPlainHTTP(o.EC2.Endpoint, "whoever is in between can say who may connect to caches")
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
