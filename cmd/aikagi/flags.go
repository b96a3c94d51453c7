package main

import (
	"encoding/json"
	"io"

	"github.com/aikagi/aikagi/internal/client"
	"github.com/aikagi/aikagi/internal/datadir"
)

// dataDirFlag is the data directory, which most commands need.
type dataDirFlag struct {
	DataDir string `help:"Directory of everything that aikagi keeps. Default: aikagi in the user's state directory." type:"path" placeholder:"DIR" env:"AIKAGI_DATA_DIR"`
}

func (f dataDirFlag) path() string {
	if f.DataDir == "" {
		return datadir.Default()
	}
	return f.DataDir
}

// clientFlags say which control plane a command talks to.
type clientFlags struct {
	dataDirFlag
	EndpointURL string `help:"URL of the control plane. Default: the one that serves the data directory." placeholder:"URL" env:"AIKAGI_ENDPOINT_URL"`
}

func (f clientFlags) endpoint() (string, error) {
	if f.EndpointURL != "" {
		return f.EndpointURL, nil
	}
	return datadir.Endpoint(f.path())
}

// connect makes a client of the control plane.
func (f clientFlags) connect() (*client.Client, error) {
	endpoint, err := f.endpoint()
	if err != nil {
		return nil, err
	}
	return client.New(endpoint, f.path())
}

// showJSON prints what a command shows for other programs.
func showJSON(to io.Writer, what any) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	return encoder.Encode(what)
}
