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

	"github.com/aikagi/aikagi/internal/server"
)

// cli is every subcommand; its fields are in the order of the help.
type cli struct {
	Serve   serveCommand   `cmd:"" group:"The service:" help:"Serve the ElastiCache API and run the engines."`
	Env     envCommand     `cmd:"" group:"The service:" help:"Print shell exports for the AWS CLI and SDKs: eval \"$(aikagi env)\"."`
	Console consoleCommand `cmd:"" group:"The service:" help:"Make a link that signs a browser in to the console, once."`
	Down    downCommand    `cmd:"" group:"The service:" help:"Save the data of every engine in a data directory, and stop them."`

	Create      createCommand      `cmd:"" group:"Groups:" help:"Create a replication group and wait until it is available."`
	List        listCommand        `cmd:"" group:"Groups:" help:"List all groups, one per line."`
	Describe    describeCommand    `cmd:"" group:"Groups:" help:"Show how a group is configured."`
	Modify      modifyCommand      `cmd:"" group:"Groups:" help:"Change a group and wait until it is done."`
	Delete      deleteCommand      `cmd:"" group:"Groups:" help:"Delete a group and its data."`
	Connect     connectCommand     `cmd:"" group:"Groups:" help:"Talk to a group: opens redis-cli or valkey-cli with TLS and the right address."`
	Status      statusCommand      `cmd:"" group:"Groups:" help:"Show what runs, who may log in, and what is left to close."`
	Events      eventsCommand      `cmd:"" group:"Groups:" help:"Show what happened; follow what happens next."`
	Logs        logsCommand        `cmd:"" group:"Groups:" help:"Show the logs of a group's engines, and follow them."`
	Failovers   failoversCommand   `cmd:"" group:"Groups:" help:"Show how long each step of a failover took, and what was lost."`
	Node        nodeCommand        `cmd:"" group:"Groups:" help:"Repair a node that cannot start."`
	Maintenance maintenanceCommand `cmd:"" group:"Groups:" help:"Show what waits for the maintenance windows, and do it now."`
	Move        moveCommand        `cmd:"" group:"Groups:" help:"Move a group from one address plan to another without an outage."`
	Refused     refusedCommand     `cmd:"" group:"Groups:" help:"Show who tried to connect to a group and was not let in."`
	Secure      secureCommand      `cmd:"" group:"Groups:" help:"Take a group from plaintext to TLS and a token, without locking a client out."`
	TLS         tlsCommand         `cmd:"" name:"tls" group:"Groups:" help:"See who connects to a group without TLS."`
	Token       tokenCommand       `cmd:"" group:"Groups:" help:"Rotate a group's token, and see who uses which token."`

	SecurityGroup securityGroupCommand `cmd:"" group:"Security groups:" help:"Say who may connect to which caches."`

	User      userCommand      `cmd:"" group:"Users:" help:"Make users, and say what each may do in caches."`
	UserGroup userGroupCommand `cmd:"" group:"Users:" help:"Put users in groups, for caches to let them log in."`
	Can       canCommand       `cmd:"" group:"Users:" help:"Ask an engine whether a user may run a command, now or after a change."`

	Doctor     doctorCommand     `cmd:"" group:"This machine:" help:"Check this machine and say how to fix what is wrong."`
	Trust      trustCommand      `cmd:"" group:"This machine:" help:"Install the built-in CA in this system's trust store."`
	Module     moduleCommand     `cmd:"" group:"This machine:" help:"Build the engine module ahead of time."`
	Completion completionCommand `cmd:"" group:"This machine:" help:"Print shell code that completes commands, flags and groups."`
	Help       helpCommand       `cmd:"" group:"This machine:" help:"Show the help of a command, as --help does."`
	Version    versionCommand    `cmd:"" group:"This machine:" help:"Print the version."`

	ShowVersion kong.VersionFlag `name:"version" env:"-" help:"Print the version and exit."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string) (code int) {
	parser := newParser(ctx)
	completeFor(ctx, parser)
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if err == nil {
		err = command.Run()
	}
	var usage *kong.ParseError
	if errors.As(err, &usage) {
		tellUsage(usage)
		return exitUsage
	}
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "aikagi:", explain(ctx, command, err))
	if exit := (exitError{}); errors.As(err, &exit) {
		return exit.code
	}
	return 1
}

func newParser(ctx context.Context) *kong.Kong { return newParserOf(ctx, &cli{}) }

func newParserOf(ctx context.Context, commands *cli) *kong.Kong {
	parser, err := kong.New(commands,
		kong.Name("aikagi"),
		kong.Description("A self-hosted ElastiCache: rotate a token without an outage.\n\n"+
			"Exit codes: 0 done; 1 refused or failed; 2 incomplete, or still under way; 64 wrong usage."),
		kong.DefaultEnvars("AIKAGI"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true, WrapUpperBound: 120}),
		kong.ValueFormatter(withDefault),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Vars{"version": "aikagi " + server.Version()}, defaults(),
	)
	if err != nil {
		panic(err) // the struct above is wrong: no user can cause or mend it
	}
	return parser
}

// Exit codes besides 0 and 1. Those of a command that has more are in its help.
const (
	exitUsage    = 64 // of a command line that is wrong (sysexits.h)
	exitPartial  = 2  // of an answer that is not complete
	exitUnderWay = 2  // of a command that does not know the end
)

// exitError is an error of a command that has an exit code of its own; all others exit with 1.
type exitError struct {
	code int
	error
}

func (e exitError) Unwrap() error { return e.error }
