package job

// NodeKey returns what names this process among those that live.
func (s *Service) NodeKey() int32 { return s.node.key }
