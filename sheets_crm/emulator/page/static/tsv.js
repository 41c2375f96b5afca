// Blocks of cells as text: what the clipboard carries, and files.

/** Reads delimited text with quotes; line breaks and delimiters inside quotes belong to the cell. */
export function readTable(text, delimiter = "\t") {
  const rows = [];
  let row = [];
  let cell = "";
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n");
  for (let at = 0; at < source.length; at += 1) {
    const letter = source[at];
    if (quoted) {
      if (letter === '"' && source[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else if (letter === '"') quoted = false;
      else cell += letter;
    } else if (letter === '"' && cell === "" && closes(source, at, delimiter)) quoted = true;
    else if (letter === delimiter) {
      row.push(cell);
      cell = "";
    } else if (letter === "\n") {
      rows.push([...row, cell]);
      row = [];
      cell = "";
    } else cell += letter;
  }
  if (cell !== "" || row.length) rows.push([...row, cell]);
  return rows;
}

/** Whether a quote that opens a cell is closed at the end of one; else it is just a quote that somebody typed. */
function closes(source, at, delimiter) {
  for (let next = source.indexOf('"', at + 1); next >= 0; next = source.indexOf('"', next + 1)) {
    if (source[next + 1] === '"') next += 1;
    else return [delimiter, "\n", undefined].includes(source[next + 1]);
  }
  return false;
}

/** Writes a block for the clipboard, with quotes where a cell needs them. */
export const writeTable = (rows) => rows.map((row) => row.map(quotedCell).join("\t")).join("\n");

const quotedCell = (text) => (/[\t\n"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

/** Guesses what separates the cells of a CSV file: what its first line holds most of. */
export function delimiterOf(text) {
  const line = text.slice(0, Math.max(text.indexOf("\n"), 0) || undefined).replace(/"(?:[^"]|"")*"/g, "");
  const counts = [",", ";", "\t"].map((mark) => [line.split(mark).length, mark]);
  return counts.reduce((best, next) => (next[0] > best[0] ? next : best))[1];
}
