package sheet_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/callboard/callboard/internal/sheet"
)

// titles in languages, a few as small files have and more.
func titles() map[string][]string {
	return map[string][]string{
		"english":    {"Naïve", "Don’t Look Now", "The Café – “Reopened”", "It’s a Trap…", "Über Alles", "Señor Chang’s Résumé"},
		"french":     {"Le Père Noël est une ordure", "L’été meurtrier", "Les Misérables", "À bout de souffle", "La Fièvre", "Même pas mal", "Ça ira"},
		"german":     {"Für Elise", "Das Mädchen", "Größe zählt", "Österreich", "Die Straße", "Müller’s Büro"},
		"spanish":    {"El Niño", "¿Qué pasó?", "Corazón", "Años después", "¡Adiós, papá!"},
		"portuguese": {"A Canção", "Não há amanhã", "O Coração", "Três irmãs", "Lição de vida"},
		"swedish":    {"Ön", "Båten går", "Människa", "Sjö och fjäll", "Påsk på Åland"},
		"czech":      {"Příběh", "Počasí", "Večer pod Ještědem", "Žízeň", "Šťastný člověk", "Kůň a růže", "Dvořák"},
		"polish":     {"Życie", "Miłość", "Święto", "Człowiek z żelaza", "Pięść i łza", "Źdźbło"},
		"hungarian":  {"Erdő", "Szép nyári nap", "Tűz és víz", "Hősök tere", "Az éjszaka árnyai", "Őrült idők"},
		"russian":    {"Привет", "Война и мир", "Вьюга", "Место встречи изменить нельзя", "Иван Васильевич меняет профессию"},
		"greek":      {"Ελλάδα", "Η ζωή εν τάφω", "Το χώμα βάφτηκε κόκκινο", "Ο δράκος"},
		"turkish":    {"Işık", "Çalıkuşu", "Aşk-ı Memnu", "Değirmen", "Güneşin Oğlu", "İstanbul Kırmızısı"},
		"lithuanian": {"Vilnius žiemą", "Šeši broliai", "Ąžuolas", "Ėjimas į namus", "Gražūs kaimynų sūnūs"},
		"japanese":   {"日本語の題名", "ガラスの仮面", "第１話「はじまり」", "千と千尋の神隠し", "カウボーイビバップ"},
		"chinese":    {"你好，世界", "红楼梦", "第一集：开始", "三国演义", "西游记之大圣归来"},
		"taiwanese":  {"臺灣的故事", "第一集：開始", "紅樓夢", "光陰的故事", "我們與惡的距離"},
		"korean":     {"안녕하세요", "오징어 게임", "제1화: 시작", "사랑의 불시착", "도깨비"},
	}
}

// Each file reads exactly as it was written, or is refused with what it may be; and those of a dozen rows are not refused.
func TestDetectCharset(t *testing.T) {
	t.Parallel()
	for language, encodings := range map[string][]encoding.Encoding{
		"english":    {charmap.Windows1252, charmap.Macintosh},
		"french":     {charmap.Windows1252, charmap.Macintosh, charmap.CodePage850, charmap.ISO8859_15},
		"german":     {charmap.Windows1252, charmap.Macintosh, charmap.CodePage850, charmap.Windows1250},
		"spanish":    {charmap.Windows1252, charmap.Macintosh, charmap.CodePage850},
		"portuguese": {charmap.Windows1252, charmap.Macintosh},
		"swedish":    {charmap.Windows1252, charmap.Macintosh},
		"czech":      {charmap.Windows1250, charmap.ISO8859_2, charmap.CodePage852},
		"polish":     {charmap.Windows1250, charmap.ISO8859_2, charmap.CodePage852},
		"hungarian":  {charmap.Windows1250, charmap.ISO8859_2},
		"russian":    {charmap.Windows1251, charmap.KOI8R, charmap.ISO8859_5, charmap.CodePage866, charmap.MacintoshCyrillic},
		"greek":      {charmap.Windows1253, charmap.ISO8859_7},
		"turkish":    {charmap.Windows1254},
		"lithuanian": {charmap.Windows1257},
		"japanese":   {japanese.ShiftJIS, japanese.EUCJP, japanese.ISO2022JP},
		"chinese":    {simplifiedchinese.GBK, simplifiedchinese.GB18030},
		"taiwanese":  {traditionalchinese.Big5},
		"korean":     {korean.EUCKR},
	} {
		for _, enc := range encodings {
			name, _ := ianaindex.MIME.Name(enc)
			if name == "" {
				name = fmt.Sprint(enc)
			}
			t.Run(language+" in "+name, func(t *testing.T) {
				t.Parallel()
				all := titles()[language]
				for n := 1; n <= len(all); n++ {
					for first := 0; first+n <= len(all); first++ {
						checkDetected(t, enc, all[first:first+n], n == len(all))
					}
				}
			})
		}
	}
}

func checkDetected(t *testing.T, enc encoding.Encoding, titles []string, mustRead bool) {
	t.Helper()
	file, want := "title,episode\r\n", []string{"1: title|episode"}
	for i, title := range titles {
		file += fmt.Sprintf("%q,%d\r\n", title, i+1)
		want = append(want, fmt.Sprintf("%d: %s|%d", i+2, title, i+1))
	}
	raw, err := encoding.ReplaceUnsupported(enc.NewEncoder()).String(file)
	if err != nil || strings.Contains(raw, "\x1a") { // the encoding has not all of its characters
		return
	}
	got, info, err := rowsOf(t, raw, sheet.ReadOptions{})
	if err != nil {
		wantInvalid(t, err, "its encoding")
		if mustRead {
			t.Errorf("%q: %v", titles, err)
		}
		return
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q read as %s: %q", titles, info.Encoding, got)
	}
}

func TestCharsets(t *testing.T) {
	t.Parallel()
	encode := func(enc encoding.Encoding, text string) string {
		raw, err := enc.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	little := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	big := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	list, rows := "title,n\nÉpisode “smart” – ガラス,1\n", []string{"1: title|n", "2: Épisode “smart” – ガラス|1"}
	for name, tt := range map[string]struct {
		file, called, encoding string
		want                   []string
	}{
		"UTF-8 with a mark":            {"\xef\xbb\xbf" + list, "", "UTF-8", rows},
		"UTF-16 with a mark":           {encode(little, list), "", "UTF-16LE", rows},
		"UTF-16 without":               {encode(big, list), "", "UTF-16BE", rows},
		"UTF-16 as it is called":       {encode(big, list), "utf-16be", "UTF-16BE", rows},
		"UTF-16 with a mark, called":   {encode(little, list), "UTF-16", "UTF-16LE", rows},
		"half of a pair in UTF-16":     {encode(big, "a,b\n1,") + "\xd8\x00" + encode(big, "\n2,x\n"), "UTF-16BE", "UTF-16BE", []string{"1: a|b", "2! column 2, \"\ufffd\": a byte in it is not UTF-16BE", "3: 2|x"}},
		"UTF-16 of few ASCII":          {encode(big, "題名,話\n日本語の題名\n"+strings.Repeat("ガラスの仮面\n", 5)), "", "UTF-16BE", nil},
		"windows-1252 with a bad byte": {"title,n\n\xc9t\xe9,1\nb\x81d,2\n\xe9,3\n", "latin1", "windows-1252", []string{"1: title|n", "2: Été|1", "3! column 1, \"b\ufffdd\": a byte in it is not windows-1252", "4: é|3"}},
		"UTF-8 in windows-1252":        {"title,n\nFa\xe7ade d\xe9j\xe0 vue,1\nCaf\xc3\xa9,2\nna\xefve ni\xf1o,3\n", "", "windows-1252", []string{"1: title|n", "2: Façade déjà vue|1", "3! column 1, \"CafÃ©\": it is in UTF-8, and the rest of the file in windows-1252", "4: naïve niño|3"}},
		"UTF-8 as it is called":        {"a,b\nCaf\xe9,1\nx,2\n", "utf8", "UTF-8", []string{"1: a|b", "2! column 1, \"Caf\ufffd\": the byte 0xE9 in it is not UTF-8", "3: x|2"}},
		"named":                        {encode(charmap.Macintosh, "a,b\nÀ bientôt,1\n"), "MacRoman", "macintosh", []string{"1: a|b", "2: À bientôt|1"}},
		"named by an alias":            {encode(japanese.ShiftJIS, "a,b\n表,1\n"), "sjis", "Shift_JIS", []string{"1: a|b", "2: 表|1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, info, err := rowsOf(t, tt.file, sheet.ReadOptions{Encoding: tt.called})
			if err != nil || info.Encoding != tt.encoding {
				t.Fatalf("%+v, %v", info, err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" && tt.want != nil {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCharsetRefuses(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ file, called, message string }{
		"unknown name":          {"a,b\n", "klingon", "the encoding that was asked for is not known"},
		"no encoding":           {"a,b\n", "replacement", "the encoding that was asked for is not known"},
		"another than the mark": {"\xef\xbb\xbfa,b\n", "windows-1252", "begins with the byte order mark of UTF-8"},
		"two that are likely":   {"a,b\nF\xeate,1\n", "", `line 2 would be "Fête,1" in windows-1252, "Fęte,1" in windows-1250`},
		"what no encoding has":  {"a,b\n\x81\x8d\x8f\xff\xfe\xa0\x80,1\n", "", "its encoding"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, err := rowsOf(t, tt.file, sheet.ReadOptions{Encoding: tt.called})
			wantInvalid(t, err, tt.message)
		})
	}
}
