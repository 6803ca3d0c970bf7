// One phone on the page: its screen, keys, messages and Mobile Money prompt.

import * as api from "/page/api.js";
import { badge, bold, bubble, digitsOf, keypad, nothing, operator, spaced } from "/page/parts.js";
import { chime } from "/page/sound.js";
import { fill, money, t } from "/page/words.js";

const BUDGET = 160;
const OTHER = "other";

export class Phone {
  constructor(role, holder, fallback) {
    this.role = role;
    this.holder = holder;
    this.number = digitsOf(fallback);
    this.person = null;
    this.screen = { session: null, text: "", open: false, septets: 0, network: true };
    this.list = [];
    this.read = 0;
    this.prompt = null;
    this.view = "lcd";
    this.busy = false;
    holder.append(document.getElementById("phone").content.cloneNode(true));
    this.find = (selector) => holder.querySelector(selector);
    this.build();
  }

  build() {
    this.find(".keys").append(...keypad());
    this.find(".quick").addEventListener("click", (e) => this.quick(e.target.closest("button")?.dataset.code));
    this.find(".keys").addEventListener("click", (e) => this.key(e.target.closest("button")?.dataset.key));
    this.on(".line", "submit", () => this.submit());
    this.on(".call", "click", () => this.submit());
    this.on(".hang", "click", () => this.hangUp());
    this.on(".erase", "click", () => this.erase());
    this.on(".messages", "click", () => this.show(this.view === "sms" ? "lcd" : "sms"));
    this.on(".network", "click", () => this.setNetwork(!this.screen.network));
    this.on(".write", "submit", () => this.writeSms());
    this.on(".momo", "submit", () => this.approve());
    this.on(".refuse", "click", () => this.refuse());
    this.on(".person", "change", () => this.choose());
    this.on(".number", "change", () => this.take(null, this.find(".number").value));
    this.holder.addEventListener("keydown", (e) => this.physical(e));
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
    this.paint();
    this.paintThread();
    this.paintPrompt();
    this.paintCard();
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
    this.choose();
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
    this.read = Infinity;
    await Promise.all([this.loadScreen(), this.loadThread(), this.loadPrompt(), this.loadWallet()]);
    this.read = this.received().length;
    this.paintThread();
  }

  // What was looked up is old news once somebody has dialled, answered or taken another phone meanwhile.
  async loadScreen() {
    const { number, screen } = this;
    const seen = await api.look(number);
    if (this.number !== number || this.screen !== screen || this.busy) return;
    this.screen = seen;
    this.paint();
  }

  async loadWallet() {
    this.wallet = await api.wallet(this.number);
    this.paintCard();
  }

  paintCard() {
    const currency = /^22[159]/.test(this.number) ? "XOF" : "XAF";
    const parts = this.person ? [`<b>${spaced(this.number)}</b>`] : [];
    if (this.person?.pin) parts.push(t("service_pin", { pin: digitsOf(String(this.person.pin)) }));
    if (this.wallet) parts.push(t("wallet", { balance: money(this.wallet.balance, currency) }));
    this.find(".card").innerHTML = parts.map((part) => `<span>${part}</span>`).join("");
  }

  // The screen

  show(view) {
    this.view = view;
    this.find(".lcd").hidden = view !== "lcd";
    this.find(".sms").hidden = view !== "sms";
    if (view === "sms") this.read = this.received().length;
    this.paintThread();
  }

  paint() {
    const { text, open, septets, network } = this.screen;
    const box = this.find(".text");
    const idle = !text && !open;
    box.className = `text${idle ? " idle" : ""}${open || idle ? "" : " closed"}${this.busy ? " waiting" : ""}`;
    if (idle) box.replaceChildren(bold("Toit"), network ? t("idle") : t("no_network"));
    else box.textContent = text;
    this.find(".quick").hidden = !idle || !network;
    box.scrollTop = 0;
    this.find(".phone").classList.toggle("off", !network);
    this.find(".operator").textContent = network ? operator(this.number) : t("no_network");
    this.find(".send").textContent = t(open ? "answer" : "dial");
    this.find(".network").textContent = t(network ? "cut" : "restore");
    this.find(".network").setAttribute("aria-pressed", String(!network));
    this.paintCount(septets);
  }

  paintCount(septets) {
    this.find(".septets").textContent = t("septets", { count: septets });
    this.find(".meter b").style.width = `${Math.min(100, (100 * septets) / BUDGET)}%`;
    this.find(".count").classList.toggle("over", septets > BUDGET);
  }

  say(text) {
    this.screen = { ...this.screen, text, open: false, septets: 0 };
    this.paint();
  }

  // Typing

  // The keypad belongs to the dialler; a Mobile Money prompt lies over everything.
  get target() {
    return this.prompt ? this.find(".pin") : this.find(".typed");
  }

  key(sign) {
    if (!sign) return;
    if (!this.prompt && this.view !== "lcd") this.show("lcd");
    this.target.value += sign;
    this.flash(sign);
  }

  erase() {
    this.target.value = this.target.value.slice(0, -1);
  }

  flash(sign) {
    const button = this.find(`[data-key="${CSS.escape(sign)}"]`);
    button?.classList.add("pressed");
    setTimeout(() => button?.classList.remove("pressed"), 140);
  }

  physical(e) {
    if (e.key === "Escape") return void this.hangUp();
    const inside = e.target.closest("input, select, button");
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (inside?.matches("input")) return void (/^[0-9*#]$/.test(e.key) && this.flash(e.key));
    if (/^[0-9*#]$/.test(e.key)) this.key(e.key);
    else if (e.key === "Backspace") this.erase();
    else if (e.key === "Enter" && !inside) void this.submit();
    else return;
    e.preventDefault();
  }

  // Calls

  quick(code) {
    if (!code || this.busy) return;
    this.find(".typed").value = code;
    this.submit().catch((problem) => this.say(problem.message));
  }

  async submit() {
    if (this.prompt) return this.approve();
    if (this.busy) return undefined;
    const text = this.find(".typed").value;
    if (!this.screen.open && !text.trim()) return undefined;
    this.find(".typed").value = "";
    this.show("lcd");
    return this.wait(this.screen.open ? api.answer(this.number, text) : api.dial(this.number, text.trim()));
  }

  async wait(call) {
    this.busy = true;
    this.paint();
    try {
      const shown = await call;
      this.screen = { ...this.screen, ...shown };
    } finally {
      this.busy = false;
      this.paint();
    }
    return this.screen;
  }

  async hangUp() {
    this.find(".typed").value = "";
    this.show("lcd");
    this.screen = { ...this.screen, ...(await api.hangUp(this.number)) };
    this.paint();
  }

  async setNetwork(on) {
    await api.network(this.number, on);
    if (on) await api.hangUp(this.number);
    await Promise.all([this.loadScreen(), this.loadThread(), this.loadPrompt()]);
  }

  // Messages

  received() {
    return this.list.filter((m) => m.direction === "in");
  }

  unread() {
    return Math.max(0, this.received().length - this.read);
  }

  async loadThread() {
    const before = this.received().length;
    this.list = await api.thread(this.number);
    const fresh = this.received().length > before && before >= 0 && this.read !== Infinity;
    if (fresh) chime();
    if (fresh && !this.screen.open && !this.prompt) this.show("sms");
    else if (this.view === "sms" && this.read !== Infinity) this.read = this.received().length;
    this.paintThread();
  }

  paintThread() {
    const box = this.find(".thread");
    const items = this.list.map((m) => bubble(m));
    if (items.length === 0) items.push(nothing());
    box.replaceChildren(...items);
    this.find(".scroll").scrollTop = 0;
    this.paintBadge();
  }

  paintBadge() {
    const button = this.find(".messages");
    button.textContent = t(this.view === "sms" ? "back" : "messages");
    if (this.unread() > 0 && this.view !== "sms") button.append(badge(this.unread()));
    this.holder.dispatchEvent(new CustomEvent("unread", { bubbles: true, detail: this.unread() }));
  }

  async writeSms() {
    const box = this.find(".write input");
    if (!box.value.trim()) return;
    await api.writeSms(this.number, box.value);
    box.value = "";
  }

  // Mobile Money

  async loadPrompt() {
    const [first] = await api.prompts(this.number);
    const changed = first?.id !== this.prompt?.id;
    this.prompt = first ?? null;
    if (changed) this.openPrompt();
    this.paintPrompt();
  }

  openPrompt() {
    this.find(".pin").value = "";
    this.find(".wrong").textContent = "";
    if (this.prompt) chime();
    if (this.prompt && this.holder.contains(document.activeElement)) this.find(".pin").focus();
  }

  paintPrompt() {
    const box = this.find(".momo");
    box.hidden = !this.prompt;
    if (!this.prompt) return;
    const { amount, currency, payee, message, pin } = this.prompt;
    box.querySelector(".ask").textContent = t("momo_ask", { amount: money(amount, currency), payee });
    box.querySelector(".note").textContent = message;
    box.querySelector(".hint").textContent = t("momo_hint", { pin });
  }

  async approve() {
    const { id } = this.prompt;
    try {
      return await this.decided(await api.approve(this.number, id, this.find(".pin").value));
    } catch (problem) {
      return this.wrongPin(problem);
    }
  }

  async wrongPin(problem) {
    const left = problem.body?.tries_left;
    this.find(".pin").value = "";
    if (!left) return this.decided({ status: "FAILED" });
    this.find(".wrong").textContent = t("momo_wrong", { left });
    return { status: "PENDING" };
  }

  async refuse() {
    return this.decided(await api.refuse(this.number, this.prompt.id));
  }

  async decided(result) {
    await Promise.all([this.loadPrompt(), this.loadWallet()]);
    return result;
  }

  // What the sandbox tells

  hear(event) {
    if (event.kind === "hello") return this.number && void this.refresh();
    if (event.msisdn !== this.number) return undefined;
    if (event.kind === "message") void this.loadThread();
    if (event.kind === "prompt") void this.loadPrompt();
    if (event.kind === "wallet" || event.kind === "truth") void this.loadWallet();
    if (event.kind === "network") void this.loadScreen();
    if (event.kind === "screen" && !this.busy) this.follow(event.screen);
    return undefined;
  }

  follow(screen) {
    this.screen = { ...this.screen, ...screen };
    this.paint();
  }

  async refresh() {
    await Promise.all([this.loadScreen(), this.loadThread(), this.loadPrompt(), this.loadWallet()]);
  }

  tick() {
    const now = new Date();
    this.find(".clock").textContent = now.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
  }
}
