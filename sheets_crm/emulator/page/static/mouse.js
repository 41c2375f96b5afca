// The mouse: select, drag, tick, open, and notes under the pointer.

import { anchor } from "./links.js";
import { isBox } from "./paint.js";
import { words } from "./words.js";

export class Mouse {
  constructor(parts) {
    Object.assign(this, parts);
    const { view } = this.grid;
    view.addEventListener("pointerdown", (event) => this.#down(event));
    view.addEventListener("pointermove", (event) => this.#move(event));
    view.addEventListener("pointerup", (event) => this.#up(event));
    view.addEventListener("pointerleave", () => this.#hint(null));
    view.addEventListener("dblclick", (event) => this.#twice(event));
    this.hover = document.createElement("div");
    this.hover.id = "hover";
    this.hover.hidden = true;
    view.append(this.hover);
  }

  #down(event) {
    if (event.button !== 0 || event.target === this.editor.field || event.target.closest(".chart, #hover")) return undefined;
    event.preventDefault();
    const hit = this.grid.hit(event.clientX, event.clientY);
    this.pointing = !hit.head && hit.inside && this.editor.point(hit);
    if (this.pointing) return this.grid.view.setPointerCapture(event.pointerId);
    if (this.editor.editing) this.editor.commit();
    if (this.widths.take(hit, event.clientX)) return this.grid.view.setPointerCapture(event.pointerId);
    const { rows, columns } = this.grid;
    const last = [rows.count - 1, columns.count - 1];
    this.drag = hit;
    if (hit.head === "corner") this.selection.range(0, 0, ...last);
    else if (hit.head === "column") this.#line(0, hit.column, last[0], hit.column, event.shiftKey);
    else if (hit.head === "row") this.#line(hit.row, 0, hit.row, last[1], event.shiftKey);
    else this.selection.set(hit.row, hit.column, { extend: event.shiftKey });
    this.drag.moved = event.shiftKey;
    this.grid.view.setPointerCapture(event.pointerId);
    return this.editor.focus();
  }

  #line(top, left, bottom, right, extend) {
    const { active } = this.selection;
    if (!extend) return this.selection.range(top, left, bottom, right);
    const [row, column] = top === bottom ? [active.row, 0] : [0, active.column];
    return this.selection.range(row, column, bottom, right);
  }

  #move(event) {
    if (this.widths.dragged) return this.widths.drag(event.clientX);
    const hit = this.grid.hit(event.clientX, event.clientY);
    if (this.pointing) return this.editor.point(hit, true);
    if (!this.drag) {
      this.grid.view.classList.toggle("resize-cursor", this.widths.at(hit) !== null);
      return this.#hint(hit, event);
    }
    if (hit.row === this.drag.row && hit.column === this.drag.column && !this.drag.moved) return undefined;
    this.drag.moved = true;
    const { rows, columns } = this.grid;
    if (this.drag.head === "column") this.selection.set(rows.count - 1, hit.column, { extend: true });
    else if (this.drag.head === "row") this.selection.set(hit.row, columns.count - 1, { extend: true });
    else if (!this.drag.head) {
      this.selection.set(hit.row, hit.column, { extend: true });
      this.grid.reveal(hit.row, hit.column);
    }
    return undefined;
  }

  #up(event) {
    if (this.widths.dragged) return this.widths.drop();
    if (this.pointing) {
      this.pointing = false;
      return undefined;
    }
    const { drag } = this;
    this.drag = null;
    if (!drag || drag.moved || drag.head || !drag.inside) return undefined;
    const cell = this.cells.at(drag.row, drag.column);
    if (this.grid.onBox(drag)) this.#tick(drag);
    else if (cell.look?.choices && this.#onArrow(drag)) this.editor.open();
    else if (event.detail === 1) this.editor.focus();
    return undefined;
  }

  #onArrow({ column, atX }) {
    return this.grid.columns.start(column + 1) - atX < 20;
  }

  #tick({ row, column }) {
    if (this.book.protects(row, column)) return this.refuse();
    return this.changes.tick({ top: row, bottom: row, left: column, right: column }, { row, column });
  }

  #twice(event) {
    const hit = this.grid.hit(event.clientX, event.clientY);
    if (this.editor.editing || this.widths.fit(hit)) return;
    if (hit.head || event.target.closest(".chart, #hover") || event.target === this.editor.field) return;
    if (!isBox(this.cells.at(hit.row, hit.column))) this.editor.open();
  }

  /** Shows what is to be said of the cell under the pointer: where it leads, what is wrong with it, its note. */
  #hint(hit, event) {
    if (event?.target.closest("#hover")) return; // on the way to a link
    const over = hit && !hit.head && hit.inside && !event?.target.closest(".chart") ? hit : null;
    const shut = over ? this.book.protects(over.row, over.column) && this.grid.onBox(over) : false;
    this.grid.view.classList.toggle("shut-cursor", shut);
    const said = over ? remarks(this.cells.at(over.row, over.column), this.cells, over) : [];
    this.hover.hidden = !said.length;
    if (!said.length) return;
    const box = this.grid.box(over.row, over.column);
    this.hover.replaceChildren(...said);
    // With a link it lies below the cell and can be entered; else beside it, and lets the pointer through.
    const linked = said[0].tagName === "A";
    this.hover.classList.toggle("linked", linked);
    const x = linked ? box.x : box.x + box.width + 4;
    this.hover.style.left = `${Math.max(Math.min(x, this.grid.width - 310), 4)}px`;
    this.hover.style.top = `${linked ? box.y + box.height - 1 : box.y + 2}px`;
  }
}

/** The parts of a hover card: paragraphs, and the link. */
function remarks({ link, error, invalid, note }, { filter }, { row, column }) {
  const line = (name, text) => {
    const element = document.createElement("div");
    element.className = name;
    element.textContent = text;
    return element;
  };
  const said = [];
  if (link) said.push(anchor(link));
  if (error !== undefined) said.push(line("bad", words.error), line("", error || words.noReason));
  if (invalid !== undefined) said.push(line("bad", words.invalid), line("", invalid || words.invalidReason));
  if (note) said.push(line("", note));
  if (filter && row === filter.top && column >= filter.left && column < filter.right) said.push(line("", words.filtered));
  return said;
}
