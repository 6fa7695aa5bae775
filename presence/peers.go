package presence

// Peers carries messages between the nodes. It is asked nothing before Restore or Run, and has to take calls from several goroutines.
type Peers interface {
	// ID returns the ID of this node, which is new at each start.
	ID() string
	// Send sends data to one node, or to all others when to is empty. It does not block for long. What one node sends arrives in
	// order, whether it is for one or for all, and at most once: it may be lost.
	Send(to string, data []byte) error
	// Receive sets who gets what other nodes send, and never what this node sends. fn does not block, and keeps data.
	Receive(fn func(from string, data []byte))
	// Linked reports whether this node hears the others right now.
	Linked() bool
}
