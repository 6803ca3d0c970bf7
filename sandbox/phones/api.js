// The sandbox's JSON, as the page uses it.

export class Failed extends Error {
  constructor(status, body) {
    super(body.error ?? `HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

async function call(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const told = await answer.json();
  if (!answer.ok) throw new Failed(answer.status, told);
  return told;
}

const phone = (number, rest = "") => `/phones/${encodeURIComponent(number)}${rest}`;

export const people = () => call("GET", "/people");
export const look = (n) => call("GET", phone(n));
export const dial = (n, code) => call("POST", phone(n, "/dial"), { code });
export const answer = (n, text) => call("POST", phone(n, "/answer"), { text });
export const hangUp = (n) => call("POST", phone(n, "/hangup"), {});
export const network = (n, on) => call("POST", phone(n, "/network"), { on });
export const thread = (n, channel) => call("GET", phone(n, `/thread/${channel}`));
export const write = (n, channel, body) => call("POST", phone(n, `/${channel}`), body);
export const prompts = (n) => call("GET", phone(n, "/prompts"));
export const approve = (n, id, pin) => call("POST", phone(n, `/prompts/${id}`), { pin });
export const refuse = (n, id) => call("POST", phone(n, `/prompts/${id}`), { action: "reject" });
export const wallet = (n) => call("GET", `/wallets/mtn/${encodeURIComponent(n)}`);
export const setWallet = (n, change) => call("PUT", `/wallets/mtn/${encodeURIComponent(n)}`, change);

// Calls `heard` with every event; the browser reconnects by itself.
export function listen(heard) {
  const source = new EventSource("/events");
  source.onmessage = (message) => heard(JSON.parse(message.data));
  return source;
}
