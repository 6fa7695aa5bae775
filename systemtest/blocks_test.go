package systemtest

import (
	"os"
	"strings"
	"testing"
)

// block is what stands in a page of the documents between two lines of three backticks.
type block struct {
	page, section  string
	line           int // of the first backticks
	language, text string
}

// readBlocks returns the blocks of a page, which is named from the root of the repository.
func readBlocks(t *testing.T, page string) []block {
	t.Helper()
	text, err := os.ReadFile("../" + page)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []block
	section, open := "", false
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		trimmed := strings.TrimSpace(line)
		switch {
		case !open && strings.HasPrefix(trimmed, "```"):
			open = true
			blocks = append(blocks, block{page: page, section: section, line: number, language: strings.TrimPrefix(trimmed, "```")})
		case open && trimmed == "```":
			open = false
		case open:
			blocks[len(blocks)-1].text += line
		case strings.HasPrefix(line, "#"):
			section = strings.TrimSpace(strings.TrimLeft(line, "#"))
		}
	}
	return blocks
}

// blocksOf returns the blocks of a section that a shell runs.
func blocksOf(t *testing.T, page, section string) []block {
	t.Helper()
	var found []block
	for _, b := range readBlocks(t, page) {
		if b.section == section && b.language == "sh" {
			found = append(found, b)
		}
	}
	if len(found) == 0 {
		t.Fatalf("%s has nothing to run in the section %s", page, section)
	}
	return found
}
