package sheet

import (
	"math"
	"unicode"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// The letters beyond ASCII of languages, the most frequent first.
func western() []string {
	return []string{
		"éïñöèçêáüóàíôâ",  // English
		"éàèêçâôîùûœïëüæ", // French
		"üäößé",           // German
		"óíáéñúü",         // Spanish
		"ãçéáíóêõúàâôü",   // Portuguese
		"àèùòéìíó",        // Italian
		"éèàóòíúçïü",      // Catalan
		"ëéïöèüê",         // Dutch
		"äåöéü",           // Swedish
		"åøæéöäóôü",       // Danish, Norwegian
		"äöåéšž",          // Finnish
	}
}

func central() []string {
	return []string{
		"íáéěýžščřůúťďňó",   // Czech
		"áíéčýžšúľťôňďäóŕĺ", // Slovak
		"łąęóżśćńź",         // Polish
		"áéóöőüíúű",         // Hungarian
		"ăîâşţ",             // Romanian
		"čšžćđ",             // Croatian, Slovene
		"üäößé",             // German
	}
}

func turkish() []string { return append(western(), "ıüşçğöâîû") }

func baltic() []string {
	return append(western(), "šėžųįūčąę", "āīēšūžņļķģč", "äõüöšž")
}

func cyrillic() []string {
	return []string{
		"оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",   // Russian
		"оанивеітрслкудмпзяьбгйчхцїюжєшщфґё’", // Ukrainian
		"аиоенрстувдкмјлпбзгчцшћхжђљњџф",      // Serbian
		"аиоентрсвлкдпмзяубгъчщжцйшхюфь",      // Bulgarian
	}
}

func greek() []string {
	return []string{"αοιετσνηυρπκμλςωάίόγδήέύθχφώβξζψϊϋΐΰ"}
}
func hebrew() []string { return []string{"יוהלאתרבמשנעםדקחפכטגזסןצךףץ"} }
func arabic() []string {
	return []string{"اليمنرتوبعدفهسكقحجةشصأىخطضزذثئءغظآؤإ", western()[1]}
}

func thai() []string {
	return []string{"านรกอเงมยลวดทส่ต้ัะิบปคีาหแจพชขใไโ์็ึุูำถซผณศธฟภษญฐฮฉฝๆฏฬฆฎฑฌฒ๐"}
}

// candidates are the encodings that texts without a mark may have, the usual ones first.
func candidates() []candidate {
	return []candidate{
		{name: "windows-1252", enc: charmap.Windows1252, languages: western()},
		{name: "windows-1252", enc: charmap.Windows1252, languages: []string{"ðáíþóæöéúý"}, prior: -3}, // Icelandic
		{name: "windows-1250", enc: charmap.Windows1250, languages: central(), prior: -3.5},
		{name: "windows-1251", enc: charmap.Windows1251, languages: cyrillic()},
		{name: "Shift_JIS", enc: japanese.ShiftJIS, han: japaneseHan},
		{name: "GB18030", enc: simplifiedchinese.GB18030, han: chineseHan},
		{name: "Big5", enc: traditionalchinese.Big5, han: taiwaneseHan},
		{name: "EUC-KR", enc: korean.EUCKR, han: koreanHan},
		{name: "EUC-JP", enc: japanese.EUCJP, han: japaneseHan, prior: -3},
		{name: "windows-1253", enc: charmap.Windows1253, languages: greek()},
		{name: "windows-1254", enc: charmap.Windows1254, languages: turkish(), prior: -3},
		{name: "windows-1255", enc: charmap.Windows1255, languages: hebrew()},
		{name: "windows-1256", enc: charmap.Windows1256, languages: arabic()},
		{name: "windows-1257", enc: charmap.Windows1257, languages: baltic(), prior: -4},
		{name: "windows-874", enc: charmap.Windows874, languages: thai()},
		{name: "macintosh", enc: charmap.Macintosh, languages: western(), prior: -5},
		{name: "x-mac-cyrillic", enc: charmap.MacintoshCyrillic, languages: cyrillic(), prior: -6},
		{name: "KOI8-R", enc: charmap.KOI8R, languages: cyrillic(), prior: -2},
		{name: "KOI8-U", enc: charmap.KOI8U, languages: cyrillic(), prior: -2.5},
		{name: "ISO-8859-2", enc: charmap.ISO8859_2, languages: central(), prior: -4},
		{name: "ISO-8859-5", enc: charmap.ISO8859_5, languages: cyrillic(), prior: -4},
		{name: "ISO-8859-7", enc: charmap.ISO8859_7, languages: greek(), prior: -1},
		{name: "ISO-8859-15", enc: charmap.ISO8859_15, languages: western(), prior: -1},
		{name: "IBM850", enc: charmap.CodePage850, languages: western(), prior: -6},
		{name: "IBM852", enc: charmap.CodePage852, languages: central(), prior: -7},
		{name: "IBM866", enc: charmap.CodePage866, languages: cyrillic(), prior: -5},
	}
}

// The logarithms of probabilities are rough: they are to tell texts from noise, not languages from each other.
const (
	common  = -6.5 // a character of the few thousand that a Chinese or Japanese text is made of
	rare    = -12
	unknown = -9.0
)

// alphabet returns how probable each letter of a language is: by Zipf's law, the second is half as frequent as the first.
func alphabet(letters string) map[rune]float64 {
	total, rank := 0.0, 0.0
	for range letters {
		rank++
		total += 1 / rank
	}
	logs := map[rune]float64{}
	rank = 0
	for _, r := range letters {
		rank++
		logs[r] = -math.Log(rank * total)
	}
	return logs
}

func japaneseHan(r rune) float64 {
	b, err := japanese.EUCJP.NewEncoder().String(string(r))
	switch {
	case unicode.In(r, unicode.Hiragana, unicode.Katakana) && r < 0xFF00 || r == 'ー':
		return -4
	case err == nil && len(b) == 2 && b[0] >= 0xB0 && b[0] <= 0xCF: // level 1 of JIS X 0208
		return common
	case r >= 0xFF61 && r <= 0xFF9F: // katakana of half the width
		return -7
	}
	return rare
}

func chineseHan(r rune) float64 {
	b, err := simplifiedchinese.GBK.NewEncoder().String(string(r))
	switch level1 := unicode.Is(unicode.Han, r) && err == nil && len(b) == 2 && b[0] >= 0xB0 && b[0] <= 0xD7 && b[1] >= 0xA1; { // of GB 2312
	case level1 && b[0] <= 0xC8: // where Korean has its syllables; a third of all Chinese characters are not here
		return common - 0.5
	case level1:
		return common + 0.5
	}
	return rare
}

func taiwaneseHan(r rune) float64 {
	b, err := traditionalchinese.Big5.NewEncoder().String(string(r))
	if unicode.Is(unicode.Han, r) && err == nil && len(b) == 2 && b[0] >= 0xA4 && b[0] <= 0xC6 { // level 1
		return common
	}
	return rare
}

func koreanHan(r rune) float64 {
	b, err := korean.EUCKR.NewEncoder().String(string(r))
	if unicode.Is(unicode.Hangul, r) && err == nil && len(b) == 2 && b[0] >= 0xB0 && b[1] >= 0xA1 { // of KS X 1001
		return -6.3
	}
	return rare
}
