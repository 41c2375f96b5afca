// The keyboard.

import { ask } from "./api.js";
import { follow } from "./links.js";
import { isBox } from "./paint.js";

const MOST_TRIED = 100_000;
const FAR = { rows: 400, columns: 64 };
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

export class Keys {
  constructor(parts) {
    Object.assign(this, parts);
    const { editor } = parts;
    editor.field.addEventListener("keydown", (event) => this.#pressed(event));
    editor.bar.addEventListener("keydown", (event) => this.#inEditor(event));
  }

  #pressed(event) {
    if (event.isComposing) return;
    if (this.editor.editing) this.#inEditor(event);
    else if (this.#moves(event) || this.#acts(event)) event.preventDefault();
  }

  async #inEditor(event) {
    const { editor } = this;
    const typedOver = editor.editing?.before === undefined;
    if (event.key === "Escape") editor.cancel();
    else if (event.key === "Enter" && (event.altKey || event.ctrlKey || event.metaKey)) this.#breakLine(event.target);
    else if (event.key === "Enter") this.#leave(event.shiftKey ? -1 : 1, 0);
    else if (event.key === "Tab") this.#leave(0, event.shiftKey ? -1 : 1);
    else if (ARROWS[event.key] && typedOver && event.target === editor.field && !event.shiftKey) this.#arrow(...ARROWS[event.key]);
    else return;
    event.preventDefault();
  }

  #breakLine(field) {
    field.setRangeText("\n", field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input"));
  }

  #leave(down, right) {
    this.editor.commit();
    this.#advance(down, right);
  }

  /** An arrow ends what is typed, unless it is a formula that waits for a reference. */
  #arrow(down, right) {
    if (this.editor.pointOn(down, right)) return;
    this.editor.commit();
    this.move(down, right);
  }

  /** Enter and Tab: inside a selection of several cells, else down or along; Enter goes below the cell where the Tabs began. */
  #advance(down, right) {
    const { selection } = this;
    if (!selection.single) return this.#walk(down, right);
    const from = selection.active;
    const began = this.tabbed?.to === from ? this.tabbed.column : from.column;
    if (right) {
      this.move(0, right);
      this.tabbed = { to: selection.active, column: Math.min(began, selection.active.column) };
      return undefined;
    }
    this.move(down, 0);
    if (down > 0 && began !== from.column) this.#go(selection.active.row, began, false);
    return undefined;
  }

  /** Goes to the next cell of the selection: down and then to the next column, or along and then to the next row. */
  #walk(down, right) {
    const { grid, selection } = this;
    const { top, left, bottom, right: edge } = selection.box;
    const [height, width] = [bottom - top + 1, edge - left + 1];
    const count = height * width;
    let { row, column } = selection.active;
    let place = down ? (column - left) * height + row - top : (row - top) * width + column - left;
    for (let tried = 0; tried < Math.min(count, MOST_TRIED); tried += 1) {
      place = (place + down + right + count) % count;
      row = top + (down ? place % height : Math.floor(place / width));
      column = left + (down ? Math.floor(place / height) : place % width);
      const seen = selection.merges.first(row, column);
      if (seen.row === row && seen.column === column && grid.rows.size(row) && grid.columns.size(column)) break;
    }
    selection.walk(row, column);
    grid.reveal(row, column);
  }

  move(down, right, extend = false) {
    const { grid, selection } = this;
    const spot = extend ? selection.end : selection.active;
    const merged = selection.merges.at(spot.row, spot.column); // its far side is where one leaves it
    const from = merged
      ? { row: down > 0 ? merged.bottom - 1 : spot.row, column: right > 0 ? merged.right - 1 : spot.column }
      : spot;
    this.#go(step(from.row, down, grid.rows), step(from.column, right, grid.columns), extend);
  }

  #go(wantedRow, wantedColumn, extend) {
    const merged = extend ? null : this.selection.merges.at(wantedRow, wantedColumn);
    const [row, column] = merged ? [merged.top, merged.left] : [wantedRow, wantedColumn];
    this.selection.set(row, column, { extend });
    this.grid.reveal(row, column);
  }

  #moves(event) {
    const { grid, selection } = this;
    const { key, shiftKey } = event;
    const command = event.ctrlKey || event.metaKey;
    const from = shiftKey ? selection.end : selection.active;
    const last = { row: grid.rows.count - 1, column: grid.columns.count - 1 };
    if (ARROWS[key]) {
      const [down, right] = ARROWS[key];
      if (command) this.#toEdge(from, down, right, shiftKey);
      else this.move(down, right, shiftKey);
    } else if (key === "Enter" && event.altKey) this.#follow();
    else if (key === "Enter") {
      if (this.#isBox() || shiftKey) this.#advance(shiftKey ? -1 : 1, 0);
      else this.editor.open();
    } else if (key === "Tab") this.#advance(0, shiftKey ? -1 : 1);
    else if (key === "PageDown") this.move(grid.page, 0, shiftKey);
    else if (key === "PageUp") this.move(-grid.page, 0, shiftKey);
    else if (key === "Home") this.#go(command ? 0 : from.row, 0, shiftKey);
    else if (key === "End" && command) this.#toEdge(from, 0, 0, shiftKey);
    else if (key === "End") this.#go(from.row, last.column, shiftKey);
    else return false;
    return true;
  }

  /** Opens the address of the active cell in another tab of the browser. */
  #follow() {
    const { row, column } = this.selection.active;
    const { link } = this.cells.at(row, column);
    if (link) follow(link);
  }

  #isBox() {
    const { row, column } = this.selection.active;
    return isBox(this.cells.at(row, column));
  }

  /** Goes to the end of the filled or blank stretch, or without a direction of all that is filled. */
  async #toEdge({ row, column }, down, right, extend) {
    const { book, selection } = this;
    const before = selection.name;
    const goal = await ask("edge", { id: book.id, sheet: book.current.id, row, column, down, right });
    if (selection.name === before) this.#go(goal.row, goal.column, extend);
  }

  #acts(event) {
    const { editor, selection, changes } = this;
    const command = event.ctrlKey || event.metaKey;
    if (event.key === "F2") editor.open();
    else if (event.key === "Delete" || event.key === "Backspace") changes.clear(selection.box);
    else if (event.key === " " && (event.ctrlKey || event.shiftKey)) this.#selectLines(event.ctrlKey, event.shiftKey);
    else if (event.key === " " && !command && this.#mayTick()) changes.tick(selection.box, this.#firstBox());
    else if (command && event.key.toLowerCase() === "a") this.#selectAll();
    else if (command && event.key.toLowerCase() === "f") this.search.open();
    else if (command && event.key.toLowerCase() === "z") this.undo.run(event.shiftKey ? "redo" : "undo");
    else if (command && event.key.toLowerCase() === "y") this.undo.run("redo");
    else return false;
    return true;
  }

  /** Widens the selection to whole columns (Ctrl and space), whole rows (Shift and space) or everything. */
  #selectLines(columns, rows) {
    const { grid, selection } = this;
    const { top, bottom, left, right } = selection.box;
    const [first, last] = columns ? [0, grid.rows.count - 1] : [top, bottom];
    const [start, end] = rows ? [0, grid.columns.count - 1] : [left, right];
    selection.range(first, start, last, end);
  }

  #selectAll() {
    const { grid, selection } = this;
    selection.range(0, 0, grid.rows.count - 1, grid.columns.count - 1);
  }

  /** Whether space ticks: there is a checkbox in the selection, or there may be in what was not fetched yet. */
  #mayTick() {
    return this.#firstBox() !== null || !this.#isLoaded();
  }

  #isLoaded() {
    const { top, bottom, left, right } = this.selection.box;
    return this.cells.loaded(bottom, right) && bottom - top <= FAR.rows && right - left <= FAR.columns;
  }

  /** The first checkbox of the selection among the cells that are at hand. */
  #firstBox() {
    const { top, bottom, left, right } = this.selection.box;
    for (let row = top; row <= Math.min(bottom, top + FAR.rows); row += 1) {
      for (let column = left; column <= Math.min(right, left + FAR.columns); column += 1) {
        if (!this.cells.loaded(row, column)) return null;
        if (isBox(this.cells.at(row, column))) return { row, column };
      }
    }
    return null;
  }
}

/** Moves along an axis over hidden rows or columns, staying inside. */
function step(from, by, axis) {
  let found = Math.max(0, Math.min(axis.count - 1, from + by));
  const way = Math.sign(by);
  while (way && axis.size(found) === 0 && axis.size(found + way) !== undefined && found + way >= 0 && found + way < axis.count) found += way;
  return axis.size(found) === 0 ? from : found;
}
