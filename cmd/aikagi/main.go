// Command aikagi is a self-hosted ElastiCache: it serves the ElastiCache API and
// runs Valkey and Redis servers behind it.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is every subcommand; its fields are in the order of the help.
type cli struct {
	Serve     serveCommand     `cmd:"" help:"Serve the ElastiCache API and run the engines."`
	Env       envCommand       `cmd:"" help:"Print shell exports for the AWS CLI and SDKs: eval \"$(aikagi env)\"."`
	Status    statusCommand    `cmd:"" help:"Show what runs, who may log in, and what is left to close."`
	Failovers failoversCommand `cmd:"" help:"Show what each failover took, step by step, and what it lost."`
	Console   consoleCommand   `cmd:"" help:"Make a link that signs a browser in to the console, once."`
	Token     tokenCommand     `cmd:"" help:"Rotate a group's token, and see who uses which."`
	Down      downCommand      `cmd:"" help:"Stop every engine of a data directory, with its data saved."`

	Doctor doctorCommand `cmd:"" help:"Check this machine and say how to fix what is wrong."`
	Trust  trustCommand  `cmd:"" help:"Install the built-in CA into this system's trust store."`

	Module  moduleCommand  `cmd:"" help:"Build the engine module ahead of time."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	parser, err := kong.New(&cli{},
		kong.Name("aikagi"),
		kong.Description("A self-hosted ElastiCache: rotate a token without an outage."),
		kong.UsageOnError(),
		kong.DefaultEnvars("AIKAGI"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		panic(err) // the struct above is wrong: no user can cause or mend it
	}
	command, err := parser.Parse(os.Args[1:])
	parser.FatalIfErrorf(err)
	if err := command.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "aikagi:", err)
		code := 1
		if exit := (exitError{}); errors.As(err, &exit) {
			code = exit.code
		}
		os.Exit(code)
	}
}

// exitError is an error of a command that has an exit code of its own, which its help
// explains; all others exit with 1.
type exitError struct {
	code int
	error
}

func (e exitError) Unwrap() error { return e.error }
