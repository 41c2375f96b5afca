// The menus above the grid.

import { chooseImport, download } from "./files.js";
import { closePopup, openPopup } from "./popup.js";
import { words } from "./words.js";

export function showMenu({ book, tabs, editor, selection, changes, search, grid, clipboard, undo }) {
  const menus = {
    file: [
      { text: words.import, run: () => chooseImport(book) },
      { text: words.download, run: () => download(book) },
    ],
    edit: [
      { text: words.undo, key: "Ctrl+Z", run: () => undo.run("undo") },
      { text: words.redo, key: "Ctrl+Y", run: () => undo.run("redo") },
      null,
      { text: words.copy, key: "Ctrl+C", run: () => clipboard.copyFromServer() },
      { text: words.clear, key: words.deleteKey, run: () => changes.clear(selection.box) },
      { text: words.tick, key: "␣", run: () => changes.tick(selection.box, selection.active) },
      null,
      { text: words.find, key: "Ctrl+F", run: () => search.open() },
    ],
    tab: [
      { text: words.newTab, run: () => tabs.add() },
      { text: words.rename, run: () => tabs.rename() },
      null,
      { text: words.goto, key: "Ctrl+Home", run: () => goHome(grid, selection) },
    ],
  };
  const buttons = Object.entries(menus).map(([name, items]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words[name];
    button.addEventListener("click", () => {
      const open = button.classList.contains("open");
      closePopup();
      if (open) return editor.focus();
      const { left, bottom } = button.getBoundingClientRect();
      openPopup(items, left, bottom + 2);
      return button.classList.add("open");
    });
    return button;
  });
  document.getElementById("menu").replaceChildren(...buttons);
}

function goHome(grid, selection) {
  selection.set(0, 0);
  grid.scroller.scrollTo(0, 0);
}
