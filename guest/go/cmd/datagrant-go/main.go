// Command datagrant-go makes a component of a Go program that uses datagrant/dgram.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

const usage = `Usage: datagrant-go build [FLAGS] -o OUTPUT.wasm PACKAGE

Makes a component of PACKAGE, a main package as 'go build' takes it, such as . or ./cmd/app. Run the component with
'datagrant run', and a service with 'datagrant serve'.

  -o FILE            where the component goes
  -service           the host has the loop, and calls the program when there is something to do
  -tags TAGS         build tags, as in 'go build'
  -ldflags FLAGS     flags of the linker, as in 'go build' [default: -s -w, without symbols for debuggers]
  -datagrant FILE    the program that makes components of modules [default: datagrant, from PATH]
  -h, -help          this text

In a module that requires datagrant: go run datagrant/cmd/datagrant-go build -o app.wasm .
`

type options struct {
	output, tags, ldflags, datagrant, app string
	isService                             bool
}

// errUsage is a command line that is not understood.
type errUsage struct{ error }

func main() {
	options, err := parse(os.Args[1:])
	if err == nil {
		err = build(options)
	}
	var wrong errUsage
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		fmt.Print(usage)
	case errors.As(err, &wrong):
		fmt.Fprintf(os.Stderr, "datagrant-go: %v\n\n%s", err, usage)
		os.Exit(2)
	default:
		fmt.Fprintf(os.Stderr, "datagrant-go: %v\n", err)
		os.Exit(1)
	}
}

func parse(arguments []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("datagrant-go", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&o.output, "o", "", "")
	flags.BoolVar(&o.isService, "service", false, "")
	flags.StringVar(&o.tags, "tags", "", "")
	flags.StringVar(&o.ldflags, "ldflags", "-s -w", "")
	flags.StringVar(&o.datagrant, "datagrant", "datagrant", "")
	if err := flags.Parse(arguments); err != nil {
		return o, wrong(err)
	}
	switch command := flags.Arg(0); command {
	case "build":
	case "":
		return o, wrong(errors.New("the command is missing: build"))
	default:
		return o, wrong(fmt.Errorf("no command is called %s", command))
	}
	// Flags stand behind the command and, as many type them, behind the package.
	for arguments = flags.Args()[1:]; len(arguments) > 0; arguments = flags.Args()[1:] {
		if err := flags.Parse(arguments); err != nil {
			return o, wrong(err)
		}
		if flags.NArg() == 0 {
			break
		}
		if o.app != "" {
			return o, wrong(fmt.Errorf("one package at a time: %s is too much", flags.Arg(0)))
		}
		o.app = flags.Arg(0)
	}
	if o.app == "" {
		return o, wrong(errors.New("the package is missing, such as ."))
	}
	if o.output == "" {
		return o, wrong(errors.New("where the component goes is missing: -o FILE.wasm"))
	}
	return o, nil
}

func wrong(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	return errUsage{err}
}

// build has Go make a module, and datagrant a component of it.
func build(o options) error {
	datagrant, err := exec.LookPath(o.datagrant)
	if err != nil {
		return fmt.Errorf("the program %s is not there, or not in PATH: put it there, or say -datagrant FILE", o.datagrant)
	}
	folder, err := os.MkdirTemp("", "datagrant-go-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	module := filepath.Join(folder, "module.wasm")
	tags := o.tags
	if o.isService {
		tags = strings.TrimPrefix(tags+",datagrant_service", ",")
	}
	compile := exec.Command("go", "build",
		// A library whose functions the host calls, since a command would not let it call back.
		"-buildmode=c-shared",
		// dgram asks the scheduler of package runtime what is public nowhere.
		"-ldflags", "-checklinkname=0 "+o.ldflags,
		// What is in the component depends on sources alone, and not on a repository around them that Go may not trust.
		"-buildvcs=false",
		"-tags", tags, "-o", module, o.app)
	compile.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm")
	if err := run(compile); err != nil {
		return fmt.Errorf("go cannot build %s: %w", o.app, err)
	}
	if err := run(exec.Command(datagrant, "componentize", module, "-o", o.output)); err != nil {
		return fmt.Errorf("datagrant cannot make a component of %s: %w", o.app, err)
	}
	return nil
}

// run runs a program that says itself what is wrong.
func run(command *exec.Cmd) error {
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	return command.Run()
}
