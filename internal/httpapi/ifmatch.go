package httpapi

// IfMatchInput is embedded by inputs of operations that change one thing.
type IfMatchInput struct {
	IfMatch string `header:"If-Match" maxLength:"200" doc:"The ETag that was read. When the thing has changed since, nothing is done: 412."`
}

// Version returns the version that the caller expects, as services take it: 0 means any, and NoVersion matches none.
func (in IfMatchInput) Version() (int64, error) {
	version, anyVersion, err := ParseIfMatch(in.IfMatch)
	if err != nil || anyVersion {
		return 0, err
	}
	if version == 0 {
		return NoVersion, nil // nothing has version 0
	}
	return version, nil
}
