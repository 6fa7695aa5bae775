// Package sqltext writes parts of SQL statements, and the texts that are searched.
package sqltext

import (
	"strconv"
	"strings"
)

// Placeholders returns "$first, …" for n arguments, to be used within IN (…).
func Placeholders(first, n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = "$" + strconv.Itoa(first+i)
	}
	return strings.Join(names, ", ")
}

// Where collects the conditions of a query whose filters are optional, along with their arguments. Conditions are texts
// of the program, never of a user; each "?" in them stands for the next argument.
type Where struct {
	conditions []string
	args       []any
}

// And adds a condition.
func (w *Where) And(condition string, args ...any) {
	var b strings.Builder
	for i, part := range strings.Split(condition, "?") {
		if i > 0 {
			b.WriteString(w.Arg(args[i-1]))
		}
		b.WriteString(part)
	}
	w.conditions = append(w.conditions, b.String())
}

// Arg adds an argument that does not belong to a condition, such as the limit, and returns its placeholder.
func (w *Where) Arg(arg any) string {
	w.args = append(w.args, arg)
	return "$" + strconv.Itoa(len(w.args))
}

// SQL returns " WHERE …" with all conditions, or "" when there are none.
func (w *Where) SQL() string {
	if len(w.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.conditions, " AND ")
}

// Args returns the arguments in the order of their placeholders.
func (w *Where) Args() []any { return w.args }
