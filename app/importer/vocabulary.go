package importer

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/callboard/callboard/app/importer/internal/value"
)

// The fields that a column can fill.
const (
	fieldID          = "id"
	fieldShow        = "show"
	fieldShowID      = "show_id"
	fieldSeason      = "season_number"
	fieldNumber      = "episode_number"
	fieldTitle       = "title"
	fieldDescription = "description"
	fieldAirDate     = "air_date"
	fieldStatus      = "status"
	fieldCategories  = "categories"
	fieldThumbnail   = "thumbnail_url"
)

// fields lists them in the order in which they are told of.
func fields() []string {
	return []string{
		fieldTitle, fieldDescription, fieldAirDate, fieldSeason, fieldNumber, fieldStatus, fieldCategories, fieldThumbnail,
		fieldShow, fieldID, fieldShowID,
	}
}

// Names that mean another thing than a field, but are known.
const (
	overall = "overall" // the number of an episode in the whole show
	other   = "other"   // no field of an episode
)

// meaning is what the name of a column says.
type meaning struct {
	field string // or overall, or other; empty when the name is not known
	rank  int    // of two columns with names of one field, the higher one fills it
	open  bool   // the content says which: "episode" is a number or a title, "series" a show or, in Britain, a season
}

// The ranks of some names.
const (
	rankVariant  = 1  // is taken off for a name that is known but for a bracket or a country
	rankStep     = 10 // between the steps of a vocabulary
	rankCode     = 25 // of a column of S01E02 whose name says nothing: above "number", below "episode"
	rankEpisode  = 15 // of a column called "episode" that holds titles: below "name"
	rankConstant = 5  // of a show in a column called "title" or "name": below all names of shows
)

// vocabulary knows names of columns by their key.
type vocabulary map[string]meaning

// names are what people call columns, in English, German, French, Spanish, Portuguese, Italian, Dutch, Russian, Japanese and Chinese, as key writes them but
// for accents: a line for each meaning, and its names in steps, the most specific ones last. A question mark is behind those that are open.
const names = `
title: workingtitle canonicaltitle originaltitle originaltitel storytitle storyname segmenttitle headline titleoriginal titlevo originalname 原題 < name nom nombre nome
	名前 名称 < title primarytitle タイトル 題名 題 邦題 件名 标题 標題 название < episodetitle titleepisode episodename nameepisode eptitle epname eptitel episodetitel
	episodentitel folgentitel episodenname nomepisode nombreepisode nomeepisode サブタイトル 各話タイトル 話タイトル エピソードタイトル エピソード名 单集标题 分集标题
description: teaser about blurb 内容 < logline tagline shortdescription shortsummary shortsynopsis kurzbeschreibung kurzinhalt kurzfassung kurztext resumecourt sinopsiscorta sinopsecurta < plot
	handlung intrigue trama ストーリー < overview summary resumen resume resumo zusammenfassung inhalt inhaltsangabe 概要 简介 簡介 samenvatting < synopsis
	sinopsis sinopse sinossi 剧情简介 あらすじ < description longdescription описание omschrijving 説明 < episodedescription episodesummary episodesynopsis episodeplot
	descriptionepisode resumeepisode
air_date: date data 日付 年月日 < published publishedtime publishedat publisheddate publishdate publicationdate datepublished pubdate
	publication uploaddate veroffentlicht veroffentlichungsdatum veroffentlichung datepublication datapublicacao datepublicacion <
	released releasedate datereleased releaseddate daterelease release streamingdate launchdate launch livedate golivedate datesortie sortie datalancamento lancamento datelanzamiento
	erscheinungsdatum 配信日 公開日 < airdate aired dateaired airs airdates airsdate airingdate datebroadcast broadcast broadcastdate transmission
	transmissiondate txdate tx tdate airdatetime ausstrahlung ausstrahlungsdatum sendedatum sendetermin sendetag diffusion
	datediffusion emisión dateemisión emissao dataemissao exibicao dataexibicao uitzenddatum uitzending датавыхода датаэфира 播出日期 放送日 放映日 放送年月日 放送日時 < originalairdate originaldate
	originalaired originalairing originalbroadcast originalbroadcastdate originalreleasedate firstaired firstairdate firstairdates
	firstbroadcast firstbroadcastdate firsttransmission firsttx dateoriginalair firstrelease firstreleasedate premiere premieredate
	premiered premieres airdateoriginal originalair debut debutdate erstausstrahlung erstausstrahlungsdatum erstsendung premierediffusion datepremierediffusion
	diffusionoriginale datediffusionoriginale estreno dateestreno emisiónoriginal dateemisiónoriginal estreia dataestreia
	exibicaooriginal dataexibicaooriginal dataoriginal primatv primavisione primatvitalia messainonda датапремьеры 首播日期 首播 初回放送日 初放送日 初回放送 本放送日 放送開始日
season_number: s se sn seasonname seasontitle < season シーズン 期 季 季数 сезон < seasonnumber numberseason seasonno seasonnum seasonnr snumber staffelnummer staffelnr
	saisonnummer seriesnumber numberseries seriesno seriesnum airedseason シーズン番号 シーズン数
episode_number: n number numeral 番号 < e? episode? エピソード? 話? 回 集 серия? < episodenumber numberepisode episodeno episodenum episodenr epno
	epnum epnumber enumber airedepisodenumber folgennummer folgennr episodennummer episodennr airedepisode 集数 номерсерии 話数 エピソード番号 放送回 何話 第何話 <
	numberinseries numberseries episodeinseries < numberinseason episodeinseason episodenumberinseason numberepisodeinseason
	episodeseason seasonepisode seasonepisodenumber numberwithinseason episodenumberseason numberinseasonepisode numberst
	relativenumber シーズン内話数
overall: overall numberoverall overallnumber overallepisode overallepisodenumber episodeoverall episodenumberoverall
	absolutenumber absolute absoluteepisodenumber absoluteepisode seriesepisodenumber numbertotal totalnumber totalepisode
	cumulative cumulativenumber numberoverallepisode gesamtnummer gesamtfolge numbergesamt numberges numberinshow episodeabsolute
	通算話数 通算
show: series? シリーズ? program programme sendung emission programa 番組 作品 < show tvshow podcast serie seriesname seriestitle
	titleseries serientitel sendetitel seriename serienname titleserie nomserie nombreserie nomeserie 番組名 作品名 番組タイトル 作品タイトル <
	showname showtitle titleshow nameshow podcasttitle podcastname programtitle programname programmetitle programmename tvshowname
	tvshowtitle
show_id: showid
id: id < episodeid
status: zustand statut estado situacao 状態 状況 < status ステータス < episodestatus workflowstatus
categories: keywords keyword topics schlagworter schlagworte motscles palabrasclave palavraschave < tags tag etiquetas
	etiquettes タグ < genres genre genero generos ジャンル < categories category categorie kategorie kategorien categoria categorias カテゴリ
	カテゴリー
thumbnail_url: imagemedium picture photo cover artwork poster bild imagen imagem affiche 画像 < image imageurl imagelink imageoriginal
	still stillurl posterurl pictureurl coverurl artworkurl < thumbnail thumb vignette miniatura vorschaubild サムネイル <
	thumbnailurl thumburl thumbnaillink サムネイルurl
other: director directors directedby writer writers writtenby teleplay teleplayby storyby screenplay screenwriter producer
	producers productioncode prodcode viewers viewership audience share rating ratings imdbrating votes imdbvotes score rank ranking rang
	runtime duration length minutes laufzeit lange duree duracion duracao year yearofrelease jahr ano annee notes note comment
	comments remarks bemerkung bemerkungen kommentar remarques notas observacoes cast gueststars guest network channel sender
	chaine canal language sprache langue idioma url link createdat updatedat createdby version type index regie regisseur drehbuch
	autoren realisateur realisation scenario scenariste guion guionista roteiro diretor 監督 脚本 演出 絵コンテ 作画監督 視聴率 備考
`

func newVocabulary() vocabulary {
	words := vocabulary{}
	m := meaning{}
	for word := range strings.FieldsSeq(names) {
		if field, ok := strings.CutSuffix(word, ":"); ok {
			m = meaning{field: field, rank: rankStep}
		} else if word == "<" {
			m.rank += rankStep
		} else {
			name, open := strings.CutSuffix(word, "?")
			words[fold(name)] = meaning{field: m.field, rank: m.rank, open: open}
		}
	}
	return words
}

// meaning returns what a name says: as it is, else without what is in brackets, else without the country, the language or whose word it is.
func (v vocabulary) meaning(name string) meaning {
	if m, ok := v[key(name)]; ok {
		return m
	}
	bare := bracketed.ReplaceAllString(name, " ")
	for i, variant := range []string{bare, country.ReplaceAllString(bare, " ")} {
		if m, ok := v[key(variant)]; ok && key(variant) != "" {
			m.rank -= rankVariant * (i + 1)
			return m
		}
	}
	for word := range strings.FieldsSeq(strings.ToLower(bare)) {
		switch word {
		case "viewers", "rating", "runtime", "duration", "director", "writer", "votes":
			return meaning{field: other}
		}
	}
	return meaning{}
}

var (
	footnote  = regexp.MustCompile(`\[[^\]]*\]`)
	bracketed = regexp.MustCompile(`\([^)]*\)|\[[^\]]*\]|（[^）]*）`)
	country   = regexp.MustCompile(`(?i)(^|[^\pL])((in|en|em|auf|op) )?(us|uk|usa|u\.s\.a?\.?|u\.k\.?|american|british|canadian|australian|japanese|english|` +
		`german|french|spanish|italian|portuguese|dutch|russian|deutsche?[rs]?|deutschsprachige[rs]?|englische?[rs]?|français|française|anglais|vf|español|` +
		`castellano|inglés|português|brasileiro|inglês|italiano|inglese|nederlandse?|engelse?|русское|itunes)([^\pL]|$)`)
	dayFirst   = regexp.MustCompile(`(?i)\b(d|dd|t|tt|j|jj)[ ./-]?mm?[ ./-]?(y|j|a){2,4}\b`)
	monthFirst = regexp.MustCompile(`(?i)\bmm?[ ./-]?dd?[ ./-]?y{2,4}\b`)
	numberSign = regexp.MustCompile(`(?i)\bn\.?\s?[°º]\.?|#|№`)
)

// key returns the name of a column without all in which people differ who mean the same: case, accents, what is between its
// words, abbreviations, small words and marks of footnotes.
func key(name string) string {
	name = numberSign.ReplaceAllString(value.CleanLine(name), " number ")
	name = norm.NFKC.String(footnote.ReplaceAllString(name, " "))
	var b strings.Builder
	for _, word := range words(name) {
		b.WriteString(synonym(fold(word)))
	}
	return b.String()
}

// words splits a name where something else than letters and digits is, and within episodeTitle and TXDate.
func words(name string) []string {
	var list []string
	start := -1
	runes := []rune(name)
	for i, r := range runes {
		isPart := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		begins := start >= 0 && unicode.IsUpper(r) &&
			(!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if start >= 0 && (!isPart || begins) {
			list = append(list, string(runes[start:i]))
			start = -1
		}
		if isPart && start < 0 {
			start = i
		}
	}
	if start >= 0 {
		list = append(list, string(runes[start:]))
	}
	return list
}

// fold takes case and the accents of Latin letters away.
func fold(word string) string {
	return norm.NFC.String(strings.Map(func(r rune) rune {
		if r >= 0x300 && r <= 0x36f {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(word)))
}

// synonym returns the word that stands for others in a key, nothing for small words.
func synonym(word string) string {
	switch word {
	case "ep", "eps", "epi", "episodes", "episodio", "episodios", "folge", "folgen", "capitulo", "capitulos", "aflevering":
		return "episode"
	case "seasons", "staffel", "saison", "temporada", "temporadas", "stagione", "seizoen":
		return "season"
	case "no", "nr", "num", "nbr", "nummer", "numero", "nos":
		return "number"
	case "titel", "titre", "titulo", "titolo", "titles":
		return "title"
	case "datum", "fecha", "dates":
		return "date"
	case "desc", "descr", "beschreibung", "descripcion", "descricao", "descriptions":
		return "description"
	case "orig", "originally", "originale":
		return "original"
	case "na", "en", "im", "dans", "within":
		return "in"
	case "the", "of", "on", "de", "del", "der", "des", "die", "du", "d", "da", "do", "l", "la", "le", "el", "a":
		return ""
	}
	return word
}
