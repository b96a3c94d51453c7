package main

import (
	"context"
	"fmt"
	"os"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"
	completions "github.com/posener/complete"
)

type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish." predictor:"shell"`
}

// Help says how to use it.
func (completionCommand) Help() string {
	return `To have it in every new shell, add the line to the shell's startup file:

  bash, ~/.bashrc:                   source <(aikagi completion bash)
  zsh, ~/.zshrc, after compinit:     source <(aikagi completion zsh)
  fish, ~/.config/fish/config.fish:  aikagi completion fish | source

Group names come from the server that a command without flags would talk to.`
}

// completionCode has the shell ask this program, which answers if COMP_LINE is set.
var completionCode = map[string]string{
	"bash": "complete -o default -C %[1]s aikagi\n",
	"zsh":  "autoload -U +X bashcompinit && bashcompinit\ncomplete -o default -C %[1]s aikagi\n",
	"fish": `function __complete_aikagi
    set -lx COMP_LINE (commandline -cp)
    test -z (commandline -ct); and set COMP_LINE "$COMP_LINE "
    %[1]s
end
complete -f -c aikagi -a "(__complete_aikagi)"
`,
}

// Run prints the code.
func (c *completionCommand) Run() error {
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find own program: %w", err)
	}
	fmt.Printf(completionCode[c.Shell], quoteArg(program))
	return nil
}

// completeFor answers the shell, and ends the program, if it asks.
func completeFor(ctx context.Context, parser *kong.Kong) {
	kongcompletion.Register(parser,
		kongcompletion.WithPredictor("shell", completions.PredictSet("bash", "zsh", "fish")),
		kongcompletion.WithPredictor("user", completions.PredictFunc(func(completions.Args) []string { return userNames(ctx, clientFlags{}) })),
		kongcompletion.WithPredictor("user-group", completions.PredictFunc(func(completions.Args) []string { return userGroupNames(ctx, clientFlags{}) })),
		kongcompletion.WithPredictor("group", completions.PredictFunc(func(completions.Args) []string { return groupNames(ctx, clientFlags{}) })),
	)
}
