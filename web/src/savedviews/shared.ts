export { lastingAddress, savedAddress } from './address';
export { place, useMayChange, useSavedViews, type SavedView } from './api';
export { Pin } from './Pin';
export { SavedViewMenu } from './SavedViewMenu';
export { useOpenView } from './useOpenView';
