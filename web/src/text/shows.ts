
// The words of shows: making, changing, watching and deleting them.

export const shows = {
  add: 'New show',
  menu: ({ title }: { title: string }) => `More for ${title}`,
  watch: 'Watch',
  stopWatching: 'Stop watching',
  nowWatching: ({ title }: { title: string }) => `You hear of what happens to ${title}`,
  notWatching: ({ title }: { title: string }) => `You no longer watch ${title}`,
  edit: 'Edit',
  editTitle: 'Edit the show',
  delete: 'Delete',
  deleteTitle: ({ title }: { title: string }) => `Delete ${title}?`,
  deleteWhy: 'It cannot be brought back. A show that still has episodes is not deleted.',
  deleteAct: 'Delete the show',
  title: 'Title',
  titleMissing: 'A title is needed.',
  description: 'What it is about',
  create: 'Create the show',
  save: 'Save',
  created: ({ title }: { title: string }) => `Created ${title}`,
  saved: ({ title }: { title: string }) => `Saved ${title}`,
  deleted: ({ title }: { title: string }) => `Deleted ${title}`,
  changedSince: 'Somebody changed the show meanwhile. What you typed is kept; save again to put it over that.',
  changedMeanwhile: 'Somebody changed it since.',
  notDone: 'Not done',
};
