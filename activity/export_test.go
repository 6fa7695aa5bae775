package activity

// SetLimits sets how much a request may look at.
func (s *Service) SetLimits(steps, covered, looked, matched, kinds int) {
	s.limits = limits{steps, steps, covered, looked, matched, kinds}
}
