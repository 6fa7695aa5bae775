package job

import (
	"strconv"
	"strings"
)

// NodeKey returns what names this process among those that live.
func (s *Service) NodeKey() int32 {
	key, _ := strconv.ParseInt(strings.Split(s.queue.Node(), "-")[1], 10, 32)
	return int32(key)
}
