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

// SheetOptions say how rows are written to a file.
type SheetOptions struct {
	Format Format
	// NoBOM leaves out the byte order mark at the beginning of CSV. It is for programs that take it for text; Excel reads CSV without
	// it in the encoding of its locale.
	NoBOM bool
}

// Extension returns the end of the names of files in the format, such as ".csv".
func (f Format) Extension() string { return "." + string(f) }
