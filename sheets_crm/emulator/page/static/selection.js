// Which cells are selected, and how they are marked.

import { cellName } from "./names.js";
import { place } from "./grid.js";
import { Merges } from "./merges.js";

export class Selection {
  constructor() {
    this.active = { row: 0, column: 0 };
    this.end = { row: 0, column: 0 };
    this.changed = () => {};
    this.merges = new Merges();
  }

  set(row, column, { extend = false } = {}) {
    this.end = { row, column };
    if (!extend) this.active = { row, column };
    this.changed();
  }

  range(top, left, bottom, right) {
    this.active = { row: top, column: left };
    this.end = { row: bottom, column: right };
    this.changed();
  }

  get box() {
    const { active, end } = this;
    return this.merges.widened({
      top: Math.min(active.row, end.row),
      bottom: Math.max(active.row, end.row),
      left: Math.min(active.column, end.column),
      right: Math.max(active.column, end.column),
    });
  }

  /** Whether one cell is selected; merged cells are one. */
  get single() {
    const { top, bottom, left, right } = this.box;
    const merged = this.merges.at(top, left);
    return (top === bottom && left === right) || (merged?.bottom === bottom + 1 && merged.right === right + 1);
  }

  get name() {
    const { top, bottom, left, right } = this.box;
    return top === bottom && left === right ? cellName(top, left) : `${cellName(top, left)}:${cellName(bottom, right)}`;
  }

  span(across) {
    const { top, bottom, left, right } = this.box;
    return across ? [left, right] : [top, bottom];
  }

  /** Keeps the selection inside a grid that became smaller. */
  clip(rows, columns) {
    for (const spot of [this.active, this.end]) {
      spot.row = Math.min(spot.row, rows - 1);
      spot.column = Math.min(spot.column, columns - 1);
    }
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
    const shut = this.shut ? " shut" : "";
    const { row, column } = this.active;
    const merged = this.merges.at(row, column) ?? { top: row, bottom: row + 1, left: column, right: column + 1 };
    rectangle(`chosen-cell${shut}`, merged.top, merged.left, merged.bottom - 1, merged.right - 1);
    return found;
  }
}
