// The open file: its tabs, which one is shown, and the watch over changes that others make.

import { ask, Refusal } from "./api.js";
import { Merges } from "./merges.js";
import { speak } from "./words.js";

export class Book {
  constructor() {
    this.sheets = [];
    this.version = 0;
    this.current = null;
    this.listeners = {};
  }

  on(name, listener) {
    this.listeners[name] = listener;
  }

  #tell(name, ...told) {
    this.listeners[name]?.(...told);
  }

  async open(id, sheetId) {
    this.id = id;
    await this.refresh();
    const wanted = this.shown().find((sheet) => sheet.id === sheetId) ?? this.shown()[0];
    this.select(wanted.id);
  }

  /** Tabs that are not hidden, in order. */
  shown() {
    return this.sheets.filter((sheet) => !sheet.hidden);
  }

  select(sheetId) {
    this.current = this.sheets.find((sheet) => sheet.id === sheetId);
    history.replaceState(null, "", `#${this.id}/${sheetId}`);
    this.#tell("select", this.current);
  }

  async refresh() {
    const outline = await ask("outline", { id: this.id });
    this.version = outline.version;
    this.title = outline.properties.title;
    this.locale = outline.properties.locale;
    this.language = (this.locale || "es").replace("_", "-");
    speak(this.locale);
    this.sheets = outline.sheets.map(tabOf);
    if (this.current) {
      const still = this.sheets.find((sheet) => sheet.id === this.current.id && !sheet.hidden);
      if (still) this.current = still;
      else if (this.shown().length) this.#leave(this.current.title);
    }
    this.#tell("change");
  }

  /** Shows another tab instead of one that somebody deleted or hid, and says so. */
  #leave(title) {
    this.select(this.shown()[0].id);
    this.#tell("gone", title);
  }

  /** Asks for ever whether the file has another version. */
  async watch() {
    for (;;) {
      try {
        const known = this.version;
        const { version } = await ask("changes", { id: this.id, version: known });
        if (version !== this.version) await this.refresh();
        this.#tell("connected", true);
        if (document.hidden) await pause(1000);
      } catch (error) {
        if (error instanceof Refusal && [403, 404].includes(error.status)) return this.#tell("restarted");
        this.#tell("connected", false);
        await pause(1000);
      }
    }
  }

  /** Whether the operator may not change a cell. */
  protects(row, column) {
    return this.current.closed.some(
      ({ area, holes }) => inside(area, row, column) && !holes.some((hole) => inside(hole, row, column)),
    );
  }
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

function tabOf({ properties, protectedRanges = [], charts = [], columns = {}, merges = [], basicFilter, filtered }) {
  const grid = properties.gridProperties ?? {};
  const closed = protectedRanges.filter((found) => !found.requestingUserCanEdit && !found.warningOnly);
  return {
    id: properties.sheetId ?? 0,
    title: properties.title,
    hidden: properties.hidden ?? false,
    color: properties.tabColorStyle?.rgbColor ?? properties.tabColor,
    rows: grid.rowCount,
    columns: grid.columnCount,
    frozenRows: grid.frozenRowCount ?? 0,
    frozenColumns: grid.frozenColumnCount ?? 0,
    gridlines: !grid.hideGridlines,
    widths: columns,
    charts,
    merges: new Merges(merges),
    filter: basicFilter ? areaOf(basicFilter.range ?? {}) : null,
    filtered,
    locked: protectedRanges.some(({ range = {} }) => range.startRowIndex === undefined && range.startColumnIndex === undefined),
    closed: closed.map((found) => ({ area: found.range ?? {}, holes: found.unprotectedRanges ?? [] })),
  };
}

const areaOf = ({ startRowIndex: top = 0, endRowIndex: bottom = Infinity, startColumnIndex: left = 0, endColumnIndex: right = Infinity }) => ({
  top, bottom, left, right,
});

const inside = (area, row, column) =>
  row >= (area.startRowIndex ?? 0) && row < (area.endRowIndex ?? Infinity) &&
  column >= (area.startColumnIndex ?? 0) && column < (area.endColumnIndex ?? Infinity);
