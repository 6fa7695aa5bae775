package file

import (
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxName bounds a name, in bytes: what file systems take.
const maxName = 255

// CleanName makes of a name that somebody sent one that is a plain name on every system: without folders, control
// characters, marks that turn the direction of writing, and dots in front; at most 255 bytes, with its extension kept.
// When nothing is left it is "file" with the given extension.
func CleanName(sent, extension string) string {
	name := strings.ToValidUTF8(sent, "")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.Map(keepRune, name)
	name = shorten(trimName(name))
	if name == "" {
		return "file" + extension
	}
	if reserved(name) {
		return shorten("_" + name)
	}
	return name
}

// trimName takes off what systems would: spaces around a name, and dots at its end. Dots in front would hide it.
func trimName(name string) string {
	return strings.TrimFunc(name, func(r rune) bool { return r == '.' || unicode.IsSpace(r) })
}

// keepRune drops what is not seen but changes what is: control characters, marks of direction and the like. The two joiners
// belong to the writing of some languages.
func keepRune(r rune) rune {
	if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) && r != '\u200c' && r != '\u200d' {
		return -1
	}
	return r
}

// shorten cuts a name to maxName bytes, in front of its extension.
func shorten(name string) string {
	if len(name) <= maxName {
		return name
	}
	extension := path.Ext(name)
	if len(extension) > maxExtension {
		extension = ""
	}
	stem := name[:maxName-len(extension)]
	for !utf8.ValidString(stem) {
		stem = stem[:len(stem)-1]
	}
	return trimName(stem) + extension
}

// maxExtension bounds what is taken for an extension, in bytes, with its dot.
const maxExtension = 32

// reserved reports whether Windows takes a name for a device, whatever its extension.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	stem = strings.TrimRight(stem, " ")
	if slices.Contains([]string{"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}, stem) {
		return true
	}
	number, com := strings.CutPrefix(stem, "COM")
	if !com {
		number, com = strings.CutPrefix(stem, "LPT")
	}
	return com && utf8.RuneCountInString(number) == 1 && strings.Contains("0123456789¹²³", number)
}
