package app

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/callboard/callboard"
)

// NewParser returns a parser whose settings are read alike wherever they stand: times may be in days (7d), sizes have a unit
// (4GB), switches are on or off in any of the usual words, and a variable that is set but empty counts as not set.
func NewParser(target any, options ...kong.Option) (*kong.Kong, error) {
	return newParser(target, os.Getenv, options...)
}

// newParser is NewParser for an environment of its own.
func newParser(target any, env func(name string) string, options ...kong.Option) (*kong.Kong, error) {
	parser, err := kong.New(target, append([]kong.Option{
		kong.TypeMapper(reflect.TypeFor[time.Duration](), kong.MapperFunc(decodeDuration)),
		kong.NamedMapper("days", kong.MapperFunc(decodeDays)),
		kong.NamedMapper("megabytes", kong.MapperFunc(decodeMegabytes)),
		kong.NamedMapper("enabled", switchMapper{inverted: true}),
		kong.KindMapper(reflect.Bool, switchMapper{}),
		kong.KindMapper(reflect.Int, kong.MapperFunc(decodeNumber)),
		kong.ValueFormatter(settingHelp),
	}, options...)...)
	if err != nil {
		return nil, err
	}
	return parser, kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok && len(flag.Envs) == 1 && env(flag.Envs[0]) == "" {
			flag.Tag.Envs = nil
		}
		return next(nil)
	})
}

// settingHelp names the variable also of a setting that NewParser does not read from the environment.
func settingHelp(v *kong.Value) string {
	if v.Flag != nil {
		v.Tag.Envs = v.Flag.Envs
	}
	return kong.DefaultHelpValueFormatter(v)
}

func decodeDuration(in *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := in.Scan.PopValueInto("duration", &text); err != nil {
		return err
	}
	d, err := parseDuration(text)
	target.SetInt(int64(d))
	return cmp.Or(err, checkZero(in, int64(d)))
}

// checkZero refuses 0 where it would be taken for what is not set.
func checkZero(in *kong.DecodeContext, n int64) error {
	if n != 0 || !in.Value.HasDefault || in.Value.Default == "0" || in.Value.Default == "0s" {
		return nil
	}
	return callboard.Errorf(callboard.CodeInvalid, "must not be 0; leave it out to have %s", in.Value.Default)
}

// parseDuration is time.ParseDuration with days in front: 7d, 1d12h.
func parseDuration(text string) (time.Duration, error) {
	const maxDays = 36_500
	var total time.Duration
	days, rest, found := strings.Cut(text, "d")
	if found {
		n, err := strconv.ParseFloat(days, 64)
		if err != nil || !(math.Abs(n) <= maxDays) { // NaN is refused too
			return 0, errDuration()
		}
		total = time.Duration(n * 24 * float64(time.Hour))
	} else {
		rest = text
	}
	if rest == "" && found {
		return total, nil
	}
	d, err := time.ParseDuration(rest)
	if err != nil {
		return 0, errDuration()
	}
	return total + d, nil
}

func errDuration() error {
	return callboard.Errorf(callboard.CodeInvalid, "must be a time with a unit, such as 7d, 90d, 12h or 30s")
}

func decodeNumber(in *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := in.Scan.PopValueInto("number", &text); err != nil {
		return err
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return callboard.Errorf(callboard.CodeInvalid, "must be a whole number")
	}
	target.SetInt(int64(n))
	return checkZero(in, int64(n))
}

// decodeDays reads a number of days, with or without the d.
func decodeDays(in *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := in.Scan.PopValueInto("days", &text); err != nil {
		return err
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(text, "d"), 10, 16)
	if err != nil {
		return callboard.Errorf(callboard.CodeInvalid, "must be a whole number of days, such as 30 or 30d")
	}
	target.SetInt(n)
	return checkZero(in, n)
}

// decodeMegabytes reads a size: a number is of megabytes, and KB have no place in settings.
func decodeMegabytes(in *kong.DecodeContext, target reflect.Value) error {
	var text string
	if err := in.Scan.PopValueInto("size", &text); err != nil {
		return err
	}
	number := strings.ToUpper(text)
	factor := int64(1)
	for unit, size := range map[string]int64{"MB": 1, "GB": 1 << 10, "TB": 1 << 20} {
		if rest, found := strings.CutSuffix(number, unit); found {
			number, factor = strings.TrimSpace(rest), size
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil {
		return callboard.Errorf(callboard.CodeInvalid, "must be a size such as 512MB, 4GB or 1TB; a number alone is of MB")
	}
	target.SetInt(n * factor)
	return checkZero(in, n)
}

// switchMapper reads what is on or off; inverted, for a field that is true when it is off.
type switchMapper struct{ inverted bool }

// IsBool implements kong.BoolMapper: the flag needs no value.
func (switchMapper) IsBool() bool { return true }

// Decode implements kong.Mapper.
func (m switchMapper) Decode(in *kong.DecodeContext, target reflect.Value) error {
	if in.Scan.Peek().Type != kong.FlagValueToken {
		target.SetBool(!m.inverted)
		return nil
	}
	switch strings.ToLower(fmt.Sprint(in.Scan.Pop().Value)) {
	case "true", "1", "yes", "on":
		target.SetBool(!m.inverted)
	case "false", "0", "no", "off":
		target.SetBool(m.inverted)
	default:
		return callboard.Errorf(callboard.CodeInvalid, "must be true or false (or on, off, yes, no, 1, 0)")
	}
	return nil
}
