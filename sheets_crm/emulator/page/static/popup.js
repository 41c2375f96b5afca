// A menu at a point: items with a text and what they do; null draws a line.

export function closePopup() {
  document.querySelector(".popup")?.remove();
  document.querySelectorAll("#menu .open").forEach((button) => button.classList.remove("open"));
}

export function openPopup(items, x, y, width = 220) {
  closePopup();
  const menu = document.createElement("div");
  menu.className = "popup";
  menu.setAttribute("role", "menu");
  menu.append(...items.map(itemOf));
  document.body.append(menu);
  menu.style.minWidth = `${width}px`;
  const { offsetWidth, offsetHeight } = menu;
  menu.style.left = `${Math.max(4, Math.min(x, innerWidth - offsetWidth - 8))}px`;
  menu.style.top = `${y + offsetHeight > innerHeight - 8 ? Math.max(8, y - offsetHeight - 30) : y}px`;
  return menu;
}

function itemOf(item) {
  if (!item) return document.createElement("hr");
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("role", "menuitem");
  if (item.color) {
    const dot = document.createElement("span");
    dot.className = "dot";
    dot.style.background = item.color;
    button.append(dot);
  }
  const text = document.createElement("span");
  text.textContent = item.text;
  if (item.chip) text.className = "chip";
  button.append(text);
  if (item.key) {
    const key = document.createElement("span");
    key.className = "key";
    key.textContent = item.key;
    button.append(key);
  }
  button.addEventListener("click", () => {
    closePopup();
    item.run();
  });
  return button;
}

addEventListener("pointerdown", (event) => {
  if (!event.target.closest(".popup, #menu")) closePopup();
});
addEventListener("keydown", (event) => {
  if (event.key === "Escape") closePopup();
});
