// What the selected cells add up to, told at the bottom.

import { isTicked } from "./paint.js";
import { words } from "./words.js";

const MOST = 50_000;

export function summary({ top, bottom, left, right }, cells) {
  const size = (bottom - top + 1) * (right - left + 1);
  if (size < 2 || size > MOST) return "";
  let filled = 0;
  let ticked = 0;
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const cell = cells.at(row, column);
      if (cell.text !== null && cell.text !== "") filled += 1;
      if (isTicked(cell)) ticked += 1;
    }
  }
  const boxes = ticked ? ` · ✓ ${ticked}` : "";
  return filled ? `${words.count}: ${filled.toLocaleString()}${boxes}` : "";
}
