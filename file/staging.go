package file

import (
	"bufio"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/gabriel-vasile/mimetype"

	"github.com/callboard/callboard"
	"github.com/callboard/callboard/sqldb"
)

// How long a content may be staged, and when its marker is due. The difference is what a transaction may take at the very
// most, so that a content is never swept while the transaction that makes it a file is under way.
const (
	stagingTime = 12*time.Hour + 30*time.Minute
	markerTime  = 13 * time.Hour
)

// NewFile describes a file that is to be.
type NewFile struct {
	Name      string  // as somebody sent it: CleanName is applied
	EpisodeID *string // nil: it belongs to nobody but its owner
	Owner     string  // empty means the actor
	JobID     *string // of the job that makes it; a variant has none
	// VariantOf is the ID of the file that it is another size of, and Variant the name of that size. A variant has the
	// episode, the owner and the end of the other.
	VariantOf *string
	Variant   string
	ExpiresAt *time.Time // when it is deleted by itself
	// MinRole is the role that the owner must have to read it, now and later; empty means any. It is for files of no episode.
	MinRole callboard.Role
	// MaxSize bounds the content, in bytes; 0 means no bound. More is CodeTooLarge.
	MaxSize int64
}

// Staged is a content that is stored and not yet a file. It becomes one by CommitTx within twelve hours, or is removed:
// by Discard at once, else by a sweep.
type Staged struct {
	s    *Service
	in   NewFile
	file File
}

// ID returns the ID of the file that it becomes.
func (p *Staged) ID() string { return p.file.ID }

// Size returns the size of the content, in bytes.
func (p *Staged) Size() int64 { return p.file.Size }

// Stage has write write a content, and stores it as it comes; memory does not grow with it. An error of write is returned as
// it is. Storage that is away is CodeUnavailable. Nothing is left behind by a Stage that fails.
//
// It writes to the database, so it must not be called within a transaction.
func (s *Service) Stage(ctx context.Context, in NewFile, write func(w io.Writer) error) (*Staged, error) {
	if in.VariantOf != nil && !slices.Contains(Variants(), in.Variant) {
		return nil, callboard.Errorf(callboard.CodeInvalid, "a variant must be small, medium or large")
	}
	p := &Staged{s: s, in: in, file: File{
		ID: callboard.NewID(), EpisodeID: in.EpisodeID, JobID: in.JobID, VariantOf: in.VariantOf, Variant: in.Variant,
		CreatedBy: cmp.Or(in.Owner, callboard.ActorFrom(ctx).ID), ExpiresAt: in.ExpiresAt, MinRole: in.MinRole, key: callboard.NewID(),
	}}
	// What takes part in the next write of ctx, such as an idempotency key, belongs to the file itself, not to its marker.
	own, cancel := context.WithCancel(context.Background())
	defer cancel()
	defer context.AfterFunc(ctx, cancel)()
	err := s.db.Write(own, func(ctx context.Context, tx *sqldb.Tx) error {
		return insertMarker(ctx, tx, p.file.key, s.cfg.Now().Add(markerTime))
	})
	if err != nil {
		return nil, err
	}
	if err := p.fill(ctx, write); err != nil {
		p.Discard(ctx)
		return nil, err
	}
	return p, nil
}

// fill stores what write writes. Storage reads at one end of a pipe while write writes into the other.
func (p *Staged) fill(ctx context.Context, write func(w io.Writer) error) error {
	r, w := io.Pipe()
	var stored error
	var storage sync.WaitGroup
	storage.Go(func() {
		stored = p.s.cfg.Storage.Put(ctx, p.file.key, r)
		_ = r.CloseWithError(errors.Join(errNotStored, stored)) // ends the writing, if it has not ended
	})
	buffered := bufio.NewWriterSize(w, pipeBuffer)
	h := &hashingWriter{w: buffered, max: p.in.MaxSize, hash: sha256.New()}
	written := errAborted
	defer storage.Wait()
	defer func() { _ = w.CloseWithError(written) }() // when write panics
	if written = write(h); written == nil {
		written = buffered.Flush()
	}
	_ = w.CloseWithError(written) // without an error it is the end of the content
	storage.Wait()
	switch {
	case stored != nil && (written == nil || errors.Is(written, errNotStored)):
		return stored
	case written != nil:
		return written
	}
	p.file.Size, p.file.SHA256 = h.size, hex.EncodeToString(h.hash.Sum(nil))
	media := mimetype.Detect(h.head)
	p.file.ContentType, p.file.Name = media.String(), CleanName(p.in.Name, media.Extension())
	return nil
}

// pipeBuffer is how much goes through the pipe at once, in bytes.
const pipeBuffer = 32 << 10

var (
	errNotStored = errors.New("the content is not stored")
	errAborted   = errors.New("the content was not written to its end")
)

// CommitTx makes the content a file as part of tx, and emits FileCreated unless it is a variant. The episode, or the file
// that it is a variant of, must be there: CodeNotFound. A content that waited too long is CodeGone.
func (p *Staged) CommitTx(ctx context.Context, tx *sqldb.Tx) (File, error) {
	f := p.file
	f.CreatedAt = callboard.Now()
	if err := p.lockParent(ctx, tx, &f); err != nil {
		return File{}, err
	}
	if err := insertFile(ctx, tx, f); err != nil {
		return File{}, err
	}
	there, err := takeMarker(ctx, tx, f.key, p.s.cfg.Now().Add(markerTime-stagingTime))
	if err != nil {
		return File{}, err
	}
	if !there {
		return File{}, callboard.Errorf(callboard.CodeGone, "the content was kept for too long without becoming a file; send it again")
	}
	if f.VariantOf != nil {
		return f, nil
	}
	return f, p.s.cfg.Log.Append(ctx, tx, eventOf(ctx, callboard.FileCreated, f, nil))
}

// lockParent makes sure that what the file belongs to is there, and stays until tx ends.
func (p *Staged) lockParent(ctx context.Context, tx *sqldb.Tx, f *File) error {
	if f.VariantOf == nil && f.EpisodeID != nil {
		return p.s.cfg.Episodes.Lock(ctx, tx, *f.EpisodeID, false)
	}
	if f.VariantOf == nil {
		return nil
	}
	original, err := selectFile(ctx, tx, *f.VariantOf, sqldb.ForUpdate(tx))
	if err != nil {
		return err
	}
	if original.VariantOf != nil {
		return callboard.NotFound("file")
	}
	f.JobID, f.EpisodeID, f.CreatedBy, f.ExpiresAt = nil, original.EpisodeID, original.CreatedBy, original.ExpiresAt
	return nil
}

// discardTime bounds how long Discard may take.
const discardTime = 30 * time.Second

// Discard removes a content that is not to become a file. After a CommitTx whose transaction did commit it does nothing, so
// it may be called after every error, also where the outcome is not known. It goes on when ctx ends, and leaves to a sweep
// what it cannot remove.
func (p *Staged) Discard(ctx context.Context) {
	own, cancel := context.WithTimeout(context.Background(), discardTime)
	defer cancel()
	if err := p.discard(own); err != nil {
		p.s.log.WarnContext(ctx, "a content that became no file is left to the sweep", "key", p.file.key, "error", err)
	}
}

// discard first makes the marker due: from then on the content cannot become a file any more. No marker means that it has.
func (p *Staged) discard(ctx context.Context) error {
	there, err := sqldb.WriteValue(ctx, p.s.db, func(ctx context.Context, tx *sqldb.Tx) (bool, error) {
		return makeDue(ctx, tx, p.file.key, p.s.cfg.Now())
	})
	if err != nil || !there {
		return err
	}
	if err := p.s.cfg.Storage.Delete(ctx, p.file.key); err != nil {
		return err
	}
	return p.s.db.Write(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return deleteGarbage(ctx, tx, []any{p.file.key}) })
}

// ReplaceVariantsTx makes the contents the variants of a file, in the place of those that it had.
func (s *Service) ReplaceVariantsTx(ctx context.Context, tx *sqldb.Tx, originalID string, staged []*Staged) ([]File, error) {
	if _, err := selectFile(ctx, tx, originalID, sqldb.ForUpdate(tx)); err != nil {
		return nil, err
	}
	if err := deleteFiles(ctx, tx, `variant_of = $1`, []any{originalID}, s.cfg.Now()); err != nil {
		return nil, err
	}
	tx.Signal(topic)
	files := make([]File, len(staged))
	for i, p := range staged {
		if p.file.VariantOf == nil || *p.file.VariantOf != originalID {
			return nil, errors.New("file: a variant of another file")
		}
		var err error
		if files[i], err = p.CommitTx(ctx, tx); err != nil {
			return nil, err
		}
	}
	return files, nil
}
