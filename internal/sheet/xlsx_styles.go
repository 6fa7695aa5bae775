package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/nfp"

	"github.com/callboard/callboard"
)

// maxFormats is how many formats of cells, or of numbers, a workbook may have. Excel writes 65,490 at most.
const maxFormats = 100_000

// numberFormat says what a format makes of a number.
type numberFormat uint8

const (
	plainNumber numberFormat = iota
	dateFormat
	timeFormat                         // hours, minutes, seconds
	elapsedFormat                      // the same, with more than 24 hours
	percentFormat                      // and the digits behind its point, up to 15
	paddedFormat  = percentFormat + 16 // and the digits that a whole number has at least, up to 15
)

// readStyles returns the formats of numbers by the index that cells name.
func readStyles(x *xmlReader) ([]numberFormat, error) {
	if err := x.root("styleSheet"); err != nil {
		return nil, err
	}
	codes, formats := map[int]string{}, map[int]numberFormat{}
	var styles []numberFormat
	for {
		ok, err := x.child(1)
		if err != nil || !ok {
			return styles, err
		}
		switch string(x.name) {
		case "numFmts":
			err = x.each("numFmt", func() error { return readNumberFormat(x, codes) })
		case "cellXfs":
			err = x.each("xf", func() error {
				if len(styles) == maxFormats {
					return errTooManyFormats()
				}
				id, err := formatOf(x)
				format, known := formats[id]
				if code, own := codes[id]; own && !known {
					format = formatOfCode(code)
				} else if !known {
					format = builtInFormat(id)
				}
				formats[id] = format
				styles = append(styles, format)
				return err
			})
		default:
			err = x.skip()
		}
		if err != nil {
			return nil, err
		}
	}
}

func errTooManyFormats() error {
	return callboard.Errorf(callboard.CodeTooLarge, "the workbook has more than %d formats of cells; save it as CSV", maxFormats)
}

func readNumberFormat(x *xmlReader, codes map[int]string) error {
	id, code := 0, []byte(nil)
	for {
		name, value, err := x.attr()
		if err != nil {
			return err
		}
		switch string(name) {
		case "":
			if len(codes) == maxFormats {
				return errTooManyFormats()
			}
			codes[id] = string(code)
			return nil
		case "numFmtId":
			id, err = strconv.Atoi(string(value))
		case "formatCode":
			code, err = appendXML(nil, value, false)
		}
		if err != nil {
			return err
		}
	}
}

// formatOf returns the format of numbers of the style that has begun.
func formatOf(x *xmlReader) (int, error) {
	for {
		name, value, err := x.attr()
		if err != nil || len(name) == 0 {
			return 0, err
		}
		if string(name) == "numFmtId" {
			return strconv.Atoi(string(value))
		}
	}
}

// builtInFormat returns one that Excel does not write down (ECMA-376, part 1, 18.8.30).
func builtInFormat(id int) numberFormat {
	switch {
	case id == 9:
		return percentFormat
	case id == 10:
		return percentFormat + 2
	case id >= 18 && id <= 21, id == 32, id == 33, id == 45, id == 47:
		return timeFormat
	case id == 46:
		return elapsedFormat
	case id >= 14 && id <= 22, id >= 27 && id <= 36, id >= 50 && id <= 58:
		return dateFormat
	}
	return plainNumber
}

// formatOfCode tells a format such as d\-mmm\-yy from one such as 0.00 "days".
func formatOfCode(code string) numberFormat {
	const longest = 1000 // Excel allows 255 characters
	if len(code) > longest {
		return plainNumber
	}
	const most = 15 // digits
	if strings.Trim(code, "0") == "" && len(code) > 1 && len(code) <= most {
		return paddedFormat + numberFormat(len(code))
	}
	if decimals, ok := strings.CutPrefix(strings.TrimSuffix(code, "%"), "0"); ok && strings.HasSuffix(code, "%") && len(decimals) <= most+1 && decimals != "." {
		if zeros := strings.TrimPrefix(decimals, "."); strings.Trim(zeros, "0") == "" && (zeros == "") == (decimals == "") {
			return percentFormat + numberFormat(len(zeros))
		}
	}
	format := plainNumber
	parser := nfp.NumberFormatParser()
	for _, section := range parser.Parse(code) {
		for _, item := range section.Items {
			switch value := strings.ToLower(item.TValue); {
			case item.TType == nfp.TokenTypeElapsedDateTimes:
				return elapsedFormat
			case item.TType != nfp.TokenTypeDateTimes:
			case strings.ContainsAny(value, "ydeg"):
				return dateFormat
			case strings.ContainsAny(value, "hs"):
				format = timeFormat
			case format == plainNumber: // m is a month, unless there are hours or seconds beside it
				format = dateFormat
			}
		}
	}
	return format
}

// appendNumber adds what a number is as text without most of its format: with the 15 digits that spreadsheets show, the date or the time that
// it shows, as percent, or with the zeros in front.
func appendNumber(dst, value []byte, format numberFormat, date1904 bool) ([]byte, CellKind) {
	if format == plainNumber && isShortInteger(value) {
		return append(dst, value...), Number
	}
	number, err := strconv.ParseFloat(string(value), 64)
	if err != nil || math.IsInf(number, 0) || math.IsNaN(number) {
		return append(dst, value...), Text
	}
	switch {
	case format >= paddedFormat && number >= 0 && number == math.Trunc(number):
		return fmt.Appendf(dst, "%0*.0f", int(format-paddedFormat), number), Number
	case format >= percentFormat && format < paddedFormat:
		dst = strconv.AppendFloat(dst, number*100, 'f', int(format-percentFormat), 64)
		return append(dst, '%'), Text
	case format != plainNumber && format < percentFormat:
		if text, kind := dateOf(number, format, date1904); text != "" {
			return append(dst, text...), kind
		}
	}
	if short, err := strconv.ParseFloat(strconv.FormatFloat(number, 'g', 15, 64), 64); err == nil {
		number = short
	}
	verb := byte('f')
	if math.Abs(number) >= 1e21 {
		verb = 'g'
	}
	return strconv.AppendFloat(dst, number, verb, -1, 64), Number
}

func isShortInteger(value []byte) bool {
	if len(value) == 0 || len(value) > 15 || value[0] == '0' && len(value) > 1 {
		return false
	}
	for _, c := range value {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// dateOf returns what a number of days shows, or nothing if that is no date.
func dateOf(days float64, format numberFormat, date1904 bool) (string, CellKind) {
	const end = 2_958_466 // 10000-01-01 when days count from 1900
	if days < 0 || days >= end {
		return "", Number
	}
	seconds := int64(math.Round(days * 24 * 60 * 60))
	day := int(seconds / (24 * 60 * 60))
	if format == elapsedFormat || day == 0 && (format == timeFormat || !date1904) {
		return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60), Text
	}
	first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case date1904:
		first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case day == 60: // a day that Excel has and the calendar has not
		return "1900-02-29", Text
	case day < 60:
		first = first.AddDate(0, 0, 1)
	}
	date := first.AddDate(0, 0, day)
	if date.Year() > 9999 {
		return "", Number
	}
	return shownDate(date.Add(time.Duration(seconds%(24*60*60)) * time.Second)), Date
}

// shownDate leaves out a time of day that is midnight.
func shownDate(date time.Time) string {
	if date.Equal(date.Truncate(24 * time.Hour)) {
		return date.Format(time.DateOnly)
	}
	return date.Format(time.DateTime)
}

// appendISODate adds a date that a cell holds as text (ECMA-376, part 1, 18.18.11, type d), as dateOf shows it.
func appendISODate(dst, value []byte) ([]byte, CellKind) {
	for _, layout := range []string{"2006-01-02T15:04:05", time.RFC3339, "2006-01-02T15:04", time.DateOnly} {
		if date, err := time.Parse(layout, string(value)); err == nil {
			return append(dst, shownDate(date.Round(time.Second))...), Date
		}
	}
	return append(dst, value...), Text
}
