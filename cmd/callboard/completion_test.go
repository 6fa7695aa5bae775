package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"github.com/callboard/callboard/app"
	"github.com/callboard/callboard/internal/needtest"
)

// nodes returns the command line as the parser has it: whatever it takes is completed, and is in the manual page.
func nodes(t *testing.T) []*kong.Node {
	t.Helper()
	parser, err := app.NewParser(&cli{}, kong.Name("callboard"))
	if err != nil {
		t.Fatal(err)
	}
	var all []*kong.Node
	err = kong.Visit(parser.Model, func(visited kong.Visitable, next kong.Next) error {
		switch node := visited.(type) {
		case *kong.Application:
			all = append(all, node.Node)
		case *kong.Node:
			if node.Hidden {
				return nil
			}
			all = append(all, node)
		}
		return next(nil)
	})
	if err != nil || len(all) < 20 {
		t.Fatal(len(all), err)
	}
	return all
}

// offered returns what may follow a command: those below it, and its flags.
func offered(node *kong.Node) (commands, flags []string) {
	for _, child := range node.Children {
		if !child.Hidden {
			commands = append(commands, child.Name)
		}
	}
	for _, flag := range slices.Concat(node.AllFlags(true)...) {
		flags = append(flags, "--"+flag.Name)
		if flag.Tag.Negatable != "" {
			flags = append(flags, "--no-"+flag.Name)
		}
	}
	slices.Sort(commands)
	slices.Sort(flags)
	return commands, flags
}

func printed(t *testing.T, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if code := run(t.Context(), args, streams{out: &out, err: &errs}); code != 0 {
		t.Fatalf("%v: exit code %d: %s", args, code, errs.String())
	}
	return out.String()
}

func TestManualHasAll(t *testing.T) {
	t.Parallel()
	page := strings.ReplaceAll(printed(t, "man"), `\-`, "-")
	for _, node := range nodes(t) {
		if node.Leaf() && !strings.Contains(page, ".SS callboard "+node.Path()) {
			t.Errorf("there is no command %s", node.Path())
		}
		for _, flag := range node.Flags {
			if flag.Name != "help" && (!strings.Contains(page, `\fB--`+flag.Name) || !strings.Contains(page, flag.Help)) {
				t.Errorf("there is no flag --%s", flag.Name)
			}
			for _, env := range flag.Envs {
				if !strings.Contains(page, env) {
					t.Errorf("there is no variable %s", env)
				}
			}
		}
	}
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "'") || strings.HasPrefix(line, ".") && !strings.Contains(" .TH .nh .SH .SS .B .I .TP .UR .UE ", " "+strings.Fields(line)[0]+" ") {
			t.Errorf("a line of text is taken for a request: %s", line)
		}
	}
}

// completed has a shell complete lines, each by the command that complete makes of its words, and returns the words offered for each.
func completed(t *testing.T, shell string, lines [][]string, complete func(words []string) string) [][]string {
	t.Helper()
	if _, err := exec.LookPath(shell); err != nil {
		needtest.Missing(t, shell, err)
	}
	script := printed(t, "completion", shell)
	for _, words := range lines {
		script += complete(words) + "\necho ==\n"
	}
	cmd := exec.CommandContext(t.Context(), shell)
	cmd.Stdin = strings.NewReader(script)
	out, err := cmd.CombinedOutput()
	answers := strings.Split(string(out), "==\n")
	if err != nil || len(answers) != len(lines)+1 {
		t.Fatalf("%s: %v, %d answers for %d lines\n%s", shell, err, len(answers)-1, len(lines), out)
	}
	var all [][]string
	for _, answer := range answers[:len(lines)] {
		var words []string
		for line := range strings.Lines(answer) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t") // fish has a description behind it
			words = append(words, word)
		}
		slices.Sort(words)
		all = append(all, words)
	}
	return all
}

func TestCompletions(t *testing.T) {
	t.Parallel()
	for shell, complete := range map[string]func(words []string) string{
		"bash": func(words []string) string {
			return fmt.Sprintf("COMP_WORDS=('%s'); COMP_CWORD=%d; COMPREPLY=(); _callboard; for w in \"${COMPREPLY[@]}\"; do echo \"$w\"; done",
				strings.Join(words, "' '"), len(words)-1)
		},
		"fish": func(words []string) string { return "complete -C '" + strings.Join(words, " ") + "'" },
	} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			var lines, wants [][]string
			for _, node := range nodes(t) {
				words := append([]string{"callboard"}, strings.Fields(node.Path())...)
				commands, flags := offered(node)
				if len(commands) > 0 {
					lines, wants = append(lines, slices.Concat(words, []string{""})), append(wants, commands)
				}
				lines, wants = append(lines, slices.Concat(words, []string{"--"})), append(wants, flags)
			}
			for _, words := range []string{"user add --email a@example.org --role ", "user add --password-stdin --role "} {
				lines = append(lines, append([]string{"callboard"}, strings.Split(words, " ")...))
				wants = append(wants, []string{"admin", "editor", "viewer"})
			}
			for i, got := range completed(t, shell, lines, complete) {
				if shell == "fish" && !slices.Contains(wants[i], "--help") { // of its own accord
					got = slices.DeleteFunc(got, func(word string) bool { return word == "--help" })
				}
				if !slices.Equal(got, wants[i]) {
					t.Errorf("after %q: %q, want %q", lines[i], got, wants[i])
				}
			}
		})
	}
}

// That of zsh works in a terminal alone.
func TestCompletionsOfZsh(t *testing.T) {
	t.Parallel()
	script := printed(t, "completion", "zsh")
	for _, node := range nodes(t) {
		_, section, found := strings.Cut(script, "\n    '"+node.Path()+"')")
		section, _, _ = strings.Cut(section, "\n        ;;")
		commands, flags := offered(node)
		if !found {
			t.Errorf("there is no command %q", node.Path())
		}
		for _, command := range commands {
			if !strings.Contains(section, "'"+command+":") {
				t.Errorf("after %q there is no %s", node.Path(), command)
			}
		}
		for _, flag := range flags {
			if node.Leaf() && !strings.Contains(section, "'"+flag+"[") && !strings.Contains(section, "'"+flag+"=[") {
				t.Errorf("after %q there is no %s", node.Path(), flag)
			}
		}
	}
	zsh, err := exec.LookPath("zsh")
	if err != nil {
		return
	}
	cmd := exec.CommandContext(t.Context(), zsh, "-n")
	cmd.Stdin = strings.NewReader(script)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("zsh -n: %v\n%s", err, out)
	}
}
