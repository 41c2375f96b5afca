// Addresses that a cell may lead to: the emulator sends no others, and the page opens no others.

export function isSafe(address) {
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

/** The id of the tab of this file that an address such as "#gid=7" leads to; null for any other address. */
const tabOf = (address) => address.match(/^#gid=(\d+)$/)?.[1] ?? null;

/** Opens an address: a tab of this file here, any other in a tab of its own, which learns nothing of this one. */
export function follow(address) {
  const tab = tabOf(address);
  if (tab !== null) document.dispatchEvent(new CustomEvent("gototab", { detail: Number(tab) }));
  else if (isSafe(address)) window.open(address, "_blank", "noopener,noreferrer");
}

/** An anchor to an address. */
export function anchor(address) {
  const link = document.createElement("a");
  link.textContent = address;
  if (tabOf(address) !== null) {
    link.href = address;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      follow(address);
    });
    return link;
  }
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  if (isSafe(address)) link.href = address;
  return link;
}
