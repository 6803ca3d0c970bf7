// One message of a conversation, drawn as its app draws it.

import { hint, icon, make, press } from "/page/dom.js";
import { written } from "/page/format.js";
import { language, t } from "/page/words.js";

const TICKS = {
  queued: "clock", accepted: "clock", sending: "clock",
  sent: "tick", delivered: "ticks", read: "ticks", played: "ticks",
  failed: "alert", undelivered: "alert", rejected: "alert",
};

const clock = (at) => new Date(at).toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });

// `first` opens a group of messages from the same side: only that one has a tail.
export function bubble(message, channel, first) {
  const li = make("li", { class: looks(message, first), "data-id": message.id });
  const body = make("div", { class: "bubble" }, hint(message.mine ? t("you_said") : t("toit_said")), ...inside(message, channel));
  if (channel === "whatsapp") body.append(...actions(message));
  li.append(body);
  if (channel === "telegram") li.append(...keyboard(message));
  return li;
}

function looks(message, first) {
  const sides = [message.mine ? "out" : "in", first && "first", message.photo && "framed"];
  if (message.from === "MoMo" || message.from === "MobileMoney" || message.channel === "momo") sides.push("by-momo");
  return sides.filter(Boolean).join(" ");
}

function inside(message, channel) {
  const parts = [];
  if (channel === "sms") parts.push(smsHead(message));
  if (message.photo) parts.push(photo(message.photo));
  if (message.document) parts.push(paper(message.document));
  if (message.location) parts.push(place(message.location));
  if (message.text) parts.push(make("p", { class: "words" }, ...written(message.text, channel)));
  if (channel !== "sms") parts.push(foot(message));
  return parts;
}

function smsHead(message) {
  const size = `${clock(message.at)} · ${t("segments", { count: message.segments })}`;
  return make("small", { class: "head-line" }, make("b", {}, message.mine ? "→ TOIT" : message.from), size);
}

function foot(message) {
  const edited = message.edited ? make("i", {}, t("edited")) : "";
  return make("small", { class: "foot" }, edited, make("time", {}, clock(message.at)), message.mine ? ticks(message.status) : "");
}

function ticks(status) {
  const drawn = TICKS[status] ?? "tick";
  const seen = status === "read" || status === "played";
  return make("span", { class: `state ${seen ? "seen" : drawn}` }, icon(drawn), hint(t(seen ? "is_seen" : `is_${drawn}`)));
}

// Pictures

// The sandbox is the same under both names of this machine; the page may only load from the one it was opened by.
const OWN = new RegExp(`^http://(127\\.0\\.0\\.1|localhost):${location.port}(?=/)`);

const DRAWING = "/page/home.svg";

function shownAt(address) {
  const path = address.replace(OWN, "");
  return /^\/(?!\/)/.test(path) ? path : null;
}

// The page takes nothing from elsewhere: a picture that lives there is shown as a drawing of a home.
function photo(address) {
  const img = make("img", { src: shownAt(address) ?? DRAWING, alt: t("photo"), width: 240, height: 150 });
  const tone = `tone-${[...address].reduce((sum, sign) => sum + sign.charCodeAt(0), 0) % 4}`;
  const figure = make("figure", { class: shownAt(address) ? "photo" : `photo ${tone}` }, img);
  img.addEventListener("error", () => {
    if (img.getAttribute("src") === DRAWING) return;
    img.setAttribute("src", DRAWING);
    figure.classList.add(tone);
  });
  return figure;
}

function paper(address) {
  const name = decodeURIComponent(address.split(/[?#]/)[0].split("/").at(-1));
  const look = { class: "paper", target: "_blank", rel: "noopener noreferrer" };
  return make("a", { ...look, href: address }, icon("paper"), make("span", {}, make("b", {}, t("document")), name));
}

function place({ latitude, longitude, name }) {
  const map = make("span", { class: "map" }, icon("pin"));
  map.style.backgroundPosition = `${Math.round((longitude * 9001) % 300)}px ${Math.round((latitude * 9001) % 300)}px`;
  const caption = make("figcaption", {}, name ? make("b", {}, name) : "", degrees(latitude, longitude));
  return make("figure", { class: "place" }, map, caption);
}

export const degrees = (latitude, longitude) => `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;

// What can be tapped

// WhatsApp puts its buttons into the bubble; a list is one button that opens a sheet.
function actions(message) {
  const { id, style, opener, buttons = [], asks } = message;
  const rows = [];
  if (style === "list" && buttons.length > 0) rows.push(press({ "data-list": id }, icon("list"), opener || t("choose")));
  else rows.push(...buttons.map((b) => press({ "data-tap": b.id }, icon("reply"), b.label)));
  if (asks) rows.push(press({ "data-ask": asks }, icon(asks === "contact" ? "person" : "pin"), t(`ask_${asks}`)));
  return rows.length > 0 ? [make("div", { class: "actions" }, ...rows)] : [];
}

const WIDE = 12;

// Telegram puts them below it.
function keyboard({ style, buttons = [] }) {
  if (buttons.length === 0 || style === "keyboard") return [];
  const keys = buttons.map((b) => press({ "data-tap": b.id, class: b.label.length > WIDE ? "wide" : "" }, b.label));
  return [make("div", { class: "inline" }, ...keys)];
}

// "Today", or the date, above the first message of a day.
export function day(at) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  const named = date.toLocaleDateString(language() === "fr" ? "fr-FR" : "en-GB", { day: "numeric", month: "long" });
  return make("li", { class: "day" }, today ? t("today") : named);
}

export const dayOf = (at) => new Date(at).toDateString();
