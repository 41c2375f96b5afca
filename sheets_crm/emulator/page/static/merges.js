// Merged cells of the tab that is shown: many look up, few tabs have any.

export class Merges {
  constructor(areas = []) {
    this.areas = areas.map(({ startRowIndex: top = 0, endRowIndex: bottom, startColumnIndex: left = 0, endColumnIndex: right }) => ({
      top, bottom, left, right,
    }));
  }

  /** The merged area that a cell belongs to; undefined for most. */
  at(row, column) {
    return this.areas.find(({ top, bottom, left, right }) => row >= top && row < bottom && column >= left && column < right);
  }

  /** The cell that is seen at a place: of merged cells the first one. */
  first(row, column) {
    const merged = this.at(row, column);
    return merged ? { row: merged.top, column: merged.left } : { row, column };
  }

  /** A box (its ends inside it) as wide and high as the merged areas that it touches. */
  widened(box) {
    let wide = box;
    for (let before = null; before !== wide; ) {
      before = wide;
      for (const { top, bottom, left, right } of this.areas) {
        const apart = bottom <= wide.top || top > wide.bottom || right <= wide.left || left > wide.right;
        const within = top >= wide.top && bottom - 1 <= wide.bottom && left >= wide.left && right - 1 <= wide.right;
        if (apart || within) continue;
        wide = {
          top: Math.min(wide.top, top),
          bottom: Math.max(wide.bottom, bottom - 1),
          left: Math.min(wide.left, left),
          right: Math.max(wide.right, right - 1),
        };
      }
    }
    return wide;
  }

  /** Those of which something lies in a window. */
  within({ top, bottom, left, right }) {
    return this.areas.filter((area) => area.top <= bottom && area.bottom > top && area.left <= right && area.right > left);
  }
}
