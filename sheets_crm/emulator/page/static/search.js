// Finding a text in the tab.

import { ask } from "./api.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

const PAUSE = 250;

export class Search {
  constructor(book, grid, selection) {
    Object.assign(this, { book, grid, selection });
  }

  open() {
    if (this.box) return this.input.select();
    this.box = document.createElement("div");
    this.box.id = "search";
    this.input = document.createElement("input");
    this.input.placeholder = words.searchFor;
    this.told = document.createElement("span");
    this.box.append(this.input, this.told);
    document.getElementById("grid").append(this.box);
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#first(), PAUSE);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.timer) this.#first(); // what was just typed is not yet looked for
      else if (event.key === "Enter") this.#then(event.shiftKey);
      if (event.key === "Escape") this.close();
    });
    return this.input.focus();
  }

  close() {
    this.box?.remove();
    this.box = null;
    this.closed?.();
  }

  /** Counts again in a file that has changed; what was gone to stays. */
  recount() {
    clearTimeout(this.again);
    if (this.box && !this.timer) this.again = setTimeout(() => this.#then(false, 1, true), PAUSE);
  }

  /** Looks for what is typed while it is typed, from the active cell on. */
  #first() {
    clearTimeout(this.timer);
    this.timer = null;
    this.#then(false, 1);
  }

  /** Goes on once the last search has been answered: from the cell that it led to. */
  #then(back, before = 0, stay = false) {
    this.going = (this.going ?? Promise.resolve()).then(() => this.#next(back, before, stay)).catch((error) => toast(error.message, true));
  }

  async #next(back, before, stay) {
    const { row, column } = this.selection.active;
    const { id, current } = this.book;
    if (!this.box) return;
    if (!this.input.value) this.told.textContent = "";
    if (!this.input.value) return;
    const found = await ask("find", { id, sheet: current.id, text: this.input.value, row, column: column - before, back: back ? "" : undefined });
    const hidden = found.hidden ? words.foundHidden(found.hidden) : "";
    this.told.textContent = (found.count ? words.found(found.place, found.count) : words.notFound) + hidden;
    if (!found.count || stay) return;
    this.selection.set(found.row, found.column);
    this.grid.reveal(found.row, found.column);
  }
}
