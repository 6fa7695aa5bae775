package activity

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/bits"
	"strconv"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/internal/sqltext"
	"github.com/callboard/callboard/outbox"
	"github.com/callboard/callboard/sqldb"
)

// The log is the leaves of a Merkle tree (RFC 6962), in which each entry is a leaf for ever: what is changed, removed or put in afterwards
// no longer goes together with a root that was known before. A leaf keeps the position of its entry; leaves are in the order of
// positions, except for entries that came late because their event was a dead letter.

// TreeConsumerName is the name of the consumer that adds entries to the tree.
const TreeConsumerName = "activity_tree"

// treeChunk is how many leaves one transaction adds at the most: a few milliseconds on SQLite.
const treeChunk = 256

// treeGather is how long entries gather before they are added: a checkpoint is signed once in a minute, so nothing waits for them. Creates at
// full speed on SQLite, beside those of a server without a tree: 0.90× when the entries of each batch of the log were added at once, 0.95× with this.
const treeGather = 100 * time.Millisecond

// TreeConsumer returns the consumer of the outbox that adds each entry to the tree. It follows the log's own, and reads the entry: what
// is proven is what the log has. A log that is older than the tree is added before the first event that it gets, in chunks.
func (s *Service) TreeConsumer() outbox.Consumer {
	return outbox.Consumer{Name: TreeConsumerName, HandlePart: s.growTree, Wants: s.wants, Follows: []string{ConsumerName}, Gather: treeGather}
}

// growTree adds the entries of the events, and all before them that are not in the tree yet. Exactly once: they commit with the cursor, which
// is locked, so that nobody else adds a leaf.
func (s *Service) growTree(ctx context.Context, tx *sqldb.Tx, events []callboard.Event, _ string) (taken int, next string, err error) {
	t, top, err := loadTree(ctx, tx)
	if err != nil {
		return 0, "", err
	}
	late, err := lateEntries(ctx, tx, events, top)
	if err != nil {
		return 0, "", err
	}
	last := events[len(events)-1].Pos
	entries, err := queryEntries(ctx, tx, `SELECT `+columnsOfA()+` FROM callboard_activity a WHERE a.pos > $1 AND a.pos <= $2 ORDER BY a.pos LIMIT $3`,
		top, last, treeChunk)
	if err != nil {
		return 0, "", err
	}
	if err := insertLeaves(ctx, tx, &t, append(late, entries...)); err != nil {
		return 0, "", err
	}
	if len(entries) < treeChunk || entries[treeChunk-1].Pos == last {
		return len(events), "", nil
	}
	reached := entries[treeChunk-1].Pos
	for taken < len(events) && events[taken].Pos <= reached {
		taken++
	}
	return taken, strconv.FormatInt(reached, 10), nil
}

// lateEntries returns those entries of the events that the tree has passed without them: they were dead letters of the log.
func lateEntries(ctx context.Context, tx *sqldb.Tx, events []callboard.Event, top int64) ([]Entry, error) {
	var positions []any
	for i := range events {
		if events[i].Pos <= top {
			positions = append(positions, events[i].Pos)
		}
	}
	if len(positions) == 0 {
		return nil, nil
	}
	return queryEntries(ctx, tx, `SELECT `+columnsOfA()+` FROM callboard_activity a
		WHERE a.pos IN (`+sqltext.Placeholders(1, len(positions))+`) AND NOT EXISTS (SELECT 1 FROM callboard_activity_tree t WHERE t.pos = a.pos)
		ORDER BY a.pos`, positions...)
}

// insertLeaves adds entries to the tree.
func insertLeaves(ctx context.Context, tx *sqldb.Tx, t *edge, entries []Entry) error {
	salts := make([]byte, saltSize*len(entries))
	_, _ = rand.Read(salts) // never fails, see crypto/rand
	rows := make([][]any, len(entries))
	for i := range entries {
		salt := salts[saltSize*i : saltSize*(i+1) : saltSize*(i+1)]
		leaf := t.size
		hashes, err := t.add(entries[i].leafHash(salt))
		if err != nil {
			return err
		}
		rows[i] = []any{leaf, entries[i].Pos, salt, encodeHashes(hashes)}
	}
	return sqldb.BulkInsert(ctx, tx, "callboard_activity_tree", []string{"leaf", "pos", "salt", "hashes"}, rows, "")
}

func encodeHashes(hashes []tlog.Hash) []byte {
	b := make([]byte, 0, len(hashes)*tlog.HashSize)
	for _, h := range hashes {
		b = append(b, h[:]...)
	}
	return b
}

// edge is the right edge of a tree: the hashes of the complete subtrees that it ends with, by their level. It is all that is needed to
// add a leaf, and to know the root.
type edge struct {
	size   int64 // leaves
	hashes [64]tlog.Hash
}

// ReadHashes implements tlog.HashReader for what adding a leaf, and the root, need.
func (t *edge) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		level, _ := tlog.SplitStoredHashIndex(index)
		hashes[i] = t.hashes[level]
	}
	return hashes, nil
}

// add adds a leaf, and returns its hash and those of the subtrees that it completes.
func (t *edge) add(leaf tlog.Hash) ([]tlog.Hash, error) {
	hashes, err := tlog.StoredHashesForRecordHash(t.size, leaf, t)
	if err != nil {
		return nil, fmt.Errorf("add a leaf: %w", err)
	}
	t.hashes[len(hashes)-1] = hashes[len(hashes)-1]
	t.size++
	return hashes, nil
}

// root returns the root of the tree.
func (t *edge) root() (tlog.Hash, error) { return tlog.TreeHash(t.size, t) }

// loadTree reads the edge of the tree, and the highest position that is in it.
func loadTree(ctx context.Context, q sqldb.Querier) (t edge, top int64, err error) {
	err = q.QueryRowContext(ctx, `SELECT coalesce((SELECT max(leaf) FROM callboard_activity_tree), -1) + 1,
		coalesce((SELECT max(pos) FROM callboard_activity_tree), 0)`).Scan(&t.size, &top)
	if err != nil {
		return t, 0, fmt.Errorf("read the size of the tree: %w", err)
	}
	var indexes []int64
	for level := range bits.Len64(uint64(t.size)) {
		if n := t.size >> level; n&1 == 1 {
			indexes = append(indexes, tlog.StoredHashIndex(level, n-1))
		}
	}
	hashes, err := storedHashes(ctx, q)(indexes)
	for i, index := range indexes {
		if err == nil {
			level, _ := tlog.SplitStoredHashIndex(index)
			t.hashes[level] = hashes[i]
		}
	}
	return t, top, err
}

// errTree says that the tree in the database is damaged: no consumer writes such a one.
var errTree = callboard.Errorf(callboard.CodeConflict, "the tree of the activity log is damaged; callboard verify says where")

// maxHashesAtOnce bounds the parameters of one query.
const maxHashesAtOnce = 500

// storedHashes reads hashes of the tree, each from the row of the leaf that completed its subtree.
func storedHashes(ctx context.Context, q sqldb.Querier) tlog.HashReaderFunc {
	return func(indexes []int64) ([]tlog.Hash, error) {
		hashes := make([]tlog.Hash, 0, len(indexes))
		for len(indexes) > 0 {
			n := min(len(indexes), maxHashesAtOnce)
			some, err := readHashes(ctx, q, indexes[:n])
			if err != nil {
				return nil, err
			}
			hashes, indexes = append(hashes, some...), indexes[n:]
		}
		return hashes, nil
	}
}

func readHashes(ctx context.Context, q sqldb.Querier, indexes []int64) ([]tlog.Hash, error) {
	leaves, levels := make([]any, len(indexes)), make([]int, len(indexes))
	for i, index := range indexes {
		level, n := tlog.SplitStoredHashIndex(index)
		leaves[i], levels[i] = (n+1)<<level-1, level
	}
	stored := make(map[int64][]byte, len(indexes))
	//nolint:rowserrcheck // Each does
	rows, err := q.QueryContext(ctx, `SELECT leaf, hashes FROM callboard_activity_tree WHERE leaf IN (`+
		sqltext.Placeholders(1, len(leaves))+`)`, leaves...)
	err = sqldb.Each(rows, err, "read the tree", func(row sqldb.Scanner) error {
		var leaf int64
		var b []byte
		err := row.Scan(&leaf, &b)
		stored[leaf] = b
		return err
	})
	if err != nil {
		return nil, err
	}
	hashes := make([]tlog.Hash, len(indexes))
	for i, level := range levels {
		leaf := leaves[i].(int64) //nolint:forcetypeassert // made so above
		b := stored[leaf]
		if len(b) < (level+1)*tlog.HashSize {
			return nil, fmt.Errorf("leaf %d: %w", leaf, errTree)
		}
		hashes[i] = tlog.Hash(b[level*tlog.HashSize:][:tlog.HashSize])
	}
	return hashes, nil
}
