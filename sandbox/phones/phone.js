// One phone on the page: who holds it, its apps and what comes to the front.

import * as api from "/page/api.js";
import { Chat } from "/page/chat.js";
import { Dialler } from "/page/dialler.js";
import { icon, make } from "/page/dom.js";
import { Momo } from "/page/momo.js";
import { badge, bold, digitsOf, spaced } from "/page/parts.js";
import { chime } from "/page/sound.js";
import { fill, money, t } from "/page/words.js";

const OTHER = "other";
const CHANNELS = ["sms", "whatsapp", "telegram"];
const NEWS = new Set(["message", "status", "thread"]);
const NOTICE_MS = 7000;

export class Phone {
  constructor(role, holder, fallback) {
    this.role = role;
    this.holder = holder;
    this.number = digitsOf(fallback);
    this.person = null;
    this.app = "dial";
    holder.append(document.getElementById("phone").content.cloneNode(true));
    this.find = (selector) => holder.querySelector(selector);
    this.dialler = new Dialler(this);
    this.momo = new Momo(this);
    this.chats = {};
    for (const channel of CHANNELS) this.chats[channel] = new Chat(this, channel, this.find(`.app.${channel}`));
    this.build();
  }

  build() {
    this.find(".quick").addEventListener("click", (e) => this.quick(e.target.closest("button")?.dataset.code));
    this.find(".keys").addEventListener("click", (e) => this.key(e.target.closest("button")?.dataset.key));
    this.find(".tabs").addEventListener("click", (e) => this.show(e.target.closest("button")?.dataset.app));
    this.on(".line", "submit", () => this.submit());
    this.on(".call", "click", () => this.submit());
    this.on(".hang", "click", () => this.dialler.hangUp());
    this.on(".erase", "click", () => this.erase());
    this.on(".notice", "click", () => this.show(this.find(".notice").dataset.app));
    this.on(".network", "click", () => this.setNetwork(!this.hasNetwork));
    this.on(".person", "change", () => this.choose());
    this.on(".number", "change", () => this.take(null, this.find(".number").value));
    this.holder.addEventListener("keydown", (e) => this.physical(e));
    this.show("dial");
    this.words();
  }

  on(selector, event, act) {
    this.find(selector).addEventListener(event, (e) => {
      e.preventDefault();
      Promise.resolve(act()).catch((problem) => this.say(problem.message));
    });
  }

  words() {
    fill(this.holder);
    this.find(".role").textContent = t(this.role);
    this.find(".line label").textContent = t("typed");
    const other = this.find(`.person option[value=${OTHER}]`);
    if (other) other.textContent = t("other");
    this.dialler.paint();
    this.momo.paint();
    for (const chat of Object.values(this.chats)) chat.words();
    this.paintBadges();
    this.paintCard();
  }

  say(text) {
    this.dialler.say(text);
  }

  // People and numbers

  setPeople(people, chosen) {
    const select = this.find(".person");
    select.replaceChildren(
      ...people.map((p, i) => new Option(p.name, String(i))),
      new Option(t("other"), OTHER),
    );
    this.people = people;
    select.value = chosen < 0 ? OTHER : String(chosen);
    return this.choose();
  }

  choose() {
    const value = this.find(".person").value;
    const box = this.find(".number");
    box.hidden = value !== OTHER;
    if (value !== OTHER) return this.take(this.people[Number(value)]);
    box.value = `+${this.number}`;
    return this.take(null, box.value);
  }

  pick(index) {
    this.find(".person").value = String(index);
    return this.choose();
  }

  async take(person, number = person.number) {
    if (!digitsOf(String(number))) return;
    this.person = person;
    this.number = digitsOf(String(number));
    for (const chat of Object.values(this.chats)) chat.reset();
    this.find(".notice").hidden = true;
    this.holder.setAttribute("aria-busy", "true");
    await this.refresh();
    this.holder.setAttribute("aria-busy", "false");
  }

  async loadWallet() {
    const { number } = this;
    const wallet = await api.wallet(number);
    if (this.number !== number) return;
    this.wallet = wallet;
    this.paintCard();
  }

  paintCard() {
    const currency = /^22[159]/.test(this.number) ? "XOF" : "XAF";
    const parts = this.person ? [["", spaced(this.number)]] : [];
    if (this.person?.pin) parts.push([t("service_pin"), digitsOf(String(this.person.pin))]);
    if (this.wallet) parts.push([t("wallet"), money(this.wallet.balance, currency)]);
    this.find(".card").replaceChildren(...parts.map(([name, value]) => make("span", {}, name && `${name} `, bold(value))));
  }

  // Apps

  show(app) {
    if (!app) return;
    this.app = app;
    this.find(".phone").dataset.app = app;
    for (const e of this.holder.querySelectorAll(".app")) e.hidden = !e.classList.contains(app);
    for (const e of this.holder.querySelectorAll(".tabs button")) e.setAttribute("aria-current", String(e.dataset.app === app));
    this.find(".notice").hidden = true;
    this.chats[app]?.seen();
    this.paintBadges();
  }

  get hasNetwork() {
    return this.dialler.screen.network;
  }

  paintStates() {
    for (const chat of Object.values(this.chats ?? {})) chat.paintState();
  }

  paintBadges() {
    let total = 0;
    for (const [channel, chat] of Object.entries(this.chats)) {
      const tab = this.find(`.tabs [data-app=${channel}]`);
      tab.querySelector(".badge")?.remove();
      if (chat.unread > 0) tab.append(badge(chat.unread));
      tab.setAttribute("aria-label", chat.unread > 0 ? t("unread", { app: t(`app_${channel}`), count: chat.unread }) : t(`app_${channel}`));
      total += chat.unread;
    }
    this.holder.dispatchEvent(new CustomEvent("unread", { bubbles: true, detail: total }));
  }

  async loadChat(chat) {
    const fresh = await chat.load();
    if (fresh.length > 0) this.announce(chat, fresh.at(-1));
    this.paintBadges();
  }

  // An idle phone opens what arrives; one that somebody is busy with says so at the top.
  announce(chat, message) {
    chime();
    if (this.app === chat.channel) return;
    if (this.app === "dial" && this.dialler.isIdle && !this.momo.prompt) this.show(chat.channel);
    else this.notify(chat.channel, message);
  }

  notify(channel, message) {
    const notice = this.find(".notice");
    notice.dataset.app = channel;
    const who = channel === "sms" ? message.from : "Toit";
    notice.replaceChildren(icon(channel), make("span", {}, bold(`${t(`app_${channel}`)} · ${who}`), make("span", { class: "said" }, message.text)));
    notice.hidden = false;
    clearTimeout(this.fading);
    this.fading = setTimeout(() => (notice.hidden = true), NOTICE_MS);
  }

  // Typing

  // A Mobile Money prompt lies over everything and takes the keys; otherwise they are the dialler's.
  get target() {
    return this.momo.prompt ? this.momo.pin : this.dialler.typed;
  }

  key(sign) {
    if (!sign) return;
    this.target.value += sign;
    this.dialler.flash(sign);
  }

  erase() {
    this.target.value = this.target.value.slice(0, -1);
  }

  submit() {
    return this.momo.prompt ? this.momo.approve() : this.dialler.submit();
  }

  quick(code) {
    if (!code || this.dialler.busy) return;
    this.dialler.typed.value = code;
    this.submit().catch((problem) => this.say(problem.message));
  }

  // A code tapped in a message waits in the dialler for the green key.
  compose(code) {
    this.show("dial");
    this.dialler.typed.value = code;
    this.dialler.typed.focus();
  }

  physical(e) {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (this.app !== "dial" && !this.momo.prompt) return this.chatKey(e);
    if (e.key === "Escape") return void this.dialler.hangUp();
    const inside = e.target.closest("input, select, button");
    if (inside?.matches("input")) return void (/^[0-9*#]$/.test(e.key) && this.dialler.flash(e.key));
    if (/^[0-9*#]$/.test(e.key)) this.key(e.key);
    else if (e.key === "Backspace") this.erase();
    else if (e.key === "Enter" && !inside) this.submit().catch((problem) => this.say(problem.message));
    else return;
    e.preventDefault();
  }

  // What is typed over a chat goes into its box.
  chatKey(e) {
    if (e.key.length === 1 && e.key !== " " && !e.target.closest("input, select, button")) this.chats[this.app].focus();
  }

  // What the sandbox tells

  async setNetwork(on) {
    await api.network(this.number, on);
    if (on) await api.hangUp(this.number);
    await this.refresh();
  }

  hear(event) {
    if (event.kind === "hello") return void this.refresh().catch(() => this.say(t("unreachable")));
    if (event.msisdn !== this.number) return undefined;
    if (NEWS.has(event.kind)) this.loadChats(event.channel).catch(() => this.say(t("unreachable")));
    if (event.kind === "prompt") void this.momo.load();
    if (event.kind === "wallet" || event.kind === "truth") void this.loadWallet();
    if (event.kind === "network") this.dialler.follow({ network: event.on });
    if (event.kind === "screen" && !this.dialler.busy) this.dialler.follow(event.screen);
    return undefined;
  }

  loadChats(channel) {
    const named = this.chats[channel] ? [this.chats[channel]] : Object.values(this.chats);
    return Promise.all(named.map((chat) => this.loadChat(chat)));
  }

  async refresh() {
    await Promise.all([this.dialler.load(), this.momo.load(), this.loadWallet(), this.loadChats()]);
  }

  tick() {
    const now = new Date();
    this.find(".clock").textContent = now.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
  }
}
