// Undo and redo. The emulator keeps what this page did, and takes it back on the file as others have left it since.

import { order } from "./api.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

export class Undo {
  constructor(parts) {
    Object.assign(this, parts);
  }

  /** Takes the last step back (`undo`) or does it again (`redo`), after whatever is still on its way. */
  run(kind) {
    const { book, changes } = this;
    return changes.follow(async () => {
      const outcome = await order(kind, { id: book.id });
      if (!outcome.done) return; // as in Google Sheets, where there is nothing to undo nothing happens
      await book.refresh();
      this.#show(outcome);
      this.#tell(outcome);
    });
  }

  #show({ sheet, box }) {
    const { book, grid, selection } = this;
    if (sheet === null || !book.shown().some(({ id }) => id === sheet)) return;
    if (book.current.id !== sheet) book.select(sheet);
    if (!box) return;
    const [top, bottom, left, right] = box;
    selection.range(top, left, Math.min(bottom, grid.rows.count) - 1, Math.min(right, grid.columns.count) - 1);
    grid.reveal(top, left);
  }

  /** Says what stays as it is: nothing is left out silently. */
  #tell({ cells, parts, already, left, others, shut, kept }) {
    const idle = !cells && !parts && !left && !others && !shut && !kept;
    const told = [
      [idle && already, words.undoAlready],
      [left, words.undoLeft],
      [others, words.undoOthers],
      [shut, words.undoShut],
      [kept, words.undoKept],
    ];
    for (const [count, say] of told) if (count) toast(say(count), true);
  }
}
