// The tabs along the bottom.

import { batchUpdate } from "./api.js";
import { openPopup } from "./popup.js";
import { toast } from "./toasts.js";
import { told, words } from "./words.js";

const hex = (color) =>
  color ? `rgb(${["red", "green", "blue"].map((part) => Math.round((color[part] ?? 0) * 255)).join(" ")})` : null;

export class Tabs {
  constructor(book, editor) {
    this.book = book;
    this.editor = editor;
    this.strip = document.getElementById("tabs");
    document.getElementById("add").addEventListener("click", () => this.add());
    document.getElementById("list").addEventListener("click", (event) => this.#list(event.currentTarget));
    this.strip.addEventListener("wheel", (event) => {
      this.strip.scrollLeft += event.deltaY || event.deltaX;
    }, { passive: true });
    new ResizeObserver(() => this.#reveal()).observe(this.strip); // the sums beside it take its room
  }

  show() {
    if (this.renaming) return;
    const { book } = this;
    const state = JSON.stringify(book.shown().map(({ id, title, color, locked }) => [id, title, color, locked]));
    if (state !== this.state) this.strip.replaceChildren(...book.shown().map((sheet) => this.#tabOf(sheet)));
    this.state = state;
    for (const tab of this.strip.children) {
      const current = Number(tab.dataset.sheet) === book.current.id;
      tab.classList.toggle("current", current);
      tab.setAttribute("aria-selected", String(current));
    }
    document.getElementById("add").title = words.newTab;
    document.getElementById("list").title = words.allTabs;
    this.#reveal();
  }

  #reveal() {
    this.strip.querySelector(".current")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  #tabOf(sheet) {
    const tab = document.createElement("button");
    tab.type = "button";
    tab.className = "tab";
    tab.tabIndex = -1;
    tab.setAttribute("role", "tab");
    tab.dataset.sheet = sheet.id;
    if (sheet.color) tab.style.setProperty("--tint", hex(sheet.color));
    if (sheet.locked) {
      const lock = document.createElement("span");
      lock.className = "padlock";
      tab.append(lock);
    }
    const named = document.createElement("span");
    named.className = "named";
    named.textContent = sheet.title;
    tab.append(named);
    tab.addEventListener("mousedown", (event) => {
      if (this.renaming) return;
      event.preventDefault(); // the keyboard stays with the grid
      if (sheet.id !== this.book.current.id) this.book.select(sheet.id);
    });
    tab.addEventListener("dblclick", () => this.rename());
    return tab;
  }

  #list(button) {
    const { left, top } = button.getBoundingClientRect();
    const items = this.book.shown().map((sheet) => ({
      text: sheet.title,
      color: hex(sheet.color) ?? "#e1e3e6",
      run: () => this.book.select(sheet.id),
    }));
    openPopup(items, left, top);
  }

  async add() {
    const { book } = this;
    const taken = new Set(book.sheets.map((sheet) => sheet.title));
    let number = book.sheets.length + 1;
    while (taken.has(`${words.newName} ${number}`)) number += 1;
    await this.#run([{ addSheet: { properties: { title: `${words.newName} ${number}` } } }], (answer) =>
      book.select(answer.replies[0].addSheet.properties.sheetId),
    );
  }

  async #run(requests, then = () => {}) {
    try {
      const answer = await batchUpdate(this.book.id, requests);
      await this.book.refresh();
      then(answer);
    } catch (error) {
      toast(told(error.message), true);
    }
  }

  rename() {
    const sheet = this.book.current;
    const named = this.strip.querySelector(".current .named");
    this.renaming = true;
    named.contentEditable = "plaintext-only";
    named.focus();
    getSelection().selectAllChildren(named);
    const finish = async (keep) => {
      if (!this.renaming) return;
      this.renaming = false;
      this.state = null;
      named.removeAttribute("contenteditable");
      const title = named.textContent.trim();
      if (keep && title && title !== sheet.title) {
        await this.#run([{ updateSheetProperties: { properties: { sheetId: sheet.id, title }, fields: "title" } }]);
      }
      this.show();
      this.editor.focus();
    };
    named.addEventListener("blur", () => finish(true), { once: true });
    named.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Escape") {
        event.preventDefault();
        finish(event.key === "Enter");
      }
    });
  }
}
