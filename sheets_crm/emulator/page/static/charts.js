// Draws the charts of a tab from the API's own definitions: bars, columns and lines.

import { ask } from "./api.js";
import { place } from "./grid.js";
import { numberText } from "./names.js";
import { words } from "./words.js";

const COLORS = ["#4285f4", "#ea4335", "#fbbc04", "#34a853", "#ff6d01", "#46bdc6"];
const KINDS = ["BAR", "COLUMN", "LINE"];
const installed = document.querySelector('meta[name="page-charts"]').content === "yes";
let library;

async function echarts() {
  library ??= (await import("/page/echarts/index.js")).echarts;
  return library;
}

export class Charts {
  constructor(book, grid) {
    this.book = book;
    this.grid = grid;
    this.drawn = new Map();
  }

  clear() {
    for (const { element, chart } of this.drawn.values()) {
      chart?.dispose();
      element.remove();
    }
    this.drawn.clear();
  }

  /** Draws the tab's charts, or draws them again where figures changed. */
  async show() {
    const { charts, id } = this.book.current;
    const wanted = new Set(charts.map((chart) => chart.chartId));
    for (const [number, { element, chart }] of this.drawn) {
      if (wanted.has(number)) continue;
      chart?.dispose();
      element.remove();
      this.drawn.delete(number);
    }
    for (const chart of charts) if (this.book.current.id === id) await this.#showOne(chart);
  }

  /** Keeps the charts at their anchors when rows or columns change their size. */
  follow() {
    for (const { element, position } of this.drawn.values()) this.#put(element, position);
  }

  #put(element, { anchorCell = {}, offsetXPixels = 0, offsetYPixels = 0, widthPixels = 600, heightPixels = 371 }) {
    const x = this.grid.columns.start(anchorCell.columnIndex ?? 0) + offsetXPixels;
    const y = this.grid.rows.start(anchorCell.rowIndex ?? 0) + offsetYPixels;
    place(element, x, y, widthPixels, heightPixels);
  }

  async #showOne({ chartId, spec, position }) {
    const entry = this.drawn.get(chartId) ?? { element: this.#frame(chartId) };
    entry.position = position.overlayPosition ?? {};
    this.drawn.set(chartId, entry);
    this.#put(entry.element, entry.position);
    if (!installed) return this.#say(entry, words.noCharts);
    if (!KINDS.includes(spec.basicChart?.chartType)) return this.#say(entry, words.otherChart(spec.title ?? ""));
    const option = await this.#option(spec);
    const state = JSON.stringify(option);
    if (state === entry.state || this.drawn.get(chartId) !== entry) return undefined;
    entry.state = state;
    const { init } = await echarts();
    entry.chart ??= init(entry.element.firstChild, null, { renderer: "canvas" });
    entry.chart.setOption({ ...option, ...looksOf(option) }, true);
    return undefined;
  }

  #frame(number) {
    const element = document.createElement("div");
    element.className = "chart";
    element.dataset.chart = number;
    const inner = document.createElement("div");
    inner.style.width = "100%";
    inner.style.height = "100%";
    element.append(inner);
    this.grid.floor.append(element);
    return element;
  }

  #say(entry, text) {
    entry.element.firstChild.className = "say";
    entry.element.firstChild.textContent = text;
  }

  async #option({ title, basicChart: chart }) {
    const flat = chart.chartType === "BAR";
    const head = chart.headerCount ?? 0;
    const domain = await this.#values(chart.domains?.[0]?.domain);
    const names = domain.slice(head).map(String);
    const series = [];
    for (const [place_, { series: source }] of (chart.series ?? []).entries()) {
      const values = await this.#values(source);
      const data = names.map((_, spot) => numberOf(values[head + spot]));
      series.push({
        type: chart.chartType === "LINE" ? "line" : "bar",
        name: head ? String(values[0] ?? "") : `${place_ + 1}`,
        data,
        showSymbol: data.length < 40,
      });
    }
    return { language: this.book.language, named: title ?? "", flat, legend: chart.legendPosition !== "NO_LEGEND", names, series };
  }

  async #values(source) {
    const found = [];
    for (const area of source?.sourceRange?.sources ?? []) {
      const asked = {
        top: area.startRowIndex ?? 0,
        bottom: area.endRowIndex,
        left: area.startColumnIndex ?? 0,
        right: area.endColumnIndex,
      };
      const rows = await ask("numbers", { id: this.book.id, sheet: area.sheetId ?? 0, ...asked });
      found.push(...rows.map((row) => row[0] ?? ""));
    }
    return found;
  }
}

const numberOf = (value) => (typeof value === "number" ? value : null);

/** The parts of ECharts' option that come from how Sheets' own charts look. */
function looksOf({ language, named, flat, legend, names, series }) {
  const text = { color: "#444746", fontFamily: "Arial, Liberation Sans, sans-serif", fontSize: 12 };
  const figure = (value) => (typeof value === "number" ? numberText(value, language) : value);
  const words_ = { type: "category", data: names, axisTick: { show: false }, axisLabel: flat ? text : { ...text, margin: 12, alignMinLabel: "left", alignMaxLabel: "right" }, axisLine: { lineStyle: { color: "#bdc1c6" } } };
  const figures = { type: "value", axisLabel: { ...text, formatter: figure }, splitLine: { lineStyle: { color: "#eceff1" } }, minInterval: 1 };
  return {
    color: COLORS,
    animation: false,
    title: { text: named, left: 8, top: 4, textStyle: { ...text, fontSize: 16, fontWeight: "normal" } },
    legend: { show: legend, bottom: 0, textStyle: text, icon: "roundRect", itemWidth: 14, itemHeight: 4 },
    grid: { left: 16, right: flat ? 56 : 24, top: 48, bottom: legend ? 34 : 12, containLabel: true },
    tooltip: { trigger: "axis", valueFormatter: figure, renderMode: "richText", confine: true, axisPointer: { type: flat ? "shadow" : "line" } },
    xAxis: flat ? figures : { ...words_, boundaryGap: series[0]?.type === "bar" },
    yAxis: flat ? { ...words_, inverse: true } : figures,
    series: series.map((one) => ({
      ...one,
      barMaxWidth: 34,
      itemStyle: { borderRadius: flat ? [0, 3, 3, 0] : [3, 3, 0, 0] },
      lineStyle: { width: 2.5 },
      symbolSize: 6,
      label: { show: flat, position: "right", color: "#444746", formatter: ({ value }) => figure(value) },
    })),
    graphic: series.some((one) => one.data.some((value) => value !== null))
      ? []
      : [{ type: "text", left: "center", top: "middle", style: { text: words.emptyChart, fill: "#80868b", fontSize: 13 } }],
  };
}
