package file

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/minio/minio-go/v7/pkg/s3utils"
)

// s3Storage keeps contents in a bucket of an S3-compatible service.
type s3Storage struct {
	client *minio.Client
	bucket string
	prefix string // "" or with a slash at its end
}

const (
	// s3Part is the size of the parts of a large content, in bytes. The client keeps one in memory for each upload; without
	// a size it would take half a gigabyte.
	s3Part = 16 << 20
	// s3Small is up to which size a content goes in one request, in bytes.
	s3Small = 1 << 20
	// s3Tries is how often a request is sent at the most.
	s3Tries  = 3
	s3Answer = 30 * time.Second // how long one may take to be answered
)

func newS3Storage(u *url.URL, cfg StorageConfig) (*s3Storage, error) {
	host, secure, err := s3Endpoint(u)
	if err != nil {
		return nil, err
	}
	if s3utils.CheckValidBucketNameStrict(u.Host) != nil {
		return nil, badStorageURL("must name a bucket: s3://bucket/prefix?endpoint=…")
	}
	if cfg.AccessKey == "" || cfg.SecretKey == "" {
		return nil, badStorageURL("needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment")
	}
	transport, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, err
	}
	transport.ResponseHeaderTimeout = s3Answer
	client, err := minio.New(host, &minio.Options{
		Creds: credentials.NewStaticV4(cfg.AccessKey, cfg.SecretKey, ""), Secure: secure, Transport: transport,
		Region:     cmp.Or(u.Query().Get("region"), "us-east-1"), // without one, it would be asked for before each request
		MaxRetries: s3Tries,
	})
	if err != nil {
		return nil, badStorageURL("has an endpoint that is not one")
	}
	s := &s3Storage{client: client, bucket: u.Host, prefix: strings.Trim(u.Path, "/")}
	if s.prefix != "" {
		s.prefix += "/"
	}
	return s, nil
}

func s3Endpoint(u *url.URL) (host string, secure bool, err error) {
	for name := range u.Query() {
		if name != "endpoint" && name != "region" {
			return "", false, badStorageURL("takes the parameters endpoint and region only")
		}
	}
	if !u.Query().Has("endpoint") {
		return "s3.amazonaws.com", true, nil
	}
	endpoint, err := url.Parse(u.Query().Get("endpoint"))
	if err != nil || endpoint.Scheme != "http" && endpoint.Scheme != "https" || endpoint.Host == "" ||
		endpoint.User != nil || strings.Trim(endpoint.Path, "/") != "" {
		return "", false, badStorageURL("must have an endpoint such as https://host:port, without credentials or a path")
	}
	return endpoint.Host, endpoint.Scheme == "https", nil
}

// Put implements Storage. S3 shows an object when all of it is there, and not before.
func (s *s3Storage) Put(ctx context.Context, key string, r io.Reader) error {
	src := &source{ctx: ctx, r: r}
	var first bytes.Buffer
	_, err := io.CopyN(&first, src, s3Small)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	// Parts carry checksums. Over plain http the client would also sign their chunks, which not every service understands.
	options := minio.PutObjectOptions{PartSize: s3Part, ContentType: "application/octet-stream", DisableContentSha256: true}
	if err == nil {
		_, err = s.client.PutObject(ctx, s.bucket, s.prefix+key, io.MultiReader(&first, src), -1, options)
	} else {
		_, err = s.client.PutObject(ctx, s.bucket, s.prefix+key, bytes.NewReader(first.Bytes()), int64(first.Len()), options)
	}
	if src.err != nil {
		return src.err
	}
	return s3Error(ctx, err)
}

// Open implements Storage.
func (s *s3Storage) Open(ctx context.Context, key string) (Content, error) {
	object, err := s.client.GetObject(ctx, s.bucket, s.prefix+key, minio.GetObjectOptions{})
	if err != nil {
		return nil, s3Error(ctx, err)
	}
	if _, err := object.Stat(); err != nil {
		_ = object.Close() // was never opened
		return nil, s3Error(ctx, err)
	}
	return object, nil
}

// Delete implements Storage. Parts of an upload that broke off are no object yet, and are not seen with one.
func (s *s3Storage) Delete(ctx context.Context, key string) error {
	if err := s.client.RemoveIncompleteUpload(ctx, s.bucket, s.prefix+key); err != nil && !s3Absent(err) {
		return s3Error(ctx, err)
	}
	err := s.client.RemoveObject(ctx, s.bucket, s.prefix+key, minio.RemoveObjectOptions{})
	if s3Absent(err) {
		return nil
	}
	return s3Error(ctx, err)
}

// Close implements Storage.
func (s *s3Storage) Close() error { return nil }

// Ping implements Storage.
func (s *s3Storage) Ping(ctx context.Context) error {
	exists, err := s.client.BucketExists(ctx, s.bucket)
	if err == nil && !exists {
		err = errors.New("there is no such bucket")
	}
	return s3Error(ctx, err)
}

func s3Absent(err error) bool {
	if err == nil {
		return false
	}
	answer := minio.ToErrorResponse(err)
	return answer.Code == minio.NoSuchKey || answer.Code == "NoSuchUpload" ||
		answer.StatusCode == http.StatusNotFound && answer.Code != minio.NoSuchBucket
}

func s3Error(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return ctx.Err()
	case s3Absent(err):
		return errNoContent()
	}
	return unavailable(err, "the storage of files cannot be reached; try again later")
}
