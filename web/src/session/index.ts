export { sessionOver, signedIn, useMayEdit, useMe, useSession, useZone, zoneOf } from './session';
export { chooseTheme, chosenTheme, type Theme } from './theme';
