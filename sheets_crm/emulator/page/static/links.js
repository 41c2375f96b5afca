// Addresses that a cell may lead to: the emulator sends no others, and the page opens no others.

export function isSafe(address) {
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

/** An anchor that opens in a tab of its own, which learns nothing of this one. */
export function anchor(address) {
  const link = document.createElement("a");
  link.textContent = address;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  if (isSafe(address)) link.href = address;
  return link;
}
