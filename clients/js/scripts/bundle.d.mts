export function bundle(code: string, folder: string): Promise<{ bytes: number; gzipped: number; modules: string[] }>;
