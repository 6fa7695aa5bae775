package dataset

import (
	"fmt"
	"strings"
)

// The words of names and titles. They are in ASCII, and no word is in two lists, nor in an action or a text of variants.
// So the words by which an entry is found are those of its parts, one after the other.
const (
	firstNames = `Ada Ben Mira Tom Yara Luka Noor Finn Iris Omar Vera Hugo Lena Kofi Nina Otto Rosa Sami Tara Uma
		Abel Cleo Dina Emil Fay Gus Hana Ivo Jana Kai`
	lastNames = `Okafor Lindqvist Reyes Castellanos Nakamura Petrov Haddad Olsen Moreau Dubois Ferrari Novak Kowalski
		Andersson Yilmaz Kaplan Mendes Tanaka Weber Schmitt Rossi Bianchi Larsen Virtanen Horvat Popescu Nagy Silva`
	adjectives = `The Silent Last Broken Golden Hidden Northern Paper Crooked Second Hollow Distant Winter Borrowed
		Quiet Scarlet Endless Little Iron Glass Velvet Stolen Bitter Gentle Wandering Sunken Burning Forgotten Electric`
	nouns = `Harbour Table Lighthouse Letter Garden Bridge Clock Orchard Station River Mirror Island Tower Compass
		Season Promise Voyage Kitchen Signal Workshop Theatre Market Tide Forest Lantern Archive Railway Meadow
		Window Carnival Detective Stranger Passage Summit Valley Ferry Quarry Monsoon Postcard Museum`
)

// User is somebody who acts, and who has notifications.
type User struct {
	ID, Email, Name, Role string
	Token                 string // for the API
	words, ip             string
}

// Resource is something that entries are about.
type Resource struct {
	Type, ID, Name string
	Rare           string // the word of its name that no other has
	words          string
	kind           int
}

// variant is a way in which something happens: an action, and what its metadata says after the title.
type variant struct {
	action string
	event  string // its name
	source string
	tail   string
	words  string // those of action, resource type and tail
}

const (
	fromCallboard   = "callboard"
	fromApplication = "application"
)

// kinds returns what there is and what happens to it. One that is listed twice happens twice as often.
func kinds() []resourceKind {
	change := func(old, next string) string {
		return `","status":"` + next + `","version":3,"changes":{"status":{"old":"` + old + `","new":"` + next + `"}}}`
	}
	updated := variant{"updated_episode", "episode_updated", fromCallboard, change("draft", "pending"), "updated episode pending draft"}
	approved := variant{"updated_episode", "episode_updated", fromCallboard, change("pending", "approved"), "updated episode approved pending"}
	logged := func(action, text, words string) variant {
		return variant{action, "activity_logged", fromApplication, `","note":"` + text + `"}`, words}
	}
	return []resourceKind{
		{"episode", []variant{
			{"created_episode", "episode_created", fromCallboard, `","status":"draft","version":1}`, "created episode draft"},
			updated, updated, updated, approved, approved,
			{"published_episode", "episode_published", fromCallboard, change("approved", "published"), "published episode approved"},
			{"archived_episode", "episode_archived", fromCallboard, change("published", "archived"), "archived episode published"},
			{"deleted_episode", "episode_deleted", fromCallboard, `","status":"draft","version":4}`, "deleted episode draft"},
			{"restored_episode", "episode_restored", fromCallboard, `","status":"draft","version":5}`, "restored episode draft"},
		}},
		{"show", []variant{
			{"created_show", "show_created", fromCallboard, `","version":1}`, "created show"},
			{"updated_show", "show_updated", fromCallboard, `","version":2}`, "updated show"},
			{"deleted_show", "show_deleted", fromCallboard, `","version":3}`, "deleted show"},
		}},
		{"cut", []variant{
			logged("reviewed_cut", "sound is too low", "reviewed cut sound is too low"),
			logged("uploaded_cut", "colour graded", "uploaded cut colour graded"),
			logged("reviewed_cut", "good to go", "reviewed cut good to go"),
		}},
	}
}

type resourceKind struct {
	name     string
	variants []variant
}

// CommonWords are in many entries: names, parts of titles, actions.
func CommonWords() []string {
	return []string{"ada", "harbour", "silent", "episode", "updated", "okafor", "table"}
}

func userAt(n int) User {
	first, last := strings.Fields(firstNames), strings.Fields(lastNames)
	name := first[n%len(first)] + " " + last[n/len(first)%len(last)]
	role := "viewer"
	switch {
	case n == 0:
		role = "admin"
	case n < 20:
		role = "editor"
	}
	return User{
		ID: fmt.Sprintf("01900000-0000-7000-8000-%012x", n+1), Email: fmt.Sprintf("user%d@bench.example", n),
		Name: name, Role: role, Token: fmt.Sprintf("cb_%043d", n), words: strings.ToLower(name),
		ip: fmt.Sprintf("192.0.2.%d", n%250+1),
	}
}

// resourceAt returns resource n. Most are episodes. Words early in their lists are the more frequent ones.
func resourceAt(n int) Resource {
	kind := 0
	switch {
	case n%20 == 7:
		kind = 1
	case n%20 >= 17:
		kind = 2
	}
	h := hash(uint64(n) + 1<<40)
	rare := rareWord(n)
	name := skewed(adjectives, h) + " " + skewed(nouns, h>>32) + " " + rare
	return Resource{
		Type: kinds()[kind].name, ID: fmt.Sprintf("01910000-0000-7000-8000-%012x", n+1), Name: name,
		Rare: strings.ToLower(rare), words: strings.ToLower(name), kind: kind,
	}
}

// skewed returns a word of a list: the first one is many times as frequent as the last.
func skewed(list string, h uint64) string {
	words := strings.Fields(list)
	x := float64(h&0xffff) / (1 << 16)
	return words[int(x*x*float64(len(words)))]
}

// rareWord returns a word of syllables, for a number below 12 million. Many share their beginnings.
func rareWord(n int) string {
	const consonants, vowels = "bdfgklmnprst", "aeiou"
	word := []byte("Qu")
	for range 4 {
		word = append(word, consonants[n%12], vowels[n/12%5])
		n /= 60
	}
	return string(word)
}

// hash spreads numbers evenly (splitmix64, Steele and others, 2014).
func hash(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
