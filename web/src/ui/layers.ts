/** The element of the shell that menus and popovers are drawn into: it is in the landmark of the page, and nothing of the sheet cuts them. */
export const layerRoom = 'layers';

/** For Mantine's portals. */
export const inRoom = { target: `#${layerRoom}` };
