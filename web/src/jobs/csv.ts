/** The rows of a text that is CSV, as the server writes it. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = text.startsWith('\ufeff') ? 1 : 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; at < text.length; at++) {
        if (text[at] === '"') {
          if (text[at + 1] !== '"') {
            at++;
            break;
          }
          at++;
        }
        cell += text[at];
      }
    } else {
      const from = at;
      while (at < text.length && text[at] !== ',' && text[at] !== '\r' && text[at] !== '\n') {
        at++;
      }
      cell = text.slice(from, at);
    }
    row.push(cell);
    if (text[at] === ',') {
      at++;
      if (at === text.length) {
        row.push('');
      }
    } else {
      at += text.startsWith('\r\n', at) ? 2 : 1;
      rows.push(row);
      row = [];
    }
  }
  if (row.length > 0) {
    rows.push(row);
  }
  return rows;
}
