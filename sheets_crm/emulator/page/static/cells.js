// The cells that were read so far, in blocks; asked for when they are first shown, and again when the file changed.

import { ask } from "./api.js";
import { Merges } from "./merges.js";

const ROWS = 200;
const COLUMNS = 64;
const NOTHING = { text: null, kind: " ", look: null };

export class Cells {
  /** @param {() => void} arrived is called when cells came. */
  constructor(arrived) {
    this.arrived = arrived;
    this.looks = new Map();
    this.blocks = new Map();
    this.pending = new Map();
    this.merges = new Merges();
    this.filter = null;
    this.decimal = ",";
  }

  show(file, sheet, version) {
    this.file = file;
    this.sheet = sheet;
    this.version = version;
    this.blocks.clear();
    this.pending.clear();
  }

  /** Tells that the file has another version: what is shown stays until the fresh cells are there. */
  stale(version) {
    this.version = version;
  }

  /** Asks for all blocks of a window that are missing or old. */
  want(top, bottom, left, right) {
    for (let row = Math.floor(top / ROWS); row <= Math.floor(bottom / ROWS); row += 1) {
      for (let column = Math.floor(left / COLUMNS); column <= Math.floor(right / COLUMNS); column += 1) {
        this.#ask(row, column);
      }
    }
  }

  async #ask(row, column) {
    const key = `${row}:${column}`;
    const block = this.blocks.get(key) ?? { rows: [], version: -1, asked: false };
    this.blocks.set(key, block);
    if (block.asked || block.version >= this.version) return;
    block.asked = true;
    const { file, sheet } = this;
    const area = { top: row * ROWS, bottom: (row + 1) * ROWS, left: column * COLUMNS, right: (column + 1) * COLUMNS };
    try {
      const found = await ask("cells", { id: file, sheet, ...area });
      if (file !== this.file || sheet !== this.sheet) return;
      for (const [number, look] of Object.entries(found.looks)) this.looks.set(Number(number), look);
      Object.assign(block, { rows: found.rows, version: found.version });
      this.#forgetWritten(found.version);
      this.arrived(row * ROWS, ROWS, column * COLUMNS);
    } catch {
      block.version = -1; // the watch over the connection tells; the next look asks again
    } finally {
      block.asked = false;
    }
  }

  /** Shows a content at once, until the server's own comes. */
  expect(row, column, text, kind) {
    this.pending.set(`${row}:${column}`, { text, kind, version: Infinity });
  }

  /** Tells with which version the expected contents were written; null takes them back. */
  settle(places, version) {
    for (const place of places) {
      const found = this.pending.get(place);
      if (!found) continue;
      const [row, column] = place.split(":").map(Number);
      if (version === null || this.#block(row, column)?.version >= version) this.pending.delete(place);
      else found.version = version;
    }
  }

  #forgetWritten(version) {
    for (const [place, found] of this.pending) if (found.version <= version) this.pending.delete(place);
  }

  #block(row, column) {
    return this.blocks.get(`${Math.floor(row / ROWS)}:${Math.floor(column / COLUMNS)}`);
  }

  /** The row as it came, for the block that holds a column. */
  line(row, column) {
    return this.#block(row, column)?.rows[row % ROWS];
  }

  /** Visits the blocks that came, a row's from left to right. */
  each(visit) {
    const places = [...this.blocks].filter(([, block]) => block.version >= 0).map(([place]) => place.split(":").map(Number));
    for (const [row, column] of places.sort((a, b) => a[1] - b[1])) visit(row * ROWS, ROWS, column * COLUMNS);
  }

  loaded(row, column) {
    return (this.#block(row, column)?.version ?? -1) >= 0;
  }

  /** One cell: text, kind, look, formula, note, tint. */
  at(row, column) {
    const line = this.line(row, column);
    const waiting = this.pending.size ? this.pending.get(`${row}:${column}`) : undefined;
    if (!line && !waiting) return NOTHING;
    const place = column % COLUMNS;
    const look = line?.looks?.[place] ? this.looks.get(line.looks[place]) : null;
    const over = runAt(line?.over, column);
    return {
      text: waiting ? waiting.text : line.texts?.[place] ?? null,
      kind: waiting ? waiting.kind : line.kinds?.[place] ?? " ",
      look: over ? { ...look, ...over } : look,
      under: runAt(line?.under, column)?.bg,
      formula: waiting ? undefined : line?.formulas?.[column],
      note: line?.notes?.[column],
      error: waiting ? undefined : line?.errors?.[column],
      link: waiting ? undefined : line?.links?.[column],
      color: waiting ? undefined : line?.colors?.[column],
      spark: waiting ? undefined : line?.sparks?.[column],
      invalid: waiting ? undefined : line?.invalid?.[column],
    };
  }

  /** The name that a row keeps while others come and go; undefined for one that never held anything. */
  key(row) {
    for (const [place, block] of this.blocks) {
      if (Number(place.split(":")[0]) === Math.floor(row / ROWS)) {
        const key = block.rows[row % ROWS]?.key;
        if (key !== undefined) return key;
      }
    }
    return undefined;
  }
}

/** What a rule paints over a column, of stretches [column, column after the last, paint]. */
function runAt(runs, column) {
  if (runs) for (const [first, last, paint] of runs) if (column >= first && column < last) return paint;
  return null;
}
