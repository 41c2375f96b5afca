// Finding a text in the tab.

import { ask } from "./api.js";
import { toast } from "./toasts.js";
import { words } from "./words.js";

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
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#then(event.shiftKey);
      if (event.key === "Escape") this.close();
    });
    return this.input.focus();
  }

  close() {
    this.box?.remove();
    this.box = null;
    this.closed?.();
  }

  /** Goes on once the last search has been answered: from the cell that it led to. */
  #then(back) {
    this.going = (this.going ?? Promise.resolve()).then(() => this.#next(back)).catch((error) => toast(error.message, true));
  }

  async #next(back) {
    const { row, column } = this.selection.active;
    const { id, current } = this.book;
    if (!this.box || !this.input.value) return;
    const found = await ask("find", { id, sheet: current.id, text: this.input.value, row, column, back: back ? "" : undefined });
    const hidden = found.hidden ? words.foundHidden(found.hidden) : "";
    this.told.textContent = (found.count ? words.found(found.place, found.count) : words.notFound) + hidden;
    if (!found.count) return;
    this.selection.set(found.row, found.column);
    this.grid.reveal(found.row, found.column);
  }
}
