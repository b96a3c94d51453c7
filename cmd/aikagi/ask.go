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

// askPasswords gets the passwords of a user: a line each of the variable, answers on the terminal, or lines of standard input if that is
// not a terminal. They are never arguments: every user of the machine can read those.
func askPasswords(ctx context.Context, count int) (passwords []string, err error) {
	if count < 1 || count > 2 {
		return nil, fmt.Errorf("--passwords %d: a user has 1 or 2 passwords", count)
	}
	lines := bufio.NewScanner(os.Stdin)
	given := os.Getenv(passwordVariable)
	if given != "" {
		lines = bufio.NewScanner(strings.NewReader(given))
	}
	for len(passwords) < count {
		var password string
		switch {
		case given == "" && isTerminal(os.Stdin):
			if password, err = ask(ctx, fmt.Sprintf("Password %d of %d: ", len(passwords)+1, count), true); err == nil && password == "" {
				err = errInterrupted
			}
		case lines.Scan():
			password = strings.TrimRight(lines.Text(), "\r")
		case lines.Err() != nil:
			err = fmt.Errorf("read passwords: %w", lines.Err())
		}
		if err != nil {
			return nil, err
		}
		if password == "" {
			return nil, fmt.Errorf("%d of %d passwords are there: give each on a line of %s or of standard input, or on the terminal", len(passwords), count, passwordVariable)
		}
		passwords = append(passwords, password)
	}
	return passwords, nil
}
