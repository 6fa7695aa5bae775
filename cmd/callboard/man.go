package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// manCommand makes the manual page, for packages.
type manCommand struct{}

// Run prints it. Settings, which most commands have, are listed once.
func (manCommand) Run(parsed *kong.Context, std streams) error {
	whole := describe(parsed.Model.Node)
	var page strings.Builder
	fmt.Fprintf(&page, ".TH CALLBOARD 1 \"\" \"callboard %s\" \"User Commands\"\n.nh\n.SH NAME\ncallboard \\- %s\n", versionOf(), roff(strings.TrimSuffix(whole.Help, ".")))
	page.WriteString(".SH SYNOPSIS\n.B callboard\n.I command\n[\\fIarguments\\fR] [\\fIflags\\fR]\n.SH COMMANDS\n")
	settings := map[string]bool{}
	var table strings.Builder
	for _, command := range whole.all() {
		if command.Path == "" || len(command.Sub) > 0 {
			continue
		}
		fmt.Fprintf(&page, ".SS callboard %s\n%s\n", roff(command.Usage), roff(command.Help))
		for _, flag := range command.Flags {
			switch {
			case flag.Name == "help": // all have it
			case !flag.Setting:
				manFlag(&page, flag)
			case !settings[flag.Name]:
				settings[flag.Name] = true
				manFlag(&table, flag)
			}
		}
	}
	page.WriteString(".SH SETTINGS\nThe commands that act on the data of a server take its settings, as flags or in the environment. A flag wins.\n")
	page.WriteString(table.String())
	page.WriteString(manEnd)
	_, err := fmt.Fprint(std.out, page.String())
	return err
}

func manFlag(page *strings.Builder, flag commandFlag) {
	name := roff("--" + flag.Name)
	if flag.Value != "" {
		name += `=\fI` + flag.Value + `\fB`
	}
	if flag.No != "" {
		name += `\fR, \fB` + roff("--"+flag.No)
	}
	if flag.Env != "" {
		name += `\fR, \fB` + flag.Env
	}
	fmt.Fprintf(page, ".TP\n\\fB%s\\fR\n%s\n", name, roff(flag.Help))
	if len(flag.Values) > 0 {
		fmt.Fprintf(page, "One of %s.\n", roff(strings.Join(flag.Values, ", ")))
	}
	if flag.Default != "" {
		fmt.Fprintf(page, "Default: %s.\n", roff(flag.Default))
	}
}

// roff returns a text that the formatter prints as it is.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "\n", " ").Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}

const manEnd = `.SH EXIT STATUS
.TP
0
The command did what it was asked for.
.TP
1
It failed, or has found trouble. Standard error says why.
.TP
2
The arguments cannot be used. Of an import: nothing came in.
.TP
3, 4
Of doctor: there are warnings, or something is critical.
.SH FILES
.TP
.I callboard.db
The database, in DATA_DIR, unless DATABASE_URL names another one.
.TP
.I jwt_secret\fR, \fIlog_signing_key
Generated secrets, in DATA_DIR.
.TP
.I files
What was uploaded, in DATA_DIR, unless STORAGE_URL names another place.
.TP
.I /etc/callboard/callboard.env
The settings of the service, where Callboard was installed as a package.
.SH SEE ALSO
https://github.com/callboard/callboard
`
