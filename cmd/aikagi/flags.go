package main

import (
	"errors"
	"fmt"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/datadir"
)

// dataDirFlag is the data directory, which most commands need.
type dataDirFlag struct {
	DataDir string `help:"Directory where aikagi keeps everything. Default: .aikagi in the current directory, if it exists and is yours; else aikagi in your state directory (~/.local/state)." type:"path" placeholder:"DIR" env:"AIKAGI_DATA_DIR"`
}

func (f dataDirFlag) found() datadir.Found { return datadir.Find(f.DataDir) }
func (f dataDirFlag) path() string         { return f.found().Path }

// clientFlags say which control plane a command talks to.
type clientFlags struct {
	dataDirFlag
	EndpointURL string `help:"URL of the server. Default: the one that serves the data directory." placeholder:"URL" env:"AIKAGI_ENDPOINT_URL"`
}

func (f clientFlags) endpoint() (string, error) {
	if f.EndpointURL != "" {
		return f.EndpointURL, nil
	}
	dir := f.found()
	url, err := datadir.Endpoint(dir.Path)
	if errors.Is(err, datadir.ErrNotServed) {
		return "", fmt.Errorf("%w (%s); start it: aikagi serve --data-dir %[3]s; or name another directory with --data-dir", err, dir.Why, quoteArg(dir.Path))
	}
	return url, err
}

// connect makes a client of the control plane.
func (f clientFlags) connect() (*client.Client, error) {
	endpoint, err := f.endpoint()
	if err != nil {
		return nil, err
	}
	api, err := client.New(endpoint, f.path())
	if err != nil {
		return nil, fmt.Errorf("%w (data directory: %s)", err, f.found().Why)
	}
	return api, nil
}

// groupFlags are those of a command about one group.
type groupFlags struct {
	clientFlags
	Group string `arg:"" help:"Replication group." predictor:"group"`
}

func (f groupFlags) group() string { return f.Group }
