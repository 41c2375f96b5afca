// Numbers in the automatic format, as short as their column needs them.

const MOST_DIGITS = 14;

/**
 * Writes a number so that it fits, as Sheets does: with fewer decimals, else with an exponent; null where nothing fits
 * or the text is no plain number, as those of formats, dates and amounts are not.
 * @param {string} text what the cell shows
 * @param {string} decimal the decimal mark of the spreadsheet's locale
 * @param {(text: string) => boolean} fits
 */
export function fittedNumber(text, decimal, fits) {
  const plain = new RegExp(`^-?\\d+(?:\\${decimal}(\\d+))?(E[+-]?\\d+)?$`).exec(text);
  if (!plain) return null;
  const value = Number(text.replace(decimal, "."));
  const written = (number) => number.replace(".", decimal);
  const whole = plain[2] ? [] : steps(Math.min(plain[1]?.length ?? 0, MOST_DIGITS)).map((digits) => value.toFixed(digits));
  const kept = whole.filter((number) => Number(number) !== 0 || value === 0);
  const powers = steps(MOST_DIGITS).map((digits) => withExponent(value, digits));
  return [...kept.map(trimmed), ...powers, ...whole].map(written).find(fits) ?? null;
}

const steps = (most) => Array.from({ length: most + 1 }, (_, index) => most - index);

const trimmed = (number) => (number.includes(".") ? number.replace(/\.?0+$/, "") : number);

/** 1.23E+11, with two digits of the exponent at least. */
function withExponent(value, digits) {
  const [mantissa, power] = value.toExponential(digits).split("e");
  return `${trimmed(mantissa)}E${power[0]}${power.slice(1).padStart(2, "0")}`;
}
