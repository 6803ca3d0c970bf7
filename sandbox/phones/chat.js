// One conversation on one phone: SMS, WhatsApp or Telegram.

import * as api from "/page/api.js";
import { bubble, day, dayOf, degrees } from "/page/bubbles.js";
import { icon, make, press } from "/page/dom.js";
import { Sheet, kinds, providers, rows } from "/page/sheet.js";
import { spotsOf } from "/page/spots.js";
import { fill, t } from "/page/words.js";

const PROVIDERS = {
  whatsapp: { meta: "Meta", twilio: "Twilio" },
  sms: { africastalking: "Africa’s Talking", twilio: "Twilio" },
  telegram: {},
};
const PATIENCE = 8000;

export class Chat {
  constructor(phone, channel, box) {
    this.phone = phone;
    this.channel = channel;
    this.box = box;
    box.append(document.getElementById("chat").content.cloneNode(true));
    this.find = (selector) => box.querySelector(selector);
    this.sheet = new Sheet(box);
    this.via = Object.keys(PROVIDERS[channel])[0];
    this.build();
    this.reset();
  }

  build() {
    this.find(".more").hidden = !this.via;
    this.find(".attach").hidden = this.channel === "sms";
    this.find(".write input").maxLength = this.channel === "sms" ? 480 : 1000;
    this.find(".write").addEventListener("submit", (e) => this.submit(e));
    this.box.addEventListener("click", (e) => this.tapped(e.target.closest("button")));
    this.box.addEventListener("change", (e) => e.target.matches(".providers input") && this.carry(e.target.value));
  }

  // Another person holds the phone: nothing is known of this conversation.
  reset() {
    this.list = [];
    this.nodes = new Map();
    this.known = null;
    this.news = new Set();
    this.waits(false);
    this.sheet.close();
    this.find(".write input").value = "";
    this.paint();
  }

  words() {
    fill(this.box);
    this.find(".write input").placeholder = t(`write_${this.channel}`);
    this.find(".write input").setAttribute("aria-label", t(`write_${this.channel}`));
    this.find(".scroll").setAttribute("aria-label", t(`thread_${this.channel}`));
    this.nodes.clear();
    this.sheet.close();
    this.paint();
  }

  // What was said

  get received() {
    return this.list.filter((m) => !m.mine);
  }

  get unread() {
    return this.received.filter((m) => this.news.has(m.id)).length;
  }

  // Tells what is new since the last time; nothing is, at the first look.
  async load() {
    const { number } = this.phone;
    const asked = (this.asked = (this.asked ?? 0) + 1);
    const list = await api.thread(number, this.channel);
    if (this.phone.number !== number || this.asked !== asked) return [];
    return this.take(list);
  }

  take(list) {
    const before = JSON.stringify(this.received);
    const fresh = this.known ? list.filter((m) => !m.mine && !this.known.has(m.id)) : [];
    this.list = list;
    this.known = new Set(list.map((m) => m.id));
    if (this.phone.app !== this.channel) for (const { id } of fresh) this.news.add(id);
    if (JSON.stringify(this.received) !== before) this.waits(false);
    this.paint();
    return fresh;
  }

  seen() {
    this.news.clear();
    this.find(".scroll").scrollTop = 0;
  }

  // Painting

  paint() {
    const last = this.list.at(-1)?.id;
    this.settle(this.drawn());
    if (last !== this.lastSeen) this.find(".scroll").scrollTop = 0;
    this.lastSeen = last;
    this.paintState();
    this.paintPanel();
  }

  drawn() {
    if (this.list.length === 0) return [make("li", { class: "none" }, t(`none_${this.channel}`))];
    return this.list.flatMap((message, i) => {
      const previous = this.list[i - 1];
      const sameDay = previous && dayOf(previous.at) === dayOf(message.at);
      const node = this.node(message, !sameDay || previous.mine !== message.mine);
      return sameDay || this.channel === "sms" ? [node] : [this.kept(`day ${dayOf(message.at)}`, "", () => day(message.at)), node];
    });
  }

  // An unchanged message keeps its element; a changed one flashes and keeps the focus.
  node(message, first) {
    return this.kept(message.id, JSON.stringify([message, first]), () => bubble(message, this.channel, first));
  }

  kept(key, print, draw) {
    const old = this.nodes.get(key);
    if (old?.print === print) return old.element;
    const element = draw();
    this.nodes.set(key, { print, element });
    if (old && !element.isEqualNode(old.element)) this.replaced(old.element, element);
    return element;
  }

  replaced(old, element) {
    const words = (e) => [...e.querySelectorAll(".words, button")].map((part) => part.textContent).join("\n");
    if (words(old) !== words(element)) element.classList.add("flash");
    element.classList.add("settled");
    if (old.contains(document.activeElement)) queueMicrotask(() => (element.querySelector("button") ?? this.find(".write input")).focus());
  }

  // Only what differs is touched, so that nothing moves or is read aloud twice.
  settle(items) {
    const box = this.find(".thread");
    const wanted = new Set(items);
    for (const e of [...box.children]) if (!wanted.has(e)) e.remove();
    items.forEach((e, i) => box.children[i] !== e && box.insertBefore(e, box.children[i] ?? null));
  }

  paintState() {
    const name = PROVIDERS[this.channel][this.via];
    const calm = t(`state_${this.channel}`) + (name ? ` · ${name}` : "");
    const off = this.phone.hasNetwork === false;
    this.find(".state-line").textContent = off ? t("waiting_network") : this.waiting ? t("writes") : calm;
    for (const e of this.box.querySelectorAll(".write input, .write button, .panel button")) e.disabled = off;
  }

  // Below the messages: how to begin, or what the service asks to be shared.
  paintPanel() {
    const panel = this.find(".panel");
    const starting = this.channel === "telegram" && this.list.length === 0;
    panel.replaceChildren(...this.offers(starting));
    panel.hidden = panel.childElementCount === 0;
    panel.classList.toggle("start", starting);
    this.find(".write").hidden = starting;
  }

  offers(starting) {
    if (starting) return [press({ "data-say": "/start" }, t("start"))];
    if (this.list.length === 0) return t(`try_${this.channel}`).split("|").map((words) => press({ "data-say": words }, words));
    return this.channel === "telegram" ? this.replyKeys() : [];
  }

  // Telegram keeps the keys of a message in the place of a keyboard until they are used, replaced or taken away.
  replyKeys() {
    const at = this.list.findLastIndex((m) => m.mine || m.style === "keyboard" || m.asks || m.clears);
    const message = this.list[at];
    if (!message || message.mine || message.clears) return [];
    const { id, style, asks, buttons } = message;
    const keys = style === "keyboard" ? buttons.map((b) => press({ "data-tap": b.id, "data-on": id }, b.label)) : [];
    return asks ? [press({ "data-ask": asks }, icon(asks === "contact" ? "person" : "pin"), t(`ask_${asks}`)), ...keys] : keys;
  }

  // Tapping and writing

  tapped(button) {
    if (!button || button.disabled) return;
    const { tap, list, ask, attach, spot, say, code } = button.dataset;
    if (tap) void this.tap(tap, button);
    else if (spot) void this.stand(Number(spot));
    else if (list) this.openList(list, button);
    else if (ask || attach) void this.share(ask ?? attach, button);
    else if (say) void this.send({ text: say });
    else if (code) this.phone.compose(code);
    else if (button.matches(".attach")) this.sheet.open(t("attach"), "of-kinds", button, kinds());
    else if (button.matches(".more")) this.openSettings(button);
  }

  openList(id, button) {
    const message = this.list.find((m) => String(m.id) === id);
    this.open = id;
    this.sheet.open(message.opener || t("choose"), "of-rows", button, rows(message.buttons));
  }

  openSettings(button) {
    const group = `${this.phone.role}-${this.channel}-via`;
    this.sheet.open(t("settings"), "of-settings", button, providers(group, PROVIDERS[this.channel], this.via));
  }

  carry(name) {
    this.via = name;
    this.paintState();
  }

  tap(id, button) {
    const message = button.closest("[data-id]")?.dataset.id ?? button.dataset.on ?? this.open;
    this.sheet.close();
    return this.send({ tap: id, message });
  }

  share(kind, button) {
    this.sheet.close();
    if (kind === "photo") return this.send({ media: "photo" });
    if (kind === "contact") return this.send({ contact: true });
    const opener = button.isConnected ? button : this.find(".attach");
    const shown = spotsOf(this.phone.number).map(({ name, latitude, longitude }, i) => ({ id: i, label: name, note: degrees(latitude, longitude) }));
    return this.sheet.open(t("where_am_i"), "of-spots", opener, rows(shown, "data-spot"));
  }

  stand(i) {
    this.sheet.close();
    return this.send({ location: spotsOf(this.phone.number)[i] });
  }

  submit(e) {
    e.preventDefault();
    const input = this.find(".write input");
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    void this.send({ text });
  }

  async send(body) {
    if (this.phone.hasNetwork === false) return;
    const usual = Object.keys(PROVIDERS[this.channel])[0];
    this.find(".trouble").textContent = "";
    this.waits(true);
    try {
      // A tap goes back to whoever brought the message.
      const carried = this.via === usual || body.tap ? body : { ...body, via: this.via };
      await api.write(this.phone.number, this.channel, carried);
      await this.phone.loadChat(this);
    } catch (problem) {
      this.waits(false);
      this.find(".trouble").textContent = t("not_sent", { why: problem.message });
    }
  }

  // While an answer is on its way the service "is writing", for a while.
  waits(on) {
    clearTimeout(this.timer);
    this.waiting = on && this.channel !== "sms";
    if (this.waiting) this.timer = setTimeout(() => this.waits(false), PATIENCE);
    this.paintState();
  }

  focus() {
    if (!this.sheet.isOpen && !this.find(".write").hidden) this.find(".write input").focus();
  }
}
