package callboard

// The events of files. Those of a file that belongs to no episode go to its
// owner's channel alone, and notify nobody.
//
//nolint:gochecknoglobals // the registry: constants in all but the language's eyes
var (
	FileCreated = Define[FileData](EventType{Name: "file_created", Action: "created_file",
		Channels: []string{BroadcastChannel, ownChannel, parentChannel}, Notify: []string{parentWatchers}, Once: true,
		Message: "{actor} added {resource}", Summary: "A file was uploaded or made. One that belongs to no episode is told to its owner alone."})
	FileUpdated = Define[FileData](EventType{Name: "file_updated", Action: "updated_file",
		Channels: []string{BroadcastChannel, ownChannel, parentChannel}, Notify: []string{parentWatchers},
		Message: "{actor} renamed {resource}", Summary: "The name of a file changed."})
	FileDeleted = Define[FileData](EventType{Name: "file_deleted", Action: "deleted_file",
		Channels: []string{BroadcastChannel, ownChannel, parentChannel}, Notify: []string{parentWatchers}, Once: true,
		Message: "{actor} deleted {resource}", Summary: "A file was deleted, or its time was over."})
)

// FileData is the payload of the file events: the file as it is after the change. That of a file which belongs to no episode
// tells neither its name nor what is in it.
type FileData struct {
	OwnerID     string  `json:"owner_id" doc:"Who uploaded or made it."`
	Name        string  `json:"name,omitempty" doc:"With its extension. Absent for a private file."`
	Size        int64   `json:"size" doc:"In bytes."`
	ContentType string  `json:"content_type" doc:"As found in the content."`
	SHA256      string  `json:"sha256,omitempty" doc:"Of the content, in hexadecimal."`
	EpisodeID   *string `json:"episode_id,omitempty" doc:"Absent where only the owner and admins may read the file."`
	Changes     Changes `json:"changes,omitempty" doc:"Old and new value of each field that differs."`
}
