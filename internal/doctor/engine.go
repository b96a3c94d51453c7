package doctor

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aikagi/aikagi/internal/engine/advisory"
)

const installEngine = "sudo apt-get install valkey-server (or redis-server), or name the program with --engine-path"

func checkEngines(_ context.Context, in Input) []Finding {
	if len(in.Engines) == 0 {
		return bad("engine", Fail, installEngine, "neither valkey-server nor redis-server was found: no node can be started")
	}
	var findings []Finding
	for _, engine := range in.Engines {
		origin := ""
		if engine.Package != "" {
			origin = ", package " + engine.Package
		}
		findings = append(findings, ok("engine", "%s %s at %s%s", engine.Name, engine.Version, engine.Path, origin)...)
	}
	return findings
}

// checkVersions tells what can be asked for besides what is installed, and what is not used.
func checkVersions(_ context.Context, in Input) []Finding {
	const name = "engine versions"
	var asked []string
	for _, o := range in.Versions.Offers() {
		asked = append(asked, o.String())
	}
	findings := ok(name, "can be asked for: %s", cmp.Or(strings.Join(asked, "; "), "none"))
	for _, p := range in.Passed {
		findings = append(findings, bad(name, Warn, "remove it, or leave it out of --engine-path", "%s is not used: %s", p.Path, p.Why)...)
	}
	for _, a := range in.Versions.Idle() {
		findings = append(findings, bad(name, Warn, "install "+a.By.String()+", or leave the alias out if "+a.Of.String()+" is installed",
			"--engine-alias %s serves nothing: what it stands for is installed, or what is to serve it is not", a)...)
	}
	return findings
}

func checkHoles(_ context.Context, in Input) []Finding {
	var findings []Finding
	for _, engine := range in.Engines {
		holes := advisory.KnownHoles(engine.Name, engine.Version, engine.Package)
		if len(holes) == 0 {
			findings = append(findings, ok("known holes", "none known in %s %s", engine.Name, engine.Version)...)
		}
		for _, hole := range holes {
			findings = append(findings, describeHole(engine, hole))
		}
	}
	return findings
}

func describeHole(engine Engine, hole advisory.Hole) Finding {
	finding := Finding{
		Check: "known holes", Level: Warn,
		Message: fmt.Sprintf("%s %s has %s: %s", engine.Name, engine.Version, hole.ID, hole.Title),
		Fix:     fmt.Sprintf("use one of %s %s", engine.Name, strings.Join(hole.FixedIn, ", ")),
	}
	program := engine.Name + "-server"
	switch {
	case hole.Verdict == advisory.Unclear:
		finding.Message = fmt.Sprintf("%s %s may have %s, unless the package (%s) fixes it: %s",
			engine.Name, engine.Version, hole.ID, engine.Package, hole.Title)
		finding.Fix = fmt.Sprintf("sudo apt-get install --only-upgrade %s, then see: apt-get changelog %s | grep %s", program, program, hole.ID)
	case strings.Contains(engine.Package, "~bpo"):
		finding.Fix += "; the backports suite it comes from sends no security updates"
	case engine.Package != "":
		finding.Fix = fmt.Sprintf("sudo apt-get update && sudo apt-get install --only-upgrade %s, or %s", program, finding.Fix)
	}
	return finding
}

func checkModule(_ context.Context, in Input) []Finding {
	if in.Module != nil {
		if path, err := in.Module(); err == nil {
			return ok("engine module", "built at %s", path)
		}
	}
	for _, compiler := range in.System.Compilers {
		if path, err := in.System.LookPath(compiler); err == nil {
			return ok("engine module", "not built yet; %s will build it at the first start", path)
		}
	}
	return bad("engine module", Fail, "sudo apt-get install gcc libc6-dev (or set CC)",
		"it is not built, and there is no C compiler: groups with TLS cannot have tokens")
}
