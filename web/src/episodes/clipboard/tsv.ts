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
  if (text[at] !== '"') {
    return undefined;
  }
  let close = text.indexOf('"', at + 1); // not by an expression: one has no room for a cell of megabytes
  while (close >= 0 && text[close + 1] === '"') {
    close = text.indexOf('"', close + 2);
  }
  const inside = text.slice(at + 1, close);
  const ends = close >= 0 && (close + 1 === text.length || /[\t\r\n]/.test(text.charAt(close + 1)));
  return ends && /[\t\r\n]/.test(inside) ? { cell: inside.replaceAll('""', '"').replace(/\r\n?/g, '\n'), end: close + 1 } : undefined;
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
