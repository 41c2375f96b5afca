// Asks the emulator: every request carries the token that came with the page.

// The page's name as long as it is not loaded again: the emulator keeps what it did under it, to be undone.
const name = [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");
const token = document.querySelector('meta[name="page-token"]').content;

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function send(path, options = {}) {
  const headers = { "x-page-token": token, "x-page-name": name };
  if (options.body !== undefined) headers["content-type"] = "application/json";
  const answer = await fetch(path, { ...options, headers, cache: "no-store" });
  const body = await answer.json();
  if (!answer.ok) throw new Refusal(answer.status, body.error.message);
  return body;
}

const query = (asked) => new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== undefined));

export const ask = (name, asked = {}) => send(`/page/${name}?${query(asked)}`);

export const order = (name, body) => send(`/page/${name}`, { method: "POST", body: JSON.stringify(body) });

/** Runs requests of the API's batchUpdate. */
export const batchUpdate = (id, requests) =>
  send(`/page/api/v4/spreadsheets/${encodeURIComponent(id)}:batchUpdate`, {
    method: "POST",
    body: JSON.stringify({ requests }),
  });
