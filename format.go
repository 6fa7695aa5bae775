package callboard

// Format is a file format of rows: of an export, or of a sheet that is imported.
type Format string

// The formats.
const (
	CSV    Format = "csv"    // RFC 4180, UTF-8, with a header line
	NDJSON Format = "ndjson" // one JSON object a line
	XLSX   Format = "xlsx"   // Office Open XML, one worksheet
)

// ContentType returns the media type of a file in the format.
func (f Format) ContentType() string {
	switch f {
	case NDJSON:
		return "application/x-ndjson"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	default:
		return "text/csv; charset=utf-8"
	}
}

// Extension returns the end of the names of files in the format, such as ".csv".
func (f Format) Extension() string { return "." + string(f) }
