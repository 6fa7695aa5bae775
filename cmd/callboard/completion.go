package main

import (
	"fmt"
	"strings"
	"text/template"

	"github.com/alecthomas/kong"
)

// completionCommand makes the completions of a shell, for packages.
type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints a script that holds the whole command line: it completes without starting the binary.
func (c *completionCommand) Run(parsed *kong.Context, std streams) error {
	script, err := template.New("").Funcs(template.FuncMap{"join": strings.Join, "quote": shellText, "spec": zshSpec, "fish": fishText}).
		Parse(map[string]string{"bash": bashCompletion, "zsh": zshCompletion, "fish": fishCompletion}[c.Shell])
	if err != nil {
		return err
	}
	if err := script.Execute(std.out, describe(parsed.Model.Node).all()); err != nil {
		return fmt.Errorf("print the completions: %w", err)
	}
	return nil
}

// shellText returns what stands within single quotes of bash and zsh.
func shellText(text string) string { return strings.ReplaceAll(text, "'", `'\''`) }

func fishText(text string) string { return strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) }

// zshSpec returns a text for a specification of _arguments or _describe, within single quotes.
func zshSpec(text string) string {
	return shellText(strings.NewReplacer(`\`, `\\`, ":", `\:`, "[", `\[`, "]", `\]`).Replace(text))
}

// Commands stand before their flags: the first word that is no command ends the path. Bash takes --flag=value for three words.
const bashCompletion = `# bash completion of callboard
_callboard() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} at= word words= flags= values=
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = ]]; then
        prev=${COMP_WORDS[COMP_CWORD-2]}
    fi
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case "$at $word" in{{range .}}{{if .Path}}
        '{{.Parent}} {{.Name}}') at='{{.Path}}' ;;{{end}}{{end}}
        *) break ;;
        esac
    done
    case "$at" in{{range .}}
    '{{.Path}}')
        words='{{range .Sub}}{{.Name}} {{end}}'
        flags='{{range .Flags}}--{{.Name}} {{with .No}}--{{.}} {{end}}{{end}}'
        case "$prev" in{{range .Flags}}{{if .Values}}
        --{{.Name}}) values='{{join .Values " "}}' ;;{{else if .Value}}
        --{{.Name}}) return ;;{{end}}{{end}}
        esac
        ;;{{end}}
    esac
    if [[ $values ]]; then
        COMPREPLY=($(compgen -W "$values" -- "$cur"))
    elif [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$flags" -- "$cur"))
    else
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
    fi
}
complete -o default -F _callboard callboard
`

const zshCompletion = `#compdef callboard
_callboard() {
    local at=
    local -a commands
    while (( CURRENT > 2 )); do
        case "$at ${words[2]}" in{{range .}}{{if .Path}}
        '{{.Parent}} {{.Name}}') at='{{.Path}}' ;;{{end}}{{end}}
        *) break ;;
        esac
        shift words
        (( CURRENT-- ))
    done
    case "$at" in{{range .}}
    '{{.Path}}'){{if .Sub}}
        commands=({{range .Sub}}
            '{{.Name}}:{{quote .Help}}'{{end}}
        )
        _describe command commands{{else}}
        _arguments{{range .Flags}} \
            '--{{.Name}}{{if .Value}}={{end}}[{{spec .Help}}]{{if .Values}}:{{.Value}}:({{join .Values " "}}){{else if .Value}}:{{.Value}}:_files{{end}}'{{with .No}} \
            '--{{.}}[Off.]'{{end}}{{end}}{{if .Args}} \
            '*::file:_files'{{end}}{{end}}
        ;;{{end}}
    esac
}
_callboard "$@"
`

const fishCompletion = `# fish completion of callboard
function __callboard_at
    set -l at
    for word in (commandline -opc)[2..-1]
        switch "$at $word"{{range .}}{{if .Path}}
            case '{{.Parent}} {{.Name}}'
                set at '{{.Path}}'{{end}}{{end}}
            case '*'
                break
        end
    end
    test "$at" = "$argv"
end
{{range $command := .}}{{range .Sub}}
complete -c callboard -n "__callboard_at {{$command.Path}}" -f -a {{.Name}} -d '{{fish .Help}}'{{end}}{{range .Flags}}
complete -c callboard -n "__callboard_at {{$command.Path}}" -l {{.Name}}{{if .Values}} -x -a '{{join .Values " "}}'{{else if .Value}} -r{{end}} -d '{{fish .Help}}'{{with .No}}
complete -c callboard -n "__callboard_at {{$command.Path}}" -l {{.}} -d 'Off.'{{end}}{{end}}{{end}}
`
