// Columns as wide as a person drags them, by the border of their heads; a double click fits them to their texts.

import { batchUpdate } from "./api.js";

const NEAR = 4;
const NARROWEST = 20;

export class Widths {
  constructor(parts) {
    Object.assign(this, parts);
    this.dragged = null;
  }

  /** The column whose right border lies under a hit on the heads; null for none. */
  at({ head, column, atX }) {
    const { columns } = this.grid;
    if (head !== "column") return null;
    if (columns.start(column + 1) - atX <= NEAR) return column;
    return column > 0 && atX - columns.start(column) < NEAR ? column - 1 : null;
  }

  /** Takes hold of a border, unless the column's head is protected; tells whether there is one. */
  take(hit, x) {
    const column = this.at(hit);
    if (column === null) return false;
    if (this.book.protects(0, column)) this.refuse();
    else this.dragged = { column, x, before: this.grid.columns.size(column) };
    return true;
  }

  drag(x) {
    const { column, before } = this.dragged;
    const size = Math.max(NARROWEST, Math.round(before + x - this.dragged.x));
    if (this.grid.columns.set(column, size)) this.grid.repaint();
  }

  drop() {
    const { column, before } = this.dragged;
    this.dragged = null;
    const pixelSize = this.grid.columns.size(column);
    if (pixelSize === before) return;
    this.#change({ updateDimensionProperties: { range: this.#span(column), properties: { pixelSize }, fields: "pixelSize" } });
  }

  fit(hit) {
    const column = this.at(hit);
    if (column === null) return false;
    if (this.book.protects(0, column)) this.refuse();
    else this.#change({ autoResizeDimensions: { dimensions: this.#span(column) } });
    return true;
  }

  #span(column) {
    return { sheetId: this.book.current.id, dimension: "COLUMNS", startIndex: column, endIndex: column + 1 };
  }

  #change(request) {
    const { book } = this;
    this.changes.follow(async () => {
      try {
        await batchUpdate(book.id, [request]);
      } finally {
        await book.refresh(); // also takes back the width of a drag that was refused
      }
    });
  }
}
