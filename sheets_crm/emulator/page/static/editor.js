// One text field lies on the active cell, unseen until somebody types: so accents and other composed letters work
// from the first key on. The formula bar edits the same text.

import { ask } from "./api.js";
import { awaitsReference, closed } from "./formulas.js";
import { place } from "./grid.js";
import { areaName, cellName } from "./names.js";
import { openPopup } from "./popup.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

export class Editor {
  constructor(book, cells, grid, selection, changes) {
    Object.assign(this, { book, cells, grid, selection, changes });
    this.editing = null;
    this.field = document.createElement("textarea");
    this.field.id = "editor";
    this.field.spellcheck = false;
    this.field.className = "asleep";
    document.getElementById("view").append(this.field);
    this.bar = document.getElementById("bar");
    this.field.addEventListener("input", () => this.#typed());
    this.bar.addEventListener("input", () => this.#barTyped());
    this.bar.addEventListener("focus", () => this.#barFocused());
    this.field.addEventListener("blur", () => this.#left());
    this.bar.addEventListener("blur", () => this.#left());
  }

  focus() {
    if (!this.editing) this.field.value = "";
    this.field.focus({ preventScroll: true });
  }

  /** Puts the field where the active cell is. */
  follow() {
    const { row, column } = this.editing ?? this.selection.active;
    const { x, y, width, height } = this.grid.box(row, column);
    if (!this.editing) return place(this.field, Math.max(x, 0), Math.max(y, 0), Math.max(width, 10), height);
    const room = Math.max(this.grid.width - x - 10, width);
    place(this.field, x - 1, y - 1, width + 1, height + 1);
    this.field.style.width = `${Math.min(Math.max(this.#wide(), width + 1), room)}px`;
    this.field.style.height = `${height + 1}px`;
    this.field.style.height = `${Math.max(this.field.scrollHeight + 4, height + 1)}px`;
  }

  #wide() {
    const longest = Math.max(...this.field.value.split("\n").map((line) => line.length));
    return longest * 7.4 + 16;
  }

  /** Shows in the bar what the active cell holds. */
  async showContent() {
    const { row, column } = this.selection.active;
    const cell = this.cells.at(row, column);
    if (this.editing) return;
    this.bar.value = cell.formula ?? cell.text ?? "";
    this.bar.readOnly = this.book.protects(row, column);
    this.field.value = "";
  }

  /** Opens the field with what the cell holds. */
  async open() {
    const { row, column } = this.selection.active;
    if (this.#refuses(row, column)) return;
    const cell = this.cells.at(row, column);
    if (cell.look?.choices?.length) return this.choose(row, column, cell.look);
    return this.#write(row, column);
  }

  async #write(row, column) {
    this.#begin(row, column, null);
    const { text } = await ask("entry", { id: this.book.id, sheet: this.book.current.id, row, column });
    if (this.editing?.row !== row || this.editing?.column !== column || this.editing.touched) return;
    this.editing.before = text;
    this.field.value = text;
    this.bar.value = text;
    this.follow();
    this.field.setSelectionRange(text.length, text.length);
  }

  choose(row, column, { choices, choices_free: free }) {
    const { x, y, width, height } = this.grid.box(row, column);
    const edge = this.grid.view.getBoundingClientRect();
    const write = (text) => this.changes.type(row, column, [[text]]);
    const items = choices.map((text) => ({ text, chip: true, run: () => write(text) }));
    const other = free ? [{ text: words.other, run: () => this.#write(row, column) }] : [];
    openPopup([...items, null, ...other, { text: words.clear, run: () => write("") }], edge.left + x, edge.top + y + height, Math.max(width, 160));
  }

  #refuses(row, column) {
    if (!this.book.protects(row, column)) return false;
    this.field.value = "";
    toast(words.refused, true);
    return true;
  }

  #begin(row, column, before) {
    this.editing = { row, column, before, key: this.cells.key(row), touched: false };
    this.field.className = "";
    this.field.focus({ preventScroll: true });
    this.follow();
  }

  #typed() {
    const { row, column } = this.selection.active;
    if (!this.editing) {
      if (this.field.value === "" || this.#refuses(row, column)) return;
      this.grid.reveal(row, column);
      this.#begin(row, column, undefined);
    }
    this.#touched();
    this.bar.value = this.field.value;
    this.follow();
  }

  #touched() {
    this.editing.touched = true;
    this.#mark(null);
  }

  /** Keeps the reference that was last pointed at, and marks its cells; null for none. */
  #mark(pointed) {
    this.editing.pointed = pointed;
    this.selection.pointed = pointed?.box ?? null;
    this.grid.draw();
  }

  /**
   * Writes the reference of a cell into a formula that waits for one, in place of the one just pointed at; with `extend`
   * that of the area from there to the cell. Tells whether the formula takes it.
   */
  point(cell, extend = false) {
    const { editing } = this;
    const input = document.activeElement === this.bar ? this.bar : this.field;
    if (!editing) return false;
    const { pointed } = editing;
    const caret = input.selectionStart;
    const again = pointed && caret === pointed.end;
    if (!again && !awaitsReference(input.value, caret)) return false;
    const from = extend && again ? pointed.from : cell;
    const box = this.selection.merges.widened({
      top: Math.min(from.row, cell.row),
      bottom: Math.max(from.row, cell.row),
      left: Math.min(from.column, cell.column),
      right: Math.max(from.column, cell.column),
    });
    const alone = from.row === cell.row && from.column === cell.column;
    const name = alone ? cellName(cell.row, cell.column) : areaName(box, this.selection.size);
    const start = again ? pointed.start : caret;
    input.setRangeText(name, start, again ? pointed.end : input.selectionEnd, "end");
    this.field.value = input.value;
    this.bar.value = input.value;
    editing.touched = true;
    this.#mark({ start, end: start + name.length, from, cell, box });
    this.follow();
    return true;
  }

  /** Points at the cell beside the one that was pointed at last, or beside the one that is written. */
  pointOn(down, right) {
    const { row, column, pointed } = this.editing;
    const from = pointed?.cell ?? { row, column };
    const next = {
      row: Math.max(0, Math.min(this.grid.rows.count - 1, from.row + down)),
      column: Math.max(0, Math.min(this.grid.columns.count - 1, from.column + right)),
    };
    if (!this.point(next)) return false;
    this.grid.reveal(next.row, next.column);
    return true;
  }

  #barFocused() {
    const { row, column } = this.selection.active;
    if (this.editing || this.bar.readOnly) return;
    this.editing = { row, column, before: this.bar.value, key: this.cells.key(row), touched: false };
    this.field.className = "";
    this.field.value = this.bar.value;
    this.follow();
  }

  #barTyped() {
    if (!this.editing) return;
    this.#touched();
    this.field.value = this.bar.value;
    this.follow();
  }

  #left() {
    setTimeout(() => {
      const now = document.activeElement;
      const inside = now === this.field || now === this.bar;
      if (inside || !this.editing || !document.hasFocus()) return;
      this.commit();
      if (now !== document.body) now.focus(); // the name box, say: what is typed next is meant for it
    });
  }

  /** Writes what was typed; where it is refused the field opens again with it, so that nothing is lost. */
  async commit() {
    const { editing } = this;
    if (!editing) return true;
    const isText = this.cells.at(editing.row, editing.column).look?.number === "TEXT";
    const text = isText ? this.field.value : closed(this.field.value);
    this.#close();
    if (!editing.touched || text === editing.before) return true;
    const accepted = await this.changes.type(editing.row, editing.column, [[text]], { key: editing.key });
    if (!accepted && !this.editing) {
      this.selection.set(editing.row, editing.column);
      this.field.value = text;
      this.#begin(editing.row, editing.column, undefined);
      this.editing.touched = true;
    }
    return accepted;
  }

  cancel() {
    this.#close();
    this.showContent();
  }

  #close() {
    if (this.editing) this.#mark(null);
    this.editing = null;
    this.field.className = "asleep";
    this.field.value = "";
    this.field.focus({ preventScroll: true });
    this.follow();
  }
}
