// Files: downloading a tab, bringing a CSV file in as a tab.

import { ask, order } from "./api.js";
import { toast } from "./toasts.js";
import { delimiterOf, readTable } from "./tsv.js";
import { told, words } from "./words.js";

export async function download(book) {
  const { text } = await ask("table", { id: book.id, sheet: book.current.id });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = `${book.title} - ${book.current.title}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function chooseImport(book) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".csv,.tsv,.txt,text/csv";
  input.addEventListener("change", () => input.files[0] && importFile(book, input.files[0]));
  input.click();
}

/** Adds a tab named like the file, with its rows as Sheets' own import reads them. */
export async function importFile(book, file) {
  const text = decoded(await file.arrayBuffer());
  const rows = readTable(text, delimiterOf(text));
  const title = freeTitle(book, file.name.replace(/\.[^.]+$/, ""));
  try {
    const { sheet } = await order("import", { id: book.id, title, rows });
    await book.refresh();
    if (book.shown().some((found) => found.id === sheet)) book.select(sheet);
    toast(words.imported(title, rows.length));
  } catch (error) {
    toast(told(error.message), true);
  }
}

function decoded(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function freeTitle(book, wanted) {
  const taken = new Set(book.sheets.map((sheet) => sheet.title.toLowerCase()));
  let title = wanted;
  for (let number = 2; taken.has(title.toLowerCase()); number += 1) title = `${wanted} ${number}`;
  return title;
}
