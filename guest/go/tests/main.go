// What the tests of the SDK run as a component, by name: `tests stress COUNT`, `tests lateness` and so on.
package main

import (
	"fmt"
	"os"
)

var programs = map[string]func(arguments []string) error{
	"busy":     busy,
	"deadlock": deadlock,
	"exit":     exit,
	"lateness": lateness,
	"names":    names,
	"panic":    panics,
	"stress":   stress,
}

func main() {
	if len(os.Args) < 2 || programs[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "tests: say which one")
		os.Exit(1)
	}
	if err := programs[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "tests: %v\n", err)
		os.Exit(1)
	}
}
