// Short messages that go away by themselves.

const SECONDS = 7;

/** Takes away refusals: they say something of the tab that was shown. */
export function forgetRefusals() {
  for (const told of document.querySelectorAll("#toasts .bad")) told.remove();
}

export function toast(text, bad = false) {
  const element = document.createElement("div");
  element.className = bad ? "toast bad" : "toast";
  element.textContent = text;
  const shown = document.getElementById("toasts");
  for (const old of shown.children) if (old.textContent === text) old.remove();
  shown.append(element);
  setTimeout(() => element.remove(), SECONDS * 1000);
}
