// Small pieces of a phone: keys, bubbles, numbers as people write them.

import { t } from "/page/words.js";

const KEYS = [
  ["1", ""], ["2", "abc"], ["3", "def"],
  ["4", "ghi"], ["5", "jkl"], ["6", "mno"],
  ["7", "pqrs"], ["8", "tuv"], ["9", "wxyz"],
  ["*", ""], ["0", "+"], ["#", ""],
];

export const digitsOf = (text) => String(text).replace(/\D/g, "");

export const owns = (person) => (person.roles ?? []).some((role) => /landlord|bailleur|owner/i.test(role));

export const keypad = () => KEYS.map(([sign, letters]) => keyButton(sign, letters));

function keyButton(sign, letters) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.key = sign;
  button.append(sign);
  if (letters) button.append(small(letters));
  if (sign === "*") button.dataset.aria = "star";
  else if (sign === "#") button.dataset.aria = "hash";
  else button.setAttribute("aria-label", sign);
  return button;
}

function small(text) {
  const e = document.createElement("small");
  e.textContent = text;
  return e;
}

export function bold(text) {
  const e = document.createElement("b");
  e.textContent = text;
  return e;
}

export function badge(count) {
  const e = document.createElement("span");
  e.className = "badge";
  e.textContent = String(count);
  return e;
}

export function nothing() {
  const e = document.createElement("li");
  e.className = "none";
  e.textContent = t("no_messages");
  return e;
}

export function bubble(message) {
  const e = document.createElement("li");
  e.className = message.direction === "out" ? "out" : `by-${message.channel}`;
  const head = document.createElement("small");
  const at = new Date(message.at).toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
  head.append(bold(message.direction === "out" ? "→ TOIT" : message.from), `${at} · ${t("segments", { count: message.segments })}`);
  const text = document.createElement("span");
  text.textContent = message.text;
  e.append(head, text);
  return e;
}

export function spaced(number) {
  return `+${number.slice(0, 3)} ${number.slice(3).replace(/(?=(\d\d)+$)/g, " ").trim()}`;
}

export function operator(number) {
  const names = { 237: "MTN CM", 225: "MTN CI", 229: "MTN BJ", 221: "Orange SN" };
  return names[number.slice(0, 3)] ?? "MTN";
}
