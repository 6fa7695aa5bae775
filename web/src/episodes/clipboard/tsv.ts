// Cells as spreadsheets put them on the clipboard: a tab between two, a line for each row. Excel, Sheets and LibreOffice put a cell with a tab or a break
// in it into quotes, and double the quotes in it; other cells are as they are, quotes and all.

/** The rows of what was copied. */
export function readTsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length || row.length > 0; ) {
    const { cell, end } = quoted(text, at) ?? plain(text, at);
    row.push(cell);
    if (text[end] === '\t') {
      at = end + 1;
    } else {
      rows.push(row);
      row = [];
      at = end + (text.startsWith('\r\n', end) ? 2 : 1);
    }
  }
  return rows;
}

/** A cell in quotes that needs them; undefined where it begins with a quote of its own. */
function quoted(text: string, at: number): { cell: string; end: number } | undefined {
  const found = /"((?:[^"]|"")*)"(?=[\t\r\n]|$)/y;
  found.lastIndex = at;
  const inside = found.exec(text)?.[1];
  return inside !== undefined && /[\t\r\n]/.test(inside) ? { cell: inside.replaceAll('""', '"').replace(/\r\n?/g, '\n'), end: found.lastIndex } : undefined;
}

function plain(text: string, at: number): { cell: string; end: number } {
  const length = text.slice(at).search(/[\t\r\n]/);
  const end = length < 0 ? text.length : at + length;
  return { cell: text.slice(at, end), end };
}

export function writeTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => row.map((cell) => (/[\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')).join('\n');
}

/** A text that a spreadsheet would take for a formula gets an apostrophe in front, as in exports of the server. */
export function inert(words: string): string {
  return /^'*[=+\-@]/.test(words) ? `'${words}` : words;
}

/** Takes off what inert has put in front. */
export function bare(cell: string): string {
  return /^'+[=+\-@]/.test(cell) ? cell.slice(1) : cell;
}
