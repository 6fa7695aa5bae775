package value

import (
	"strings"
	"time"
)

// monthOf returns the month of a name or abbreviation, in the languages that ParseDate tells; 0 for another word. No name here
// means two months.
func monthOf(word string) time.Month {
	switch word {
	case "january", "jan", "januar", "jän", "jänner", "janvier", "janv", "enero", "ene", "janeiro", "gennaio", "gen", "januari":
		return time.January
	case "february", "feb", "febr", "februar", "feber", "février", "fevrier", "févr", "fevr", "fév", "febrero", "fevereiro", "fev",
		"febbraio", "februari":
		return time.February
	case "march", "mar", "märz", "maerz", "mär", "mrz", "mars", "marzo", "março", "marco", "maart", "mrt":
		return time.March
	case "april", "apr", "avril", "avr", "abril", "abr", "aprile":
		return time.April
	case "may", "mai", "mayo", "maio", "maggio", "mag", "mei":
		return time.May
	case "june", "jun", "juni", "juin", "junio", "junho", "giugno", "giu":
		return time.June
	case "july", "jul", "juli", "juillet", "juil", "julio", "julho", "luglio", "lug":
		return time.July
	case "august", "aug", "août", "aout", "agosto", "ago", "augustus":
		return time.August
	case "september", "sep", "sept", "septembre", "septiembre", "setiembre", "setembro", "set", "settembre":
		return time.September
	case "october", "oct", "oktober", "okt", "octobre", "octubre", "outubro", "out", "ottobre", "ott":
		return time.October
	case "november", "nov", "novembre", "noviembre", "novembro":
		return time.November
	case "december", "dec", "dezember", "dez", "décembre", "decembre", "déc", "diciembre", "dic", "dezembro", "dicembre":
		return time.December
	}
	return 0
}

func weekdayOf(word string) (weekday, bool) {
	day := time.Weekday(-1)
	switch word {
	case "sunday", "sun", "sonntag", "so", "dimanche", "dim", "domingo", "dom", "domenica", "zondag", "zo":
		day = time.Sunday
	case "monday", "mon", "montag", "mo", "lundi", "lun", "lunes", "segunda", "lunedì", "maandag", "ma":
		day = time.Monday
	case "tuesday", "tue", "tues", "dienstag", "di", "mardi", "martes", "terça", "martedì", "dinsdag":
		day = time.Tuesday
	case "wednesday", "wed", "mittwoch", "mi", "mercredi", "mer", "miércoles", "mié", "quarta", "mercoledì", "woensdag", "wo":
		day = time.Wednesday
	case "thursday", "thu", "thur", "thurs", "donnerstag", "do", "jeudi", "jeu", "jueves", "jue", "quinta", "giovedì", "donderdag":
		day = time.Thursday
	case "friday", "fri", "freitag", "fr", "vendredi", "ven", "viernes", "vie", "sexta", "venerdì", "vrijdag", "vr":
		day = time.Friday
	case "saturday", "sat", "samstag", "sonnabend", "sa", "samedi", "sam", "sábado", "sáb", "sabato", "zaterdag", "za":
		day = time.Saturday
	}
	return weekday(day) + 1, day >= 0
}

// bracketedWeekday reads the weekday of 1989年12月17日(日) too.
func bracketedWeekday(text string) (weekday, bool) {
	name := strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(text, "曜日"), "曜"), ".")
	for i, sign := range [...]string{"日", "月", "火", "水", "木", "金", "土"} {
		if name == sign {
			return weekday(i) + 1, true
		}
	}
	return weekdayOf(name)
}
