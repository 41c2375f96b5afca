// Copying and pasting blocks of cells as text.

import { ask } from "./api.js";
import { toast } from "./toasts.js";
import { readTable, writeTable } from "./tsv.js";
import { words } from "./words.js";

const LARGEST_AT_HAND = 200_000;

export class Clipboard {
  constructor(parts) {
    Object.assign(this, parts);
    document.addEventListener("copy", (event) => this.#copy(event, false));
    document.addEventListener("cut", (event) => this.#copy(event, true));
    document.addEventListener("paste", (event) => this.#paste(event));
  }

  #ours(event) {
    return event.target === this.editor.field && !this.editor.editing;
  }

  async #copy(event, cut) {
    if (!this.#ours(event)) return;
    event.preventDefault();
    const { box } = this.selection;
    const rows = this.#atHand();
    if (rows) event.clipboardData.setData("text/plain", writeTable(rows));
    else if (!(await this.copyFromServer())) return; // what could not be copied is not cut
    if (cut) this.changes.clear(box);
  }

  /** The selected cells, if they were all read already. */
  #atHand() {
    const { top, left, ...ends } = this.selection.box;
    const { bottom, right } = this.selection.single ? { bottom: top, right: left } : ends; // merged cells are one
    if ((bottom - top + 1) * (right - left + 1) > LARGEST_AT_HAND) return null;
    const rows = [];
    for (let row = top; row <= bottom; row += 1) {
      const line = [];
      if (this.cells.line(row, left)?.filtered) continue;
      for (let column = left; column <= right; column += 1) {
        if (!this.cells.loaded(row, column)) return null;
        line.push(this.cells.at(row, column).text ?? "");
      }
      rows.push(line);
    }
    return rows;
  }

  async copyFromServer() {
    const { top, bottom, left, right } = this.selection.box;
    const { id, current } = this.book;
    const area = { top, bottom: bottom + 1, left, right: right + 1 };
    try {
      const rows = await ask("values", { id, sheet: current.id, ...area });
      await navigator.clipboard.writeText(writeTable(rows.map((row) => row.map(String))));
      return true;
    } catch (error) {
      toast(words.notCopied(error.message), true);
      return false;
    }
  }

  async #paste(event) {
    if (!this.#ours(event)) return;
    event.preventDefault();
    await this.paste(event.clipboardData.getData("text/plain"));
  }

  /** Writes a block at the selection; a single value fills all selected cells. */
  async paste(text) {
    const rows = readTable(text);
    if (!rows.length) return;
    const { top, left, bottom, right } = this.selection.box;
    const several = !this.selection.single;
    const fill = rows.length === 1 && rows[0].length === 1;
    const block = fill
      ? Array.from({ length: bottom - top + 1 }, () => Array(right - left + 1).fill(rows[0][0]))
      : rows;
    const width = Math.max(...block.map((row) => row.length));
    const square = block.map((row) => [...row, ...Array(width - row.length).fill("")]);
    this.selection.range(top, left, top + square.length - 1, left + width - 1);
    if (await this.changes.type(top, left, square, { fill })) {
      if (square.length > 1 && (several || !fill)) toast(words.pasted(square.length));
    }
  }
}
