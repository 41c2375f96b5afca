// Formulas while they are written: missing brackets, and whether a reference may come next.

const CLOSING = { "(": ")", "{": "}" };
const BEFORE_REFERENCES = "=+-*/^&<>(,;:{\\";

/** Walks a formula: gives the brackets that are still open, and whether it ends inside quotes; null where they cross. */
function walk(text) {
  const open = [];
  let quote = null;
  for (const letter of text) {
    if (quote) quote = letter === quote ? null : quote;
    else if (letter === '"' || letter === "'") quote = letter;
    else if (CLOSING[letter]) open.push(CLOSING[letter]);
    else if ((letter === ")" || letter === "}") && open.pop() !== letter) return null;
  }
  return { open, quoted: quote !== null };
}

/** A formula with the brackets that were left open, as Google adds them when it is entered; other texts as they are. */
export function closed(text) {
  const found = text.startsWith("=") ? walk(text) : null;
  return found && !found.quoted ? text + found.open.reverse().join("") : text;
}

/** Whether a formula waits for a reference at a place: after an operator, a bracket or a separator. */
export function awaitsReference(text, place) {
  const before = text.slice(0, place).trimEnd();
  if (!before.startsWith("=") || !BEFORE_REFERENCES.includes(before.at(-1))) return false;
  return walk(before)?.quoted === false;
}
