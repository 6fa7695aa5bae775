package activity

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/callboard/callboard/internal/httpapi"
)

// proofRoutes adds the routes by which others can check the log.
func (s *Service) proofRoutes(a huma.API) {
	httpapi.Register(a, httpapi.Route{
		ID: "activity-checkpoint", Method: http.MethodGet, Path: "/api/v1/activity/checkpoint", Tag: tag, Access: httpapi.SignedIn,
		Errors: []int{http.StatusNotFound}, Summary: "The newest signed checkpoint of the log",
		Description: "Keep it elsewhere: callboard verify --checkpoint then finds whatever was changed in the log before it. One is signed every minute in " +
			"which something happened, and when the server stops.",
	}, s.getCheckpoint)
	httpapi.Register(a, httpapi.Route{
		ID: "activity-proof", Method: http.MethodGet, Path: "/api/v1/activity/proof/{pos}", Tag: tag, Access: httpapi.SignedIn,
		Errors: []int{http.StatusNotFound, http.StatusConflict}, Summary: "Proof that an entry is in the signed log",
		Description: "Of an entry that the caller may read. The hashes are an inclusion proof of RFC 6962, with SHA-256, for the tree of the checkpoint. An entry " +
			"that came after the newest checkpoint is a 409; one is signed every minute.",
	}, s.getProof)
	httpapi.Register(a, httpapi.Route{
		ID: "activity-bundle", Lasting: true, Method: http.MethodGet, Path: "/api/v1/activity/bundle", Tag: tag, Access: httpapi.SignedIn, Heavy: true,
		Errors: []int{http.StatusNotFound}, Summary: "Download entries with their proofs, streamed",
		Description: "What passes the filter, newest first, as lines of JSON: the checkpoint, each entry with its proof, and an end. callboard verify --bundle checks it " +
			"without the database. What came after the newest checkpoint is left out, and counted in the last line.",
		Document: httpapi.Streamed(`{"format":"callboard-activity-bundle-1","checkpoint":"callboard-activity\n1042\n…"}`+"\n"+
			`{"leaf":1041,"entry":"AQ…","hashes":["…"]}`+"\n"+`{"entries":1,"not_signed":0}`+"\n", "application/x-ndjson"),
	}, s.getBundle)
}

type checkpointView struct {
	Size      int64     `json:"size" doc:"How many entries were signed." example:"1042"`
	Root      string    `json:"root" doc:"Root of the Merkle tree, in base64." example:"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="`
	SignedAt  time.Time `json:"signed_at" doc:"When it was signed."`
	Note      string    `json:"note" doc:"The signed text, as https://c2sp.org/tlog-checkpoint has it." example:"callboard-activity\n1042\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\ntime 2026-03-14T09:26:53Z\n\n— callboard-activity Az3grl…\n"`
	PublicKey string    `json:"public_key,omitempty" doc:"Key of this server, with which the signature can be checked. Trust it only as far as you trust where you have it from." example:"callboard-activity+0a1b2c3d+ATUWd4…"`
}

func (s *Service) getCheckpoint(ctx context.Context, _ *struct{}) (*httpapi.Body[checkpointView], error) {
	c, err := s.LastCheckpoint(ctx)
	if err != nil {
		return nil, err
	}
	view := checkpointView{Size: c.Size, Root: c.Root.String(), SignedAt: c.SignedAt, Note: c.Note}
	if s.cfg.SigningKey != "" {
		view.PublicKey, err = PublicKey(s.cfg.SigningKey)
	}
	return httpapi.OK(view), err
}

type proofInput struct {
	Pos int64 `path:"pos" minimum:"1" doc:"Position of the entry."`
}

type proofView struct {
	Leaf       int64    `json:"leaf" doc:"Number of the entry in the tree, from 0."`
	LeafHash   string   `json:"leaf_hash" doc:"Hash of the leaf: SHA-256 of a zero byte and the entry, in base64." example:"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="`
	Entry      []byte   `json:"entry" doc:"The entry in its canonical form, in base64; docs/verify.md describes it." example:"AQAAAAAAAAQS"`
	Private    *Private `json:"private,omitempty" doc:"What the canonical form has only the hash of. For admins only."`
	TreeSize   int64    `json:"tree_size" doc:"How many leaves the tree of the checkpoint has."`
	Hashes     []string `json:"hashes" nullable:"false" doc:"The inclusion proof, from the leaf to the root, in base64." example:"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="`
	Checkpoint string   `json:"checkpoint" doc:"The newest checkpoint, as GET /activity/checkpoint has it in note." example:"callboard-activity\n1042\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\ntime 2026-03-14T09:26:53Z\n\n— callboard-activity Az3grl…\n"`
}

func (s *Service) getProof(ctx context.Context, in *proofInput) (*httpapi.Body[proofView], error) {
	c, p, err := s.Prove(ctx, in.Pos)
	if err != nil {
		return nil, err
	}
	view := proofView{
		Leaf: p.Leaf, LeafHash: tlog.RecordHash(p.Entry).String(), Entry: p.Entry, Private: p.Private, TreeSize: c.Size,
		Hashes: make([]string, len(p.Hashes)), Checkpoint: c.Note,
	}
	for i, h := range p.Hashes {
		view.Hashes[i] = h.String()
	}
	return httpapi.OK(view), nil
}

type bundleInput struct {
	FilterInput
	ResourceID string `query:"resource_id" maxLength:"128" doc:"With resource_type: only what was done to this resource."`
}

func (s *Service) getBundle(ctx context.Context, in *bundleInput) (*huma.StreamResponse, error) {
	f, err := in.filterWith(in.ResourceID)
	if err != nil {
		return nil, err
	}
	if _, err := s.LastCheckpoint(ctx); err != nil { // before the answer begins
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		out.SetHeader("Content-Type", "application/x-ndjson")
		out.SetHeader("Content-Disposition", `attachment; filename="activity.bundle.ndjson"`)
		if err := s.ExportProven(out.Context(), out.BodyWriter(), f); err != nil {
			httpapi.BreakOff(err)
		}
	}}, nil
}
