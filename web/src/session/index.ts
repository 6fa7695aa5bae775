export { refreshMe, sessionOver, signedIn, useMayEdit, useMe, useSession, useZone, zoneOf } from './session';
export { setSingleKeys, useSettingsOfUser, useSingleKeys } from './settings';
export { chooseTheme, chosenTheme, type Theme } from './theme';
