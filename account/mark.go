package account

import "context"

// Nodes that share a database have to sign with the same secret: what one of them has signed does not hold at another one that has its own.

// SecretMark returns what other nodes can hold their secret against, and nobody learn it from: a hash like that of a password, with a salt
// of its own.
func (s *Service) SecretMark(ctx context.Context) (string, error) {
	return s.passwords.hash(ctx, string(s.jwtSecret))
}

// SameSecret reports whether a mark is of the secret of this node.
func (s *Service) SameSecret(ctx context.Context, mark string) (bool, error) {
	if err := s.passwords.enter(ctx); err != nil {
		return false, err
	}
	defer s.passwords.leave()
	return s.passwords.match(string(s.jwtSecret), mark)
}
