// The grid on the screen: four panes (frozen and moving rows and columns), headers, and what lies over them.
// Only what is visible has elements; the browser's own scrollbar moves an empty sheet of the full size.

import { Axis } from "./axis.js";
import { columnName } from "./names.js";
import { isBox, linesHeight, paintMerged, paintRow, wrappedHeight } from "./paint.js";

const HEAD = 24;
const SPARE_ROWS = 6;
const STEP_COLUMNS = 4;
const LARGEST_WRAPPED = 330;

export class Grid {
  constructor(cells) {
    this.cells = cells;
    this.rows = new Axis(21);
    this.columns = new Axis(100);
    this.scroller = document.getElementById("scroller");
    this.view = document.getElementById("view");
    this.sizer = document.getElementById("sizer");
    this.stamp = 0;
    this.floats = [];
    this.selection = null;
    this.#build();
    this.scroller.addEventListener("scroll", () => this.draw());
    new ResizeObserver(() => this.draw()).observe(this.scroller);
  }

  #build() {
    const piece = (name) => {
      const element = document.createElement("div");
      element.className = name;
      return element;
    };
    const holder = (name) => {
      const pane = piece(name);
      const layer = piece("layer");
      pane.append(layer);
      this.view.append(pane);
      return { pane, layer };
    };
    this.panes = [];
    for (const [down, right] of [[0, 0], [0, 1], [1, 0], [1, 1]]) {
      const made = holder("pane");
      const lines = piece("lines");
      const content = piece("content");
      const merged = piece("content");
      const over = piece("over-layer");
      made.layer.append(lines, content, merged, over);
      this.panes.push({ ...made, lines, content, merged, over, frozenRows: !down, frozenColumns: !right, painted: new Map() });
    }
    this.tops = [holder("heads tops"), holder("heads tops")];
    this.sides = [holder("heads sides"), holder("heads sides")];
    this.corner = piece("heads corner");
    this.edges = [piece("edge flat"), piece("edge upright")];
    this.view.append(this.corner, ...this.edges);
  }

  /** Shows another tab, from its top left or from where it was left. */
  show(sheet, scroll = { x: 0, y: 0 }) {
    this.rows.reset();
    this.shape(sheet);
    this.scroller.scrollTo(scroll.x, scroll.y);
    this.repaint();
  }

  /** Takes over sizes that may have changed. Cells may have come before them, with the widths of earlier: they are drawn again. */
  shape(sheet) {
    const before = JSON.stringify(this.sheet?.widths);
    this.sheet = sheet;
    this.cells.merges = sheet.merges;
    this.cells.filter = sheet.filter;
    this.rows.count = sheet.rows;
    this.rows.frozen = Math.min(sheet.frozenRows, sheet.rows);
    this.columns.count = sheet.columns;
    this.columns.frozen = Math.min(sheet.frozenColumns, sheet.columns);
    this.columns.reset();
    for (const [index, found] of Object.entries(sheet.widths)) {
      this.columns.set(Number(index), found.hiddenByUser ? 0 : found.pixelSize ?? 100);
    }
    this.view.classList.toggle("plain", !sheet.gridlines);
    this.stamp += 1;
    if (before !== JSON.stringify(sheet.widths)) this.cells.each((first, count, left) => this.measure(first, count, left));
  }

  /** Sizes the rows that just came: their own height, or what wrapped texts need. */
  measure(first, count, left) {
    let changed = false;
    for (let row = first; row < first + count; row += 1) {
      const line = this.cells.line(row, left);
      if (!line && left) continue;
      const height = !line ? this.rows.base : line.hidden || line.filtered ? 0 : line.height ?? this.#wrapped(line, row, left);
      changed = this.rows.set(row, height) || changed;
    }
    return changed;
  }

  #wrapped(line, row, left) {
    let height = left ? this.rows.size(row) : this.rows.base;
    line.texts?.forEach((text, place) => {
      if (!text?.includes("\n")) return;
      const look = this.cells.looks.get(line.looks?.[place]);
      const free = (look?.wrap ?? "OVERFLOW_CELL") === "OVERFLOW_CELL" && !this.cells.merges.at(row, left + place);
      if (free) height = Math.max(height, Math.min(linesHeight(text, look), LARGEST_WRAPPED));
    });
    line.looks?.forEach((number, place) => {
      const look = number ? this.cells.looks.get(number) : null;
      if (!look) return;
      const text = line.texts?.[place];
      if (look.size > 10 && text) height = Math.max(height, Math.ceil(look.size * 1.34 * 1.2) + 5);
      if (look.wrap === "WRAP" && text) {
        const needed = wrappedHeight(text, look, this.columns.size(left + place));
        height = Math.max(height, Math.min(needed, LARGEST_WRAPPED));
      }
    });
    return height;
  }

  repaint() {
    this.stamp += 1;
    this.draw();
  }

  draw() {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = null;
      if (this.sheet) this.#draw();
    });
  }

  #draw() {
    const { rows, columns, scroller } = this;
    this.side = Math.max(46, 18 + 8 * String(rows.count).length);
    this.width = scroller.clientWidth;
    this.height = scroller.clientHeight;
    this.view.style.width = `${this.width}px`;
    this.view.style.height = `${this.height}px`;
    this.sizer.style.width = `${this.side + columns.length + 120}px`;
    this.sizer.style.height = `${HEAD + rows.length + 80}px`;
    this.x = scroller.scrollLeft;
    this.y = scroller.scrollTop;
    this.#windows();
    this.cells.want(this.window.top, this.window.bottom, this.window.left, this.window.right);
    if (rows.frozen) this.cells.want(0, rows.frozen - 1, this.window.left, this.window.right);
    if (columns.frozen) this.cells.want(this.window.top, this.window.bottom, 0, columns.frozen - 1);
    for (const pane of this.panes) this.#drawPane(pane);
    this.#drawHeads();
    this.#drawOver();
    this.drawn?.();
  }

  /** Which rows and columns the moving part shows. */
  #windows() {
    const { rows, columns } = this;
    const top = rows.frozenLength + this.y;
    const left = columns.frozenLength + this.x;
    const first = Math.max(columns.at(left) - 2, columns.frozen);
    this.window = {
      top: Math.max(rows.at(top) - SPARE_ROWS, rows.frozen),
      bottom: Math.min(rows.at(top + this.height) + SPARE_ROWS, rows.count - 1),
      left: Math.max(first - (first % STEP_COLUMNS), columns.frozen),
      right: Math.min(Math.ceil((columns.at(left + this.width) + 2) / STEP_COLUMNS) * STEP_COLUMNS, columns.count - 1),
    };
  }

  #drawPane(pane) {
    const { rows, columns, window } = this;
    const [top, bottom] = pane.frozenRows ? [0, rows.frozen - 1] : [window.top, window.bottom];
    const [left, right] = pane.frozenColumns ? [0, columns.frozen - 1] : [window.left, window.right];
    const x = pane.frozenColumns ? this.side : this.side + columns.frozenLength;
    const y = pane.frozenRows ? HEAD : HEAD + rows.frozenLength;
    const wide = pane.frozenColumns ? columns.frozenLength : Math.min(this.width - x, columns.length - columns.frozenLength - this.x);
    const high = pane.frozenRows ? rows.frozenLength : Math.min(this.height - y, rows.length - rows.frozenLength - this.y);
    place(pane.pane, x, y, Math.max(wide, 0), Math.max(high, 0));
    const from = { x: pane.frozenColumns ? 0 : columns.frozenLength + this.x, y: pane.frozenRows ? 0 : rows.frozenLength + this.y };
    pane.layer.style.transform = `translate(${-from.x}px, ${-from.y}px)`;
    this.#drawRows(pane, top, bottom, left, right);
    this.#drawMerged(pane, top, bottom, left, right);
    this.#drawLines(pane, top, bottom, left, right);
  }

  #drawRows(pane, top, bottom, left, right) {
    const state = `${this.stamp}:${left}:${right}`;
    const keep = new Map();
    for (let row = top; row <= bottom; row += 1) {
      let line = pane.painted.get(row);
      if (line?.state !== state) {
        const fresh = paintRow(row, left, right + 1, this.cells, this.rows, this.columns, this.cells.merges);
        const same = line?.element.isEqualNode(fresh);
        if (!line) pane.content.append(fresh);
        else if (!same) line.element.replaceWith(fresh);
        line = { element: same ? line.element : fresh, state };
      }
      keep.set(row, line);
    }
    for (const [row, line] of pane.painted) if (!keep.has(row)) line.element.remove();
    pane.painted = keep;
  }

  #drawMerged(pane, top, bottom, left, right) {
    const state = `${this.stamp}:${top}:${bottom}:${left}:${right}`;
    if (pane.mergedState === state) return;
    pane.mergedState = state;
    const { cells, rows, columns } = this;
    const areas = cells.merges.within({ top, bottom, left, right });
    for (const area of areas) cells.want(area.top, area.top, area.left, area.left);
    pane.merged.replaceChildren(...areas.map((area) => paintMerged(area, cells, rows, columns)));
  }

  #drawLines(pane, top, bottom, left, right) {
    const state = `${this.stamp}:${top}:${bottom}:${left}:${right}`;
    if (pane.linesState === state) return;
    pane.linesState = state;
    const { rows, columns } = this;
    const start = { x: columns.start(left), y: rows.start(top) };
    const end = { x: columns.start(right + 1), y: rows.start(bottom + 1) };
    const found = [];
    for (let column = left; column <= right; column += 1) {
      found.push(lineAt("v", columns.start(column + 1) - 1, start.y, 1, end.y - start.y));
    }
    for (let row = top; row <= bottom; row += 1) {
      if (rows.size(row)) found.push(lineAt("h", start.x, rows.start(row + 1) - 1, end.x - start.x, 1));
    }
    pane.lines.replaceChildren(...found);
  }

  #drawHeads() {
    const { rows, columns, window } = this;
    place(this.corner, 0, 0, this.side, HEAD);
    this.#heads(this.tops[0], columns, 0, columns.frozen - 1, this.side, columns.frozenLength, 0, true);
    this.#heads(this.tops[1], columns, window.left, window.right, this.side + columns.frozenLength, this.width, columns.frozenLength + this.x, true);
    this.#heads(this.sides[0], rows, 0, rows.frozen - 1, HEAD, rows.frozenLength, 0, false);
    this.#heads(this.sides[1], rows, window.top, window.bottom, HEAD + rows.frozenLength, this.height, rows.frozenLength + this.y, false);
    place(this.edges[0], 0, HEAD + rows.frozenLength - 4, this.side + columns.length, 4);
    place(this.edges[1], this.side + columns.frozenLength - 4, 0, 4, HEAD + rows.length);
    this.edges[0].hidden = !rows.frozen;
    this.edges[1].hidden = !columns.frozen;
  }

  #heads({ pane, layer }, axis, first, last, at, room, offset, across) {
    place(pane, across ? at : 0, across ? 0 : at, across ? room : this.side, across ? HEAD : room);
    layer.style.transform = across ? `translateX(${-offset}px)` : `translateY(${-offset}px)`;
    const chosen = this.selection?.span(across);
    const state = `${first}:${last}:${this.stamp}:${chosen}`;
    if (layer.dataset.state === state) return;
    layer.dataset.state = state;
    const found = [];
    for (let index = first; index <= last; index += 1) {
      if (!axis.size(index)) continue;
      const head = document.createElement("div");
      head.className = chosen && index >= chosen[0] && index <= chosen[1] ? "head chosen" : "head";
      if (index && !axis.size(index - 1)) head.classList.add("after-hidden");
      head.textContent = across ? columnName(index) : String(index + 1);
      if (across) place(head, axis.start(index), 0, axis.size(index), HEAD);
      else place(head, 0, axis.start(index), this.side, axis.size(index));
      found.push(head);
    }
    layer.replaceChildren(...found);
  }

  /** The selection, in every pane; the pane cuts off what is not its own. */
  #drawOver() {
    for (const pane of this.panes) {
      const found = this.selection ? this.selection.marks(this) : [];
      pane.over.replaceChildren(...found);
    }
  }

  /** What lies under a point of the window: a cell, or a head. */
  hit(clientX, clientY) {
    const edge = this.view.getBoundingClientRect();
    const x = clientX - edge.left;
    const y = clientY - edge.top;
    const inX = x - this.side;
    const inY = y - HEAD;
    const atX = inX < this.columns.frozenLength ? inX : inX + this.x;
    const atY = inY < this.rows.frozenLength ? inY : inY + this.y;
    const row = this.rows.at(Math.max(atY, 0));
    const column = this.columns.at(Math.max(atX, 0));
    const merged = inX >= 0 && inY >= 0 ? this.cells.merges.at(row, column) : null;
    return {
      row: merged?.top ?? row,
      column: merged?.left ?? column,
      head: inX < 0 && inY < 0 ? "corner" : inY < 0 ? "column" : inX < 0 ? "row" : null,
      inside: atX < this.columns.length && atY < this.rows.length,
      atX,
      atY,
    };
  }

  /** Whether a hit is on the drawn checkbox of its cell. */
  onBox({ row, column, atX, atY }) {
    if (!isBox(this.cells.at(row, column))) return false;
    const middle = this.columns.start(column) + this.columns.size(column) / 2;
    const centre = this.rows.start(row) + this.rows.size(row) / 2;
    return Math.abs(atX - middle) <= 12 && Math.abs(atY - centre) <= 12;
  }

  /** The rectangle of a cell in the coordinates of the view. */
  box(row, column) {
    const x = this.columns.start(column) - (column < this.columns.frozen ? 0 : this.x) + this.side;
    const y = this.rows.start(row) - (row < this.rows.frozen ? 0 : this.y) + HEAD;
    const merged = this.cells.merges.at(row, column);
    if (!merged) return { x, y, width: this.columns.size(column), height: this.rows.size(row) };
    const { top, bottom, left, right } = merged;
    return {
      x, y,
      width: this.columns.start(right) - this.columns.start(left),
      height: this.rows.start(bottom) - this.rows.start(top),
    };
  }

  /** Scrolls as little as needed to show a cell. */
  reveal(row, column) {
    const { scroller, rows, columns } = this;
    if (row >= rows.frozen) {
      const room = scroller.clientHeight - HEAD - rows.frozenLength;
      const from = rows.start(row) - rows.frozenLength;
      if (from < scroller.scrollTop) scroller.scrollTop = from;
      else if (from + rows.size(row) > scroller.scrollTop + room) scroller.scrollTop = from + rows.size(row) - room + 2;
    }
    if (column >= columns.frozen) {
      const room = scroller.clientWidth - this.side - columns.frozenLength;
      const from = columns.start(column) - columns.frozenLength;
      if (from < scroller.scrollLeft) scroller.scrollLeft = from;
      else if (from + columns.size(column) > scroller.scrollLeft + room) {
        scroller.scrollLeft = Math.min(from, from + columns.size(column) - room + 2);
      }
    }
  }

  /** The layer in which charts lie: it moves with the cells. */
  get floor() {
    return this.panes[3].layer;
  }

  get page() {
    return Math.max(1, Math.floor((this.height - HEAD - this.rows.frozenLength) / this.rows.base) - 1);
  }
}

export function place(element, x, y, width, height) {
  element.style.left = `${x}px`;
  element.style.top = `${y}px`;
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}

function lineAt(kind, x, y, width, height) {
  const line = document.createElement("i");
  line.className = kind;
  place(line, x, y, width, height);
  return line;
}
