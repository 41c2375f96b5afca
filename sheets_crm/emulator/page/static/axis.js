// Rows or columns along one direction: sizes, offsets, and which one lies under a pixel.

export class Axis {
  constructor(base) {
    this.base = base;
    this.count = 0;
    this.frozen = 0;
    this.reset();
  }

  reset() {
    this.own = new Map();
    this.sorted = null;
  }

  set(index, size) {
    if (this.size(index) === size) return false;
    if (size === this.base) this.own.delete(index);
    else this.own.set(index, size);
    this.sorted = null;
    return true;
  }

  size(index) {
    return this.own.get(index) ?? this.base;
  }

  /** Where a row or column begins; `start(count)` is the whole length. */
  start(index) {
    return index * this.base + this.#extra(index);
  }

  get length() {
    return this.start(this.count);
  }

  get frozenLength() {
    return this.start(this.frozen);
  }

  /** The row or column under an offset, inside the grid. */
  at(offset) {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.start(middle) <= offset) low = middle;
      else high = middle - 1;
    }
    return Math.max(low, 0);
  }

  /** How much the rows or columns before this one differ from the usual size, in sum. */
  #extra(index) {
    if (!this.sorted) {
      let sum = 0;
      const keys = [...this.own.keys()].sort((a, b) => a - b);
      this.sorted = { keys, sums: keys.map((key) => (sum += this.own.get(key) - this.base)) };
    }
    const { keys, sums } = this.sorted;
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[middle] < index) low = middle + 1;
      else high = middle;
    }
    return low ? sums[low - 1] : 0;
  }
}
