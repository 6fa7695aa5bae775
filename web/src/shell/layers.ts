import { create } from 'zustand';

/** What lies over the page at the wish of somebody. */
type Layer = 'palette' | 'shortcuts';

const useLayers = create<{ open: Layer | undefined }>(() => ({ open: undefined }));

export const useLayer = (): Layer | undefined => useLayers(({ open }) => open);

export const layers = {
  open: (layer: Layer): void => useLayers.setState({ open: layer }),
  close: (): void => useLayers.setState({ open: undefined }),
};
