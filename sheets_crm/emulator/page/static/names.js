// A1 notation, and numbers as a language writes them.

/** Writes a number with the language's marks between thousands; Spanish would leave them out below 10.000. */
export const numberText = (value, language) => value.toLocaleString(language, { useGrouping: "always", maximumFractionDigits: 4 });

export function columnName(index) {
  let letters = "";
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

export const cellName = (row, column) => `${columnName(column)}${row + 1}`;

/** Reads A1 or A1:B2 as [top, left, bottom, right]; null if it is neither. */
export function readPlace(text) {
  const found = /^\s*([a-z]{1,3})([0-9]+)(?::([a-z]{1,3})([0-9]+))?\s*$/i.exec(text);
  if (!found) return null;
  const column = (letters) => [...letters.toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  const start = [Number(found[2]) - 1, column(found[1])];
  return [...start, ...(found[3] ? [Number(found[4]) - 1, column(found[3])] : start)];
}
