// The USSD screen of a phone with its keypad.

import * as api from "/page/api.js";
import { bold, keypad, operator } from "/page/parts.js";
import { t } from "/page/words.js";

const BUDGET = 160;

export class Dialler {
  constructor(phone) {
    this.phone = phone;
    this.find = phone.find;
    this.screen = { session: null, text: "", open: false, septets: 0, network: true };
    this.busy = false;
    this.typed = this.find(".typed");
    this.find(".keys").append(...keypad());
  }

  // Whether nobody would miss the screen if something else came to the front.
  get isIdle() {
    return !this.screen.open && !this.busy && !this.typed.value && document.activeElement !== this.typed;
  }

  // The words that were looked up are old news once somebody has dialled, answered or taken another phone meanwhile.
  async load() {
    const { screen } = this;
    const { number } = this.phone;
    const seen = await api.look(number);
    if (this.phone.number !== number) return;
    const isNews = this.screen === screen && !this.busy;
    this.follow(isNews ? seen : { network: seen.network });
  }

  follow(screen) {
    this.screen = { ...this.screen, ...screen };
    this.paint();
  }

  say(text) {
    this.follow({ text, open: false, septets: 0 });
  }

  paint() {
    this.paintText();
    this.paintNetwork();
    const { open, septets } = this.screen;
    this.find(".send").textContent = t(open ? "answer" : "dial");
    this.find(".septets").textContent = t("septets", { count: septets });
    this.find(".meter b").style.width = `${Math.min(100, (100 * septets) / BUDGET)}%`;
    this.find(".count").classList.toggle("over", septets > BUDGET);
  }

  paintText() {
    const { text, open, network } = this.screen;
    const box = this.find(".text");
    const idle = !text && !open;
    box.className = `text${idle ? " idle" : ""}${open || idle ? "" : " closed"}${this.busy ? " waiting" : ""}`;
    if (idle) box.replaceChildren(bold("Toit"), network ? t("idle") : t("no_network"));
    else box.textContent = text;
    box.scrollTop = 0;
    this.find(".quick").hidden = !idle || !network;
  }

  paintNetwork() {
    const { network } = this.screen;
    const button = this.find(".network");
    this.find(".phone").classList.toggle("off", !network);
    this.find(".operator").textContent = network ? operator(this.phone.number) : t("no_network");
    button.textContent = t(network ? "cut" : "restore_short");
    button.setAttribute("aria-label", t(network ? "cut" : "restore"));
    button.setAttribute("aria-pressed", String(!network));
    this.phone.paintStates();
  }

  flash(sign) {
    const button = this.find(`[data-key="${CSS.escape(sign)}"]`);
    button?.classList.add("pressed");
    setTimeout(() => button?.classList.remove("pressed"), 140);
  }

  async submit() {
    if (this.busy) return undefined;
    const text = this.typed.value;
    if (!this.screen.open && !text.trim()) return undefined;
    this.typed.value = "";
    const { number } = this.phone;
    return this.wait(this.screen.open ? api.answer(number, text) : api.dial(number, text.trim()));
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
    this.typed.value = "";
    this.follow(await api.hangUp(this.phone.number));
  }
}
