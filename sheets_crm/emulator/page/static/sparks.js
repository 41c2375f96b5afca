// Draws a SPARKLINE: a line, columns, or a bar of stacked parts, as large as its cell.

const NAMESPACE = "http://www.w3.org/2000/svg";
const PLAIN = "#4285f4";
const OTHER = "#f4b400";
const WIDTH = 100;
const HEIGHT = 20;

function shape(kind, properties) {
  const element = document.createElementNS(NAMESPACE, kind);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  return element;
}

/** Makes the picture of a SPARKLINE's numbers, drawn by its options. */
export function sparkOf(spark) {
  const picture = shape("svg", { class: "spark", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none" });
  const draw = { bar: bars, column: columns }[spark.charttype] ?? line;
  picture.append(...draw(spark));
  return picture;
}

const colour = (given, otherwise) => (/^(#[0-9a-f]{3,8}|[a-z]+)$/i.test(given ?? "") ? given : otherwise);

function bars({ points, max, color1, color2 }) {
  const parts = points.map((number) => Math.max(0, number ?? 0));
  const most = Number(max) || parts.reduce((sum, number) => sum + number, 0) || 1;
  let start = 0;
  return parts.map((number, n) => {
    const width = Math.min(WIDTH - start, (number / most) * WIDTH);
    const fill = n % 2 ? colour(color2, OTHER) : colour(color1, PLAIN);
    const bar = shape("rect", { x: start, y: 2, width, height: HEIGHT - 4, fill });
    start += width;
    return bar;
  });
}

/** The lowest and the highest number of the picture. */
function ends(points, { ymin, ymax }, lowest) {
  const numbers = points.filter((number) => number !== null);
  const low = ymin === undefined ? Math.min(...numbers, ...lowest) : Number(ymin);
  const high = ymax === undefined ? Math.max(...numbers, ...lowest) : Number(ymax);
  return [low, high > low ? high : low + 1];
}

function columns({ points, color, ...options }) {
  const [low, high] = ends(points, options, [0]);
  const step = WIDTH / (points.length || 1);
  return points.flatMap((number, n) => {
    if (number === null) return [];
    const height = ((number - low) / (high - low)) * HEIGHT;
    return [shape("rect", { x: n * step + 1, y: HEIGHT - height, width: step - 2, height, fill: colour(color, PLAIN) })];
  });
}

/** A line through the numbers; blanks are passed over. */
function line({ points, color, linewidth, ...options }) {
  const known = points.map((number, n) => [n, number]).filter(([, number]) => number !== null);
  if (known.length < 2) return [];
  const [low, high] = ends(points, options, []);
  const last = Math.max(points.length - 1, 1);
  const place = ([n, number]) => `${1 + (n / last) * (WIDTH - 2)},${HEIGHT - 2 - ((number - low) / (high - low)) * (HEIGHT - 4)}`;
  const stroke = { stroke: colour(color, PLAIN), "stroke-width": Number(linewidth) || 1.5, "vector-effect": "non-scaling-stroke" };
  return [shape("polyline", { points: known.map(place).join(" "), fill: "none", ...stroke })];
}
