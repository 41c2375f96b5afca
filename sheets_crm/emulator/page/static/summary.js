// What the selected cells come to, told at the bottom: worked out by the emulator over all of them, fetched or not.

import { ask } from "./api.js";
import { numberText } from "./names.js";
import { openPopup } from "./popup.js";
import { words } from "./words.js";

const KINDS = ["sum", "average", "min", "max", "count", "numbers"];
const PAUSE = 80;

export class Summary {
  constructor(book, selection) {
    Object.assign(this, { book, selection });
    this.button = document.getElementById("sum");
    this.button.addEventListener("click", () => this.#choose());
    this.wanted = "sum";
    this.asked = "";
  }

  /** Asks again where the selection or the file is another than last time. */
  show() {
    const { book, selection } = this;
    if (!book.current) return;
    const { top, bottom, left, right } = selection.box;
    const asked = { id: book.id, sheet: book.current.id, top, bottom: bottom + 1, left, right: right + 1 };
    const state = JSON.stringify([asked, book.version]);
    if (state === this.asked) return;
    this.asked = state;
    clearTimeout(this.timer);
    if (selection.single) return this.#tell(null);
    this.timer = setTimeout(() => this.#ask(asked, state), PAUSE);
  }

  async #ask(asked, state) {
    try {
      const totals = await ask("totals", asked);
      if (state === this.asked) this.#tell(totals);
    } catch {
      this.asked = ""; // asked again with the next change
    }
  }

  #tell(totals) {
    this.totals = totals;
    const { wanted } = this;
    const { filtered } = this.book.current;
    this.button.hidden = !totals?.count && !filtered;
    if (!totals?.count) {
      this.button.textContent = filtered ? words.filteredRows(filtered) : "";
      return;
    }
    const kind = totals.numbers || !["sum", "average", "min", "max"].includes(wanted) ? wanted : "count";
    const boxes = totals.ticked ? ` · ✓ ${numberText(totals.ticked, this.book.language)}` : "";
    this.button.textContent = `${this.#line(kind)}${boxes} ▾`;
  }

  #line(kind) {
    const value = this.totals[kind];
    const text = typeof value === "number" ? numberText(value, this.book.language) : value;
    return `${words[kind]}: ${text}`;
  }

  #choose() {
    if (!this.totals?.count) return;
    const kinds = KINDS.filter((kind) => this.totals[kind] !== undefined);
    const items = kinds.map((kind) => ({
      text: this.#line(kind),
      run: () => {
        this.wanted = kind;
        this.#tell(this.totals);
      },
    }));
    const { left, top } = this.button.getBoundingClientRect();
    openPopup(items, left, top);
  }
}
