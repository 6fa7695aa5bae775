
// The words of shows: making, changing, watching and deleting them.

export const shows = {
  add: 'New show',
  menu: ({ title }: { title: string }) => `More for ${title}`,
  watch: 'Watch',
  stopWatching: 'Stop watching',
  nowWatching: ({ title }: { title: string }) => `You will hear of changes to ${title}`,
  notWatching: ({ title }: { title: string }) => `You no longer watch ${title}`,
  edit: 'Edit',
  editTitle: 'Edit the show',
  delete: 'Delete',
  deleteTitle: ({ title }: { title: string }) => `Delete ${title}?`,
  deleteWhy: 'This cannot be undone. A show that still has episodes cannot be deleted.',
  deleteAct: 'Delete the show',
  title: 'Title',
  titleMissing: 'A title is needed.',
  description: 'What it is about',
  create: 'Create the show',
  save: 'Save',
  created: ({ title }: { title: string }) => `Created ${title}`,
  saved: ({ title }: { title: string }) => `Saved ${title}`,
  deleted: ({ title }: { title: string }) => `Deleted ${title}`,
  changedSince: 'Someone changed the show meanwhile. What you typed is kept; save again to overwrite their change.',
  changedMeanwhile: 'Someone changed it since.',
  notDone: 'Not done',
};
