// Which cells are selected, and how they are marked: from a corner to an end; the active cell may walk about inside.

import { areaName } from "./names.js";
import { place } from "./grid.js";
import { Merges } from "./merges.js";

export class Selection {
  constructor() {
    this.active = { row: 0, column: 0 };
    this.corner = this.active;
    this.end = { row: 0, column: 0 };
    this.changed = () => {};
    this.merges = new Merges();
    this.size = { rows: Infinity, columns: Infinity };
  }

  set(row, column, { extend = false } = {}) {
    this.end = { row, column };
    if (!extend) this.#start(row, column);
    this.changed();
  }

  range(top, left, bottom, right) {
    this.#start(top, left);
    this.end = { row: bottom, column: right };
    this.changed();
  }

  /** Moves the active cell inside the selection, which stays. */
  walk(row, column) {
    this.active = this.merges.first(row, column);
    this.changed();
  }

  #start(row, column) {
    this.corner = { row, column };
    this.active = this.merges.first(row, column);
  }

  /** Takes over the merges and the size of the tab, which may have changed. */
  shape(merges, rows, columns) {
    this.merges = merges;
    this.size = { rows, columns };
    for (const spot of [this.corner, this.end]) {
      spot.row = Math.min(spot.row, rows - 1);
      spot.column = Math.min(spot.column, columns - 1);
    }
    const { row, column } = this.active;
    const seen = merges.first(Math.min(row, rows - 1), Math.min(column, columns - 1));
    if (seen.row !== row || seen.column !== column) this.active = seen;
  }

  get box() {
    const { corner, end } = this;
    return this.merges.widened({
      top: Math.min(corner.row, end.row),
      bottom: Math.max(corner.row, end.row),
      left: Math.min(corner.column, end.column),
      right: Math.max(corner.column, end.column),
    });
  }

  /** Whether one cell is selected; merged cells are one. */
  get single() {
    const { top, bottom, left, right } = this.box;
    const merged = this.merges.at(top, left);
    return (top === bottom && left === right) || (merged?.bottom === bottom + 1 && merged.right === right + 1);
  }

  get name() {
    return areaName(this.box, this.size);
  }

  span(across) {
    const { top, bottom, left, right } = this.box;
    return across ? [left, right] : [top, bottom];
  }

  marks(grid) {
    const { top, bottom, left, right } = this.box;
    const found = [];
    const rectangle = (name, t, l, b, r) => {
      const element = document.createElement("div");
      element.className = name;
      const x = grid.columns.start(l);
      const y = grid.rows.start(t);
      place(element, x - 1, y - 1, grid.columns.start(r + 1) - x + 1, grid.rows.start(b + 1) - y + 1);
      found.push(element);
    };
    if (!this.single) rectangle("chosen-range", top, left, bottom, right);
    if (this.pointed) rectangle("pointed-range", this.pointed.top, this.pointed.left, this.pointed.bottom, this.pointed.right);
    const shut = this.shut ? " shut" : "";
    const { row, column } = this.active;
    const merged = this.merges.at(row, column) ?? { top: row, bottom: row + 1, left: column, right: column + 1 };
    rectangle(`chosen-cell${shut}`, merged.top, merged.left, merged.bottom - 1, merged.right - 1);
    return found;
  }
}
