package main

import (
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// commandLine is what manual page and completions tell about a command.
type commandLine struct {
	Path  string // "user add"; that of the whole is empty
	Help  string
	Usage string
	Flags []commandFlag // its own, then the settings
	Args  bool
	Sub   []commandLine
}

type commandFlag struct {
	Name    string // without dashes
	Help    string
	Value   string // what the value is called; a switch has none
	Default string
	Env     string
	Values  []string // where only these are allowed
	Setting bool     // of the server, which most commands have
	No      string   // the flag that turns a switch off, if there is one
}

// describe returns the command line below a node, without what is hidden.
func describe(node *kong.Node) commandLine {
	line := commandLine{Path: node.Path(), Help: node.Help, Usage: node.Summary(), Args: len(node.Positional) > 0}
	var settings []commandFlag
	for _, flag := range slices.Concat(node.AllFlags(true)...) {
		described := describeFlag(flag)
		if described.Setting {
			settings = append(settings, described)
		} else {
			line.Flags = append(line.Flags, described)
		}
	}
	line.Flags = append(line.Flags, settings...)
	for _, child := range node.Children {
		if !child.Hidden {
			line.Sub = append(line.Sub, describe(child))
		}
	}
	return line
}

func describeFlag(flag *kong.Flag) commandFlag {
	f := commandFlag{Name: flag.Name, Help: flag.Help, Default: flag.Default, Setting: flag.Group != nil && flag.Group.Key == "settings"}
	if len(flag.Envs) > 0 {
		f.Env = flag.Envs[0]
	}
	if flag.Tag.Negatable != "" {
		f.No = "no-" + flag.Name
	}
	if !flag.IsBool() {
		f.Value = strings.ToUpper(flag.Name[strings.LastIndex(flag.Name, "-")+1:])
	}
	if flag.Enum != "" {
		f.Values = flag.EnumSlice()
	}
	return f
}

// all returns a command and those below it.
func (c commandLine) all() []commandLine {
	lines := []commandLine{c}
	for _, sub := range c.Sub {
		lines = append(lines, sub.all()...)
	}
	return lines
}

// Name is the last word of the path.
func (c commandLine) Name() string { return c.Path[strings.LastIndex(c.Path, " ")+1:] }

// Parent is the path without it.
func (c commandLine) Parent() string {
	return strings.TrimRight(strings.TrimSuffix(c.Path, c.Name()), " ")
}
