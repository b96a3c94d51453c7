package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"
)

// errInterrupted is the error of a question that got no answer.
var errInterrupted = errors.New("interrupted; nothing was changed")

// ask puts a question on the terminal and reads a line; what is typed is not shown if it is
// secret.
func ask(ctx context.Context, question string, secret bool) (string, error) {
	in := int(os.Stdin.Fd())
	before, err := term.GetState(in)
	if err != nil {
		return "", fmt.Errorf("ask on the terminal: %w", err)
	}
	fmt.Fprint(os.Stderr, question)
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() { // it cannot be interrupted, and ends with the program
		if secret {
			text, err := term.ReadPassword(in)
			fmt.Fprintln(os.Stderr)
			answers <- answer{string(text), err}
			return
		}
		text, err := bufio.NewReader(os.Stdin).ReadString('\n')
		answers <- answer{text, err}
	}()
	select {
	case a := <-answers:
		if errors.Is(a.err, io.EOF) {
			return "", errInterrupted
		}
		return strings.TrimRight(a.text, "\r\n"), a.err
	case <-ctx.Done():
		fmt.Fprintln(os.Stderr)
		return "", errors.Join(errInterrupted, term.Restore(in, before))
	}
}

// askToken gets a token that is to be used: from the variable, from the terminal, or from standard input if that is not
// a terminal. It is never an argument: every user of the machine can read those.
func askToken(ctx context.Context, variable string) (string, error) {
	if token := os.Getenv(variable); token != "" {
		return token, nil
	}
	if isTerminal(os.Stdin) {
		token, err := ask(ctx, "Token: ", true)
		if err == nil && token == "" {
			err = errInterrupted
		}
		return token, err
	}
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if token := strings.TrimRight(line, "\r\n"); token != "" {
		return token, nil
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read token from standard input: %w", err)
	}
	return "", fmt.Errorf("a token is needed: set %s, or give it on standard input or the terminal", variable)
}
