// A1 notation, and numbers as a language writes them.

/** Writes a number with the language's marks between thousands; Spanish would leave them out below 10.000. */
export const numberText = (value, language) => value.toLocaleString(language, { useGrouping: "always", maximumFractionDigits: 4 });

/** The mark before decimals in a language. */
export const decimalMark = (language) =>
  new Intl.NumberFormat(language).formatToParts(0.5).find(({ type }) => type === "decimal").value;

export function columnName(index) {
  let letters = "";
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  }
  return letters;
}

export const cellName = (row, column) => `${columnName(column)}${row + 1}`;

/** Names a box in a grid of so many rows and columns: A1, A1:B2, whole columns as A:B and whole rows as 1:2. */
export function areaName({ top, bottom, left, right }, { rows, columns }) {
  if (top === bottom && left === right) return cellName(top, left);
  const tall = top === 0 && bottom === rows - 1;
  const wide = left === 0 && right === columns - 1;
  if (tall && !wide) return `${columnName(left)}:${columnName(right)}`;
  if (wide && !tall) return `${top + 1}:${bottom + 1}`;
  return `${cellName(top, left)}:${cellName(bottom, right)}`;
}

/** Reads A1, A1:B2, A:B, 1:2 or A2:B as [top, left, bottom, right], with Infinity for ends that are left out; null for others. */
export function readPlace(text) {
  const [first, second, ...more] = text.trim().replaceAll("$", "").split(":").map(readCorner);
  if (!first || second === null || more.length) return null;
  if (!second) return first.row < 0 || first.column < 0 ? null : [first.row, first.column, first.row, first.column];
  const span = (one, other) => (one < 0 && other < 0 ? [0, Infinity] : other < 0 ? [one, Infinity] : one < 0 ? [0, other] : [Math.min(one, other), Math.max(one, other)]);
  const [top, bottom] = span(first.row, second.row);
  const [left, right] = span(first.column, second.column);
  return [top, left, bottom, right];
}

/** Reads a cell, a column's letters or a row's number; -1 stands for what is left out. */
function readCorner(text) {
  const found = /^\s*([a-z]{1,3})?([0-9]{1,7})?\s*$/i.exec(text);
  if (!found || (!found[1] && !found[2]) || Number(found[2]) === 0) return null;
  const column = [...(found[1] ?? "").toUpperCase()].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  return { row: Number(found[2] ?? 0) - 1, column };
}

/** Splits 'My tab'!A1 into the tab's title, null for none, and the place. */
export function readTab(text) {
  const found = /^\s*(?:'((?:[^']|'')*)'|([^'!]+))!(.*)$/.exec(text);
  return found ? [(found[1]?.replaceAll("''", "'") ?? found[2]).trim(), found[3]] : [null, text];
}
