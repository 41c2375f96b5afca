// Puts the parts together.

import { ask, order } from "./api.js";
import { Book } from "./book.js";
import { Cells } from "./cells.js";
import { Changes } from "./changes.js";
import { Charts } from "./charts.js";
import { Clipboard } from "./clipboard.js";
import { Editor } from "./editor.js";
import { Grid } from "./grid.js";
import { Keys } from "./keys.js";
import { showMenu } from "./menu.js";
import { Mouse } from "./mouse.js";
import { decimalMark, readPlace, readTab } from "./names.js";
import { Search } from "./search.js";
import { Selection } from "./selection.js";
import { Summary } from "./summary.js";
import { Tabs } from "./tabs.js";
import { forgetRefusals, toast } from "./toasts.js";
import { Undo } from "./undo.js";
import { Widths } from "./widths.js";
import { words } from "./words.js";

const saved = document.getElementById("saved");
const spot = document.getElementById("place");
const book = new Book();
const cells = new Cells((first, count, left) => {
  if (grid.measure(first, count, left)) charts.follow();
  grid.repaint();
  editor.showContent();
  const { sheet } = cells;
  requestAnimationFrame(() => (document.body.dataset.shown = sheet)); // once they are drawn
});
const grid = new Grid(cells);
const selection = new Selection();
const changes = new Changes(book, cells, () => grid.repaint());
const editor = new Editor(book, cells, grid, selection, changes);
const charts = new Charts(book, grid);
const tabs = new Tabs(book, editor);
const search = new Search(book, grid, selection);
const refuse = () => toast(words.refused, true);
const parts = { book, cells, grid, selection, changes, editor, tabs, search, refuse };
parts.undo = new Undo(parts);
parts.clipboard = new Clipboard(parts);
parts.keys = new Keys(parts);
parts.widths = new Widths(parts);
parts.mouse = new Mouse(parts);
const places = new Map();

grid.selection = selection;
grid.drawn = () => editor.follow();
search.closed = () => editor.focus();

const sum = new Summary(book, selection);

selection.changed = () => {
  const { row, column } = selection.active;
  selection.shut = book.protects(row, column);
  document.getElementById("lock").hidden = !selection.shut;
  document.getElementById("lock").title = words.protected;
  spot.value = selection.name;
  sum.show();
  editor.showContent();
  grid.draw();
};

book.on("select", (sheet) => {
  if (grid.sheet) places.set(grid.sheet.id, { x: grid.scroller.scrollLeft, y: grid.scroller.scrollTop, ...selection.active });
  const kept = places.get(sheet.id);
  cells.show(book.id, sheet.id, book.version);
  selection.shape(sheet.merges, sheet.rows, sheet.columns);
  forgetRefusals();
  charts.clear();
  grid.show(sheet, kept);
  const start = { row: Math.min(sheet.frozenRows, sheet.rows - 1), column: 0 };
  selection.set(Math.min(kept?.row ?? start.row, sheet.rows - 1), Math.min(kept?.column ?? start.column, sheet.columns - 1));
  tabs.show();
  charts.show();
  document.title = `${sheet.title} · ${book.title}`;
  editor.focus();
});

document.addEventListener("gototab", ({ detail }) => {
  const sheet = book.sheets.find((one) => one.id === detail);
  if (sheet && !sheet.hidden) book.select(detail);
});

book.on("change", () => {
  document.getElementById("title").textContent = book.title;
  cells.decimal = decimalMark(book.language);
  cells.stale(book.version);
  if (!book.current) return;
  sum.show();
  grid.shape(book.current);
  selection.shape(book.current.merges, grid.rows.count, grid.columns.count);
  search.recount();
  tabs.show();
  grid.draw();
  charts.show();
});

book.on("connected", (yes) => {
  saved.classList.toggle("offline", !yes);
  if (!yes) saved.textContent = words.offline;
  else if (!changes.waiting) saved.textContent = words.saved;
});

book.on("gone", (title) => toast(words.tabGone(title)));

book.on("restarted", () => {
  toast(words.again);
  setTimeout(() => location.reload(), 1500);
});

spot.addEventListener("keydown", (event) => {
  if (event.key === "Escape") editor.focus();
  if (event.key !== "Enter") return;
  event.preventDefault(); // else the editor, which gets the focus, would get the line break too
  if (!goTo(spot.value)) {
    toast(words.noPlace(spot.value), true);
    spot.value = selection.name;
  }
  editor.focus();
});

/** Goes to a place such as B2, A1:C3, C:C or Tab!B10; tells whether there is one. */
function goTo(text) {
  const [title, name] = readTab(text);
  const named = title === null ? book.current : book.shown().find((sheet) => sheet.title.toLowerCase() === title.toLowerCase());
  const place = readPlace(name);
  if (!named || !place) return false;
  const [top, left, bottom, right] = place;
  const [last, edge] = [bottom === Infinity ? named.rows - 1 : bottom, right === Infinity ? named.columns - 1 : right];
  if (top > last || left > edge || last >= named.rows || edge >= named.columns) return false;
  if (named !== book.current) book.select(named.id);
  selection.range(top, left, last, edge);
  grid.reveal(top, left);
  return true;
}
spot.addEventListener("focus", () => spot.select());

// Buttons leave the keyboard to the grid; what is being written is written first.
document.addEventListener("mousedown", (event) => {
  if (!event.target.closest("#menu button, #bottom > button, .popup")) return;
  event.preventDefault();
  if (editor.editing) editor.commit();
});

// Whatever lost the keyboard, the grid has it, from this key on.
document.addEventListener("keydown", (event) => {
  if (event.target !== document.body) return;
  editor.focus();
  if (!editor.field.dispatchEvent(new KeyboardEvent(event.type, event))) event.preventDefault();
}, true);

function showFiles(found) {
  const chooser = document.getElementById("files");
  chooser.hidden = found.length < 2;
  document.getElementById("title").hidden = found.length >= 2;
  chooser.replaceChildren(...found.map(({ id, title }) => new Option(title, id, false, id === book.id)));
  chooser.onchange = () => {
    location.hash = chooser.value;
    location.reload();
  };
}

/** Without any spreadsheet: says so, and makes one that belongs to the owner, as Google's "Blank spreadsheet" does. */
function offerFirst() {
  const box = document.getElementById("first");
  if (!box.hidden) return;
  box.hidden = false;
  box.querySelector("p").textContent = words.noFiles;
  const button = box.querySelector("button");
  button.textContent = words.firstFile;
  button.onclick = async () => {
    button.disabled = true;
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    try {
      const { id } = await order("create", { title: words.untitled, locale: words.ownLocale, timeZone });
      toast(words.madeFile(id));
    } catch (error) {
      toast(error.message, true);
    }
    button.disabled = false;
  };
}

async function start() {
  const found = await ask("files");
  if (!found.length) {
    offerFirst();
    return setTimeout(start, 2000);
  }
  document.getElementById("first").hidden = true;
  const [id, sheetId] = location.hash.slice(1).split("/");
  await book.open(found.some((file) => file.id === id) ? id : found[0].id, sheetId ? Number(sheetId) : undefined);
  document.getElementById("person").textContent = words.operator;
  showMenu(parts);
  showFiles(found);
  editor.focus();
  document.body.dataset.ready = "yes";
  return book.watch();
}

start();
