package activity

import "time"

// SetLimits sets after which time a page ends, and how many entries of an index are gone through at once.
func (s *Service) SetLimits(pageTime time.Duration, scanLimit int) {
	s.pageTime, s.scanLimit = pageTime, scanLimit
}

// SetCounted sets how many entries Counts goes through.
func (s *Service) SetCounted(n int) { s.counted = n }
