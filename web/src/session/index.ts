export { refreshMe, sessionOver, signedIn, signIn, useMayEdit, useMe, useSession, useZone, zoneOf } from './session';
export { setSingleKeys, useSettingsOfUser, useSingleKeys } from './settings';
export { chooseTheme, chosenTheme, type Theme } from './theme';
