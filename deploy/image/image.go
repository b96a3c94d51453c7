package main

import (
	"context"
	"fmt"
	"strings"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/aikagi/aikagi/deploy/program"
)

const port = "4580"

// platform is the image for one kind of machine.
type platform struct {
	program.Build
	engines []string
	image   v1.Image
}

func makePlatform(ctx context.Context, cache string, b program.Build, note func(string)) (platform, error) {
	p := platform{Build: b}
	content, err := collect(ctx, cache, b, note)
	if err != nil {
		return p, fmt.Errorf("collect files for %s: %w", b.Arch, err)
	}
	p.engines = content.engines
	p.image = mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	for _, part := range []struct {
		entries []entry
		what    string
	}{{content.system, "engines of the distribution: " + strings.Join(content.engines, ", ")}, {content.own, "aikagi " + b.Version}} {
		layer, err := pack(part.entries)
		if err != nil {
			return p, err
		}
		p.image, err = mutate.Append(p.image, mutate.Addendum{Layer: layer, History: v1.History{CreatedBy: "make image", Comment: part.what, Created: v1.Time{Time: b.Time}}})
		if err != nil {
			return p, fmt.Errorf("add layer: %w", err)
		}
	}
	return p, p.configure()
}

func (p *platform) configure() error {
	config, err := p.image.ConfigFile()
	if err != nil {
		return fmt.Errorf("configure image: %w", err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture, config.Created = "linux", p.Arch, v1.Time{Time: p.Time}
	config.Config = v1.Config{
		User:       fmt.Sprintf("%d:%[1]d", userID),
		Entrypoint: []string{"/usr/bin/tini", "--", "/usr/bin/aikagi"},
		Cmd:        []string{"serve"},
		// Flags of aikagi as variables: they hold for every command of it, and those of the command line take precedence. The data directory is
		// below the volume: whoever owns the volume itself, aikagi makes the directory, and nobody else can read it.
		Env: []string{
			"PATH=/usr/bin", "HOME=" + volume, "AIKAGI_DATA_DIR=" + volume + "/data", "AIKAGI_LISTEN=:" + port, "AIKAGI_ON_STOP=down",
		},
		ExposedPorts: map[string]struct{}{port + "/tcp": {}},
		Volumes:      map[string]struct{}{volume: {}},
		WorkingDir:   "/",
		Labels:       p.labels(),
	}
	p.image, err = mutate.ConfigFile(p.image, config)
	return err
}

// labels describe the image.
//
// Source: OCI image specification, "Pre-Defined Annotation Keys".
func (p *platform) labels() map[string]string {
	labels := map[string]string{
		"title":         "aikagi",
		"description":   "A self-hosted ElastiCache, with " + strings.Join(p.engines, " and "),
		"version":       p.Version,
		"created":       p.Time.Format("2006-01-02T15:04:05Z07:00"),
		"source":        "https://github.com/aikagi/aikagi",
		"documentation": "https://github.com/aikagi/aikagi/blob/main/docs/container.md",
		"licenses":      "Apache-2.0", // aikagi's own; those of the rest are in /usr/share/doc
	}
	if p.Revision != "" {
		labels["revision"] = p.Revision
	}
	full := map[string]string{}
	for key, value := range labels {
		full["org.opencontainers.image."+key] = value
	}
	return full
}

// tag is the version as a tag may be written.
//
// Source: OCI distribution specification, "Pulling manifests".
func tag(version string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", r) {
			return r
		}
		return '-'
	}, version), "-.")
}
