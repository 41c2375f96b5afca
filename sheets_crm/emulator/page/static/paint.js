// Draws one row of cells. Blank cells need no element: the lines of the grid lie underneath.

import { cellName } from "./names.js";
import { fittedNumber } from "./numbers.js";
import { sparkOf } from "./sparks.js";

const FONT = 'Arial, "Liberation Sans", Helvetica, sans-serif';
const context = document.createElement("canvas").getContext("2d");

export const fontOf = (look) =>
  `${look?.italic ? "italic " : ""}${look?.bold ? "bold " : ""}${((look?.size ?? 10) * 96) / 72}px ${FONT}`;

const WIDEST_LETTER = 13;
const LONGEST_SHOWN = 400;
const HYPERLINK = /^=\s*HYPERLINK\s*\(/i;

/** Whether a text surely fits, without measuring it: most do, and measuring costs. */
const surelyFits = (text, look, width) => !look?.size && text.length * WIDEST_LETTER < width;

export function textWidth(text, look) {
  context.font = fontOf(look);
  return Math.max(...text.split("\n").map((line) => context.measureText(line).width));
}

const lineHeight = (look) => ((look?.size ?? 10) * 96) / 72 * 1.2;

/** The height that a text with line breaks of its own needs where it is not wrapped. */
export const linesHeight = (text, look) => Math.ceil(text.split("\n").length * lineHeight(look)) + 5;

/** The height that a wrapped text needs in a column. */
export function wrappedHeight(text, look, width) {
  context.font = fontOf(look);
  const room = Math.max(width - 7, 20);
  let lines = 0;
  for (const paragraph of text.split("\n")) {
    let used = 0;
    lines += 1;
    for (const word of paragraph.split(/(?<=[\s-])/)) {
      const wide = context.measureText(word).width;
      if (used && used + wide > room) {
        lines += 1;
        used = 0;
      }
      lines += Math.max(0, Math.ceil(wide / room) - 1);
      used = wide > room ? wide % room : used + wide;
    }
  }
  return Math.ceil(lines * lineHeight(look)) + 5;
}

/** Whether a cell shows a checkbox: its kind is t (ticked) or f; one that never held anything is blank. */
export const isBox = (cell) => Boolean(cell.look?.checkbox) && "tf ".includes(cell.kind);
export const isTicked = (cell) => cell.kind === "t";

/** Makes the element of a row for the columns from `first` up to `last`. */
export function paintRow(row, first, last, cells, rows, columns, merges) {
  const line = document.createElement("div");
  line.className = "row";
  line.style.top = `${rows.start(row)}px`;
  line.style.height = `${rows.size(row)}px`;
  if (!rows.size(row)) return line;
  for (let column = first; column < last; column += 1) {
    const cell = cells.at(row, column);
    if (cell.text === null && !cell.look && !cell.spark && !cell.under && !cell.note && !isFiltered(cells, row, column)) continue;
    if (merges.at(row, column)) continue; // drawn on its own, over all of its cells
    line.append(paintCell(cell, row, column, cells, columns, rows));
  }
  return line;
}

const isFiltered = ({ filter }, row, column) =>
  Boolean(filter) && row === filter.top && column >= filter.left && column < filter.right;

/** Makes the element of merged cells: the first one's, as large as all of them. */
export function paintMerged({ top, bottom, left, right }, cells, rows, columns) {
  const element = paintCell(cells.at(top, left), top, left, cells, columns, rows);
  element.classList.add("merged");
  element.style.top = `${rows.start(top)}px`;
  element.style.width = `${columns.start(right) - columns.start(left)}px`;
  element.style.height = `${rows.start(bottom) - rows.start(top)}px`;
  return element;
}

function paintCell(cell, row, column, cells, columns, rows) {
  const element = document.createElement("div");
  element.className = "cell";
  element.dataset.cell = cellName(row, column);
  element.style.left = `${columns.start(column)}px`;
  element.style.width = `${columns.size(column)}px`;
  dress(element, cell);
  if (cell.spark) element.append(sparkOf(cell.spark));
  if (isBox(cell)) element.append(boxOf(cell));
  else if (cell.text !== null && cell.text !== "") element.append(textOf(cell, row, column, cells, columns, rows));
  if (cell.look?.choices) element.append(part("choice"));
  if (isFiltered(cells, row, column)) element.append(part("funnel"));
  if (cell.note) element.append(part("note"));
  if (cell.error !== undefined || cell.invalid !== undefined) element.append(part("wrong"));
  return element;
}

function part(name) {
  const element = document.createElement("i");
  element.className = name;
  return element;
}

function dress(element, { look, kind, under, text, link, formula, color }) {
  const paper = look?.bg ?? under;
  if (paper && (paper !== "#ffffff" || under)) {
    element.style.background = paper;
    element.classList.add("filled");
  }
  if (look?.wrap === "WRAP") element.classList.add("wrap");
  if (look?.wrap === "CLIP") element.classList.add("clip");
  if (look?.vertical === "MIDDLE") element.classList.add("middle");
  if (look?.vertical === "TOP") element.classList.add("upper");
  const align = look?.align ?? (kind === "n" ? "RIGHT" : "betf".includes(kind) ? "CENTER" : "LEFT");
  if (align !== "LEFT") element.classList.add(align.toLowerCase());
  if (text !== null && look) dressText(element, look);
  if (color) element.style.color = color; // of the number's format, over the letters' own
  if (link && !look?.plain_link && (!formula || look?.link || HYPERLINK.test(formula))) element.classList.add("link");
  for (const side of ["top", "bottom", "left", "right"]) {
    if (look?.[`border_${side}`]) element.style[`border-${side}`] = look[`border_${side}`];
  }
}

function dressText(element, look) {
  if (look.bold) element.classList.add("bold");
  if (look.italic) element.classList.add("italic");
  if (look.underline || look.strikethrough) {
    element.style.textDecoration = `${look.underline ? "underline " : ""}${look.strikethrough ? "line-through" : ""}`;
  }
  if (look.color) element.style.color = look.color;
  if (look.size && look.size !== 10) element.style.fontSize = `${look.size}pt`;
  if (look.family && look.family !== "Arial") element.style.fontFamily = `${JSON.stringify(look.family)}, ${FONT}`;
}

function boxOf(cell) {
  const box = part("box");
  if (isTicked(cell)) box.classList.add("on");
  return box;
}

function textOf(cell, row, column, cells, columns, rows) {
  const span = document.createElement("span");
  const merged = cells.merges.at(row, column);
  const width = merged ? columns.start(merged.right) - columns.start(merged.left) : columns.size(column);
  const height = merged ? rows.start(merged.bottom) - rows.start(merged.top) : rows.size(row);
  const lined = height >= linesHeight("1\n2", cell.look);
  if (cell.look?.wrap === "WRAP") span.textContent = cell.text;
  else span.textContent = (lined ? cell.text : cell.text.replace(/\s*\n\s*/g, " ")).slice(0, LONGEST_SHOWN);
  if (cell.kind === "s" && (cell.look?.wrap ?? "OVERFLOW_CELL") === "OVERFLOW_CELL") {
    overflow(span, cell, row, column, cells, columns);
  } else if (cell.kind === "n" && !surelyFits(cell.text, cell.look, width)) {
    span.textContent = numberIn(width, cell, cells.decimal);
  }
  return span;
}

/** A number as it fits into a column: shorter in the automatic format, else #. */
function numberIn(width, { text, look }, decimal) {
  const fits = (shown) => textWidth(shown, look) <= width - 6;
  if (fits(text)) return text;
  const short = look?.number ? null : fittedNumber(text, decimal, fits);
  return short ?? "#".repeat(Math.max(3, Math.floor((width - 8) / 8)));
}

/** Lets a long text run over blank cells beside it, as Sheets does: to the right, the left, or both if it is centred. */
function overflow(span, cell, row, column, cells, columns) {
  const width = columns.size(column);
  if (surelyFits(span.textContent, cell.look, width)) return;
  const needed = textWidth(span.textContent, cell.look) + 6;
  const align = cell.look?.align ?? "LEFT";
  const side = align === "CENTER" ? (needed - width) / 2 : needed - width;
  const right = align === "RIGHT" ? 0 : blankRoom(row, column, 1, side, cells, columns);
  const left = align === "LEFT" ? 0 : blankRoom(row, column, -1, side, cells, columns);
  const more = align === "CENTER" ? 2 * Math.min(left, right) : left + right;
  if (more > 0) {
    span.className = "over";
    span.style.width = `${Math.min(width + more, needed) - 2}px`;
  }
}

/** How much room there is on one side, in blank cells, up to the frozen columns' border. */
function blankRoom(row, column, way, wanted, cells, columns) {
  let room = 0;
  for (let next = column + way; room < wanted && next >= 0 && next < columns.count; next += way) {
    if ((way > 0 ? next : next + 1) === columns.frozen) break;
    const neighbour = cells.at(row, next);
    if (neighbour.text !== null || neighbour.spark || isBox(neighbour) || cells.merges.at(row, next)) break;
    room += columns.size(next);
  }
  return room;
}
