package activity

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// Checkpoint is what was signed: the tree had so many leaves, and this root. Its text is a note as https://c2sp.org/tlog-checkpoint has it.
type Checkpoint struct {
	Size     int64
	Root     tlog.Hash
	SignedAt time.Time
	Note     string
}

// origin is the name of the log in its checkpoints, and that of the keys.
const origin = "callboard-activity"

// NewSigningKey returns a new private key for Config.SigningKey, in the form of golang.org/x/mod/sumdb/note.
func NewSigningKey() (string, error) {
	key, _, err := note.GenerateKey(rand.Reader, origin)
	return key, err
}

// PublicKey returns the public key of a private one, by which the signatures are verified. What is no private key is CodeInvalid; the error
// does not hold it.
func PublicKey(signingKey string) (string, error) {
	invalid := callboard.Errorf(callboard.CodeInvalid, "is no signing key of a log, such as PRIVATE+KEY+%s+…", origin)
	if _, err := note.NewSigner(signingKey); err != nil {
		return "", invalid
	}
	fields := strings.Split(signingKey, "+") // PRIVATE+KEY+name+hash+key, of which the first byte is the algorithm
	seed, err := base64.StdEncoding.DecodeString(strings.Join(fields[4:], "+"))
	if err != nil || len(seed) != 1+ed25519.SeedSize || fields[2] != origin {
		return "", invalid
	}
	public, _ := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	return note.NewEd25519VerifierKey(origin, public)
}

// Keys are the public keys whose signatures are trusted.
type Keys struct {
	verifiers note.Verifiers
	any       bool // there is one
}

// ParseKeys returns the keys, which are as PublicKey returns them. One that cannot be read is CodeInvalid.
func ParseKeys(public ...string) (Keys, error) {
	var list []note.Verifier
	seen := map[string]bool{}
	for _, key := range public {
		key = strings.TrimSpace(key)
		if strings.HasPrefix(key, "PRIVATE+") {
			return Keys{}, callboard.Errorf(callboard.CodeInvalid, "this is a private key, and what verifies is the public one, such as %s+0a1b2c3d+…", origin)
		}
		verifier, err := note.NewVerifier(key)
		if err != nil || verifier.Name() != origin {
			return Keys{}, callboard.Errorf(callboard.CodeInvalid, "%.100q is no public key of a log, such as %s+0a1b2c3d+…", key, origin)
		}
		if !seen[key] {
			list = append(list, verifier)
		}
		seen[key] = true
	}
	return Keys{note.VerifierList(list...), len(list) > 0}, nil
}

// ErrUntrusted says that a checkpoint has no signature of a trusted key.
var ErrUntrusted = errors.New("it is signed with a key that is not trusted here")

// Open returns the checkpoint of a note that one of the keys has signed. The error is ErrUntrusted where none has.
func (k Keys) Open(text string) (Checkpoint, error) {
	opened, err := note.Open([]byte(text), k.verifiers)
	if unverified, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
		return Checkpoint{}, untrusted(unverified.Note)
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("its signature or its form is not right: %w", err)
	}
	return parseCheckpoint(text, opened.Text)
}

// untrusted says whose signature it is, so that who has that key, such as that of another node, can find it.
func untrusted(n *note.Note) error {
	for _, sig := range n.UnverifiedSigs {
		if sig.Name == origin {
			return fmt.Errorf("%w: with %s+%08x+…; if that is a key of yours, such as another node's, add its line in log_public_keys there to the file of DATA_DIR, or give it as --key",
				ErrUntrusted, origin, sig.Hash)
		}
	}
	return ErrUntrusted
}

// NoteOf returns the note with the checkpoint of a file in which somebody has kept one: the note itself, an answer of
// GET /activity/checkpoint or /activity/proof, or a bundle. What is none of them is returned as a note that an editor or a mail program had: with
// other ends of lines, or without the last one.
func NoteOf(file string) string {
	file = strings.TrimPrefix(file, "\ufeff")
	var kept struct {
		Checkpoint string // of the first line of a bundle
		Data       struct{ Note, Checkpoint string }
	}
	if err := json.NewDecoder(strings.NewReader(file)).Decode(&kept); err != nil {
		return strings.TrimRight(strings.ReplaceAll(file, "\r\n", "\n"), "\n") + "\n"
	}
	return cmp.Or(kept.Checkpoint, kept.Data.Note, kept.Data.Checkpoint, file)
}

// maxTree is more leaves than any log has. Of sizes near 2^63 tlog does not find an end.
const maxTree = 1 << 50

// parseCheckpoint reads what a note says.
func parseCheckpoint(whole, text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 5 || lines[0] != origin || lines[4] != "" {
		return Checkpoint{}, errors.New("it is no checkpoint of an activity log")
	}
	c := Checkpoint{Note: whole}
	var err1, err2, err3 error
	c.Size, err1 = strconv.ParseInt(lines[1], 10, 64)
	c.Root, err2 = tlog.ParseHash(lines[2])
	c.SignedAt, err3 = time.Parse("time "+time.RFC3339Nano, lines[3])
	if err := errors.Join(err1, err2, err3); err != nil || c.Size < 1 || c.Size > maxTree {
		return Checkpoint{}, errors.New("it is no checkpoint of an activity log")
	}
	return c, nil
}

func (c *Checkpoint) sign(signingKey string) error {
	signer, err := note.NewSigner(signingKey)
	if err != nil {
		return callboard.Errorf(callboard.CodeInvalid, "the key that signs the log cannot be read") // the cause may quote it
	}
	text := fmt.Sprintf("%s\n%d\n%s\ntime %s\n", origin, c.Size, c.Root, c.SignedAt.Format(time.RFC3339Nano))
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	c.Note = string(signed)
	return err
}

// lastCheckpoint returns the newest checkpoint in the database, or one of size 0. Its signature is not looked at.
func lastCheckpoint(ctx context.Context, q sqldb.Querier) (Checkpoint, error) {
	var text string
	err := q.QueryRowContext(ctx, `SELECT note FROM callboard_activity_checkpoints ORDER BY size DESC LIMIT 1`).Scan(&text)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Checkpoint{}, nil
	case err != nil:
		return Checkpoint{}, fmt.Errorf("read the last checkpoint: %w", err)
	}
	body, _, _ := strings.Cut(text, "\n\n")
	c, err := parseCheckpoint(text, body+"\n")
	if err != nil {
		return Checkpoint{}, callboard.Wrap(err, callboard.CodeConflict, "the last checkpoint of the log cannot be read; callboard verify says more")
	}
	return c, nil
}

// SignCheckpoint signs what the tree is now, and keeps that in the database and in the file, unless nothing was added since the last one. A
// tree that does not continue the last checkpoints is not signed, and no checkpoint is replaced: CodeConflict says what is wrong.
func (s *Service) SignCheckpoint(ctx context.Context) error {
	if s.cfg.SigningKey == "" {
		return nil
	}
	last, err := lastCheckpoint(ctx, s.db)
	if err != nil {
		return err
	}
	kept, err := s.keptCheckpoint()
	if err != nil {
		return err
	}
	t, _, err := loadTree(ctx, s.db) // after them: another node may be signing, and the tree only grows
	if err != nil {
		return err
	}
	for where, c := range map[string]Checkpoint{"in the database": last, "in " + s.cfg.CheckpointFile: kept} {
		if err := checkContinues(ctx, s.db, t.size, c, where); err != nil {
			return err
		}
	}
	if t.size == 0 || t.size == last.Size && t.size == kept.Size {
		return nil
	}
	if t.size > last.Size {
		last = Checkpoint{Size: t.size, SignedAt: s.cfg.Now()}
		if last.Root, err = t.root(); err != nil {
			return err
		}
		if err := s.insertCheckpoint(ctx, &last); err != nil {
			return err
		}
	}
	return s.keepCheckpoint(last)
}

// insertCheckpoint signs a checkpoint and keeps it. Of two nodes that sign the same, one does.
func (s *Service) insertCheckpoint(ctx context.Context, c *Checkpoint) error {
	if err := c.sign(s.cfg.SigningKey); err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO callboard_activity_checkpoints (size, signed_at, note) VALUES ($1, $2, $3) ON CONFLICT (size) DO NOTHING`,
			c.Size, sqldb.Time{Time: c.SignedAt}, c.Note)
		if err != nil {
			return fmt.Errorf("keep a checkpoint: %w", err)
		}
		return nil
	})
}

// checkContinues returns nil when the tree began as a checkpoint has it.
func checkContinues(ctx context.Context, q sqldb.Querier, size int64, c Checkpoint, where string) error {
	if c.Size == 0 {
		return nil
	}
	if c.Size > size {
		return callboard.Errorf(callboard.CodeConflict, "the checkpoint %s has %d entries and the log only %d: an older backup was restored, or its end was cut off",
			where, c.Size, size)
	}
	root, err := tlog.TreeHash(c.Size, storedHashes(ctx, q))
	if err == nil && root != c.Root {
		err = callboard.Errorf(callboard.CodeConflict, "the log is not the one of the checkpoint %s, of %d entries", where, c.Size)
	}
	return err
}

// keptCheckpoint returns what the file has, or a checkpoint of size 0.
func (s *Service) keptCheckpoint() (Checkpoint, error) {
	text, err := os.ReadFile(s.cfg.CheckpointFile)
	if s.cfg.CheckpointFile == "" || errors.Is(err, fs.ErrNotExist) {
		return Checkpoint{}, nil
	}
	if err != nil {
		return Checkpoint{}, fmt.Errorf("read the last checkpoint: %w", err)
	}
	body, _, _ := strings.Cut(string(text), "\n\n")
	c, err := parseCheckpoint(string(text), body+"\n")
	if err != nil {
		return Checkpoint{}, callboard.Wrap(err, callboard.CodeConflict, s.cfg.CheckpointFile+" holds no checkpoint")
	}
	return c, nil
}

// keepCheckpoint replaces the file, at once and durably.
func (s *Service) keepCheckpoint(c Checkpoint) error {
	path := s.cfg.CheckpointFile
	if path == "" {
		return nil
	}
	draft, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path))
	if err != nil {
		return fmt.Errorf("keep the checkpoint: %w", err)
	}
	defer os.Remove(draft.Name())
	_, err = draft.WriteString(c.Note)
	if err = errors.Join(err, draft.Sync(), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("keep the checkpoint: %w", err)
	}
	return nil
}

const (
	// checkpointEvery is how often checkpoints are signed, as long as entries come in.
	checkpointEvery = time.Minute

	// firstCheckpoint is how soon the first one is: before it nothing is proven, and a log that is older than the tree is red.
	firstCheckpoint = 2 * time.Second
)

// RunCheckpoints signs checkpoints until ctx ends, while this process leads.
func (s *Service) RunCheckpoints(ctx context.Context, leads func() bool) error {
	if s.cfg.SigningKey == "" {
		return nil
	}
	every := firstCheckpoint
	for sqldb.Wait(ctx, every); ctx.Err() == nil; sqldb.Wait(ctx, every) {
		if !leads() {
			continue
		}
		err := s.SignCheckpoint(sqldb.LowPriority(ctx))
		if err != nil && ctx.Err() == nil {
			s.cfg.Logger.Error("the activity log is not signed", "error", err)
		}
		if c, none := lastCheckpoint(ctx, s.db); err != nil || none != nil || c.Size > 0 {
			every = checkpointEvery
		}
	}
	return nil
}

const (
	checkpointDays  = 30   // for which all checkpoints are kept; of the days before, the last of each
	checkpointChunk = 1000 // rows that one transaction deletes at most
)

// sweepCheckpoints thins out old checkpoints: a later one proves all that an earlier one does.
func (s *Service) sweepCheckpoints(ctx context.Context) error {
	const day = 24 * 60 * 60 * 1_000_000
	for n := int64(checkpointChunk); n == checkpointChunk; {
		err := s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			result, err := tx.ExecContext(ctx, `DELETE FROM callboard_activity_checkpoints WHERE size IN (
				SELECT c.size FROM callboard_activity_checkpoints c WHERE c.signed_at < $1 AND c.signed_at / $2 = (
					SELECT next.signed_at / $2 FROM callboard_activity_checkpoints next WHERE next.size > c.size ORDER BY next.size LIMIT 1) LIMIT $3)`,
				sqldb.Time{Time: s.cfg.Now().AddDate(0, 0, -checkpointDays)}, int64(day), checkpointChunk)
			if err != nil {
				return fmt.Errorf("sweep checkpoints: %w", err)
			}
			n, err = result.RowsAffected()
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
