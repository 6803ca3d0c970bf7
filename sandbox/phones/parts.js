// Small pieces of a phone: keys, badges, numbers as people write them.

import { make, press } from "/page/dom.js";

const KEYS = [
  ["1", ""], ["2", "abc"], ["3", "def"],
  ["4", "ghi"], ["5", "jkl"], ["6", "mno"],
  ["7", "pqrs"], ["8", "tuv"], ["9", "wxyz"],
  ["*", ""], ["0", "+"], ["#", ""],
];
const SIGNS = { "*": "star", "#": "hash" };

export const digitsOf = (text) => String(text).replace(/\D/g, "");

export const owns = (person) => (person.roles ?? []).some((role) => /landlord|bailleur|owner/i.test(role));

export const keypad = () => KEYS.map(([sign, letters]) => keyButton(sign, letters));

function keyButton(sign, letters) {
  const name = SIGNS[sign] ? { "data-aria": SIGNS[sign] } : { "aria-label": sign };
  return press({ "data-key": sign, ...name }, sign, letters ? make("small", {}, letters) : "");
}

export const bold = (text) => make("b", {}, text);

export const badge = (count) => make("span", { class: "badge" }, String(count));

export function spaced(number) {
  return `+${number.slice(0, 3)} ${number.slice(3).replace(/(?=(\d\d)+$)/g, " ").trim()}`;
}

export function operator(number) {
  const names = { 237: "MTN CM", 225: "MTN CI", 229: "MTN BJ", 221: "Orange SN" };
  return names[number.slice(0, 3)] ?? "MTN";
}
