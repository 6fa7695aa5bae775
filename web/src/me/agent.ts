const browsers: [string, RegExp][] = [['Edge', /Edg\//], ['Opera', /OPR\//], ['Firefox', /Firefox\//], ['Chrome', /Chrom(e|ium)\//], ['Safari', /Safari\//]];
const systems: [string, RegExp][] = [['iPhone', /iPhone/], ['iPad', /iPad/], ['Android', /Android/], ['Windows', /Windows/], ['Mac', /Mac OS X/], ['Linux', /Linux/]];

/** The browser and the system by what a browser calls itself; empty where that is not known. */
export function agentOf(userAgent: string): { browser: string; system: string } {
  const find = (names: [string, RegExp][]): string => names.find(([, pattern]) => pattern.test(userAgent))?.[0] ?? '';
  return { browser: find(browsers), system: find(systems) };
}
