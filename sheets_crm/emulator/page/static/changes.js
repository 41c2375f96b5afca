// What the operator changes, one gesture after the other: shown at once, taken back if the server refuses.

import { ask, order } from "./api.js";
import { isBox, isTicked } from "./paint.js";
import { toast } from "./toasts.js";
import { told, words } from "./words.js";

const SHOWN_AT_ONCE = 200;

export class Changes {
  constructor(book, cells, repaint) {
    this.book = book;
    this.cells = cells;
    this.repaint = repaint;
    this.queue = Promise.resolve();
    this.waiting = 0;
    this.saved = document.getElementById("saved");
  }

  /** Sends edits; resolves to whether they were accepted. */
  send(edits, places = []) {
    const { id, current } = this.book;
    this.waiting += 1;
    this.saved.textContent = words.saving;
    const done = this.queue.then(() => this.#send({ id, sheet: current.id, edits }, places));
    this.queue = done.catch(() => {});
    return done;
  }

  /** Runs what must come after all that is still on its way; tells what is refused. */
  follow(run) {
    this.waiting += 1;
    this.saved.textContent = words.saving;
    const done = this.queue.then(run).catch((error) => toast(told(error.message), true)).finally(() => this.#rest());
    this.queue = done;
    return done;
  }

  #rest() {
    this.waiting -= 1;
    if (!this.waiting) this.saved.textContent = words.saved;
    this.repaint();
  }

  async #send(body, places) {
    try {
      const { version } = await order("edit", await this.#keyed(body));
      this.cells.settle(places, version);
      return true;
    } catch (error) {
      this.cells.settle(places, null);
      toast(error.status === 409 ? words.gone : told(error.message), true);
      return false;
    } finally {
      this.#rest();
    }
  }

  /** Writes texts as if they were typed, from a cell on; the key says which row was meant when typing began. */
  type(row, column, values, { key = this.cells.key(row), fill = false } = {}) {
    const places = [];
    const there = key === this.cells.key(row);
    values.slice(0, there ? SHOWN_AT_ONCE : 0).forEach((line, down) =>
      line.forEach((text, right) => {
        if (this.#isCovered(row + down, column + right)) return;
        this.cells.expect(row + down, column + right, text === "" ? null : text, this.#kind(row + down, column + right, text));
        places.push(`${row + down}:${column + right}`);
      }),
    );
    this.repaint();
    return this.send([{ kind: "values", row, key, column, values, fill }], places);
  }

  /** Whether a cell lies unseen behind the first one of merged cells. */
  #isCovered(row, column) {
    const seen = this.cells.merges.first(row, column);
    return seen.row !== row || seen.column !== column;
  }

  #kind(row, column, text) {
    if (isBox(this.cells.at(row, column)) && /^(true|false)$/i.test(text)) return /^t/i.test(text) ? "t" : "f";
    return this.cells.at(row, column).look?.number !== "TEXT" && /^-?[\d.,]+%?$/.test(text) ? "n" : "s";
  }

  /**
   * Ticks or unticks the checkboxes of a selection: all get the opposite of the first one. Without a first one at hand
   * the emulator looks for it in all of the selection.
   */
  tick(box, first) {
    const value = first ? !isTicked(this.cells.at(first.row, first.column)) : null;
    const places = first ? this.#expectBoxes(box, value) : [];
    this.repaint();
    return this.send([{ kind: "tick", ...this.#area(box), value }], places);
  }

  #expectBoxes({ top, bottom, left, right }, value) {
    const places = [];
    for (let row = top; row <= Math.min(bottom, top + 2000); row += 1) {
      for (let column = left; column <= Math.min(right, left + 50); column += 1) {
        if (!isBox(this.cells.at(row, column))) continue;
        this.cells.expect(row, column, value ? "TRUE" : "FALSE", value ? "t" : "f");
        places.push(`${row}:${column}`);
      }
    }
    return places;
  }

  clear(box) {
    return this.send([{ kind: "clear", ...this.#area(box) }]);
  }

  /** A selection with the keys of its first and last row; null stands for those of rows that were not fetched. */
  #area({ top, bottom, left, right }) {
    const key = (row) => this.cells.key(row) ?? (this.cells.loaded(row, left) ? undefined : null);
    return { top, bottom: bottom + 1, left, right: right + 1, topKey: key(top), bottomKey: key(bottom) };
  }

  /** Asks for the keys that are still missing, once it is the edit's turn: so that gestures keep their order. */
  async #keyed({ id, sheet, edits }) {
    const key = async (row) => (await ask("key", { id, sheet, row })).key;
    for (const edit of edits) {
      if (edit.topKey === null) edit.topKey = await key(edit.top);
      if (edit.bottomKey === null) edit.bottomKey = await key(edit.bottom - 1);
    }
    return { id, sheet, edits };
  }
}
