export function render(document: string): Promise<string>;
