// The operator's own Mobile Money prompt, over whatever the phone shows.

import * as api from "/page/api.js";
import { chime } from "/page/sound.js";
import { money, t } from "/page/words.js";

export class Momo {
  constructor(phone) {
    this.phone = phone;
    this.box = phone.find(".momo");
    this.pin = phone.find(".pin");
    this.prompt = null;
    phone.on(".momo", "submit", () => this.approve());
    phone.on(".refuse", "click", () => this.refuse());
  }

  async load() {
    const { number } = this.phone;
    const [first] = await api.prompts(number);
    if (this.phone.number !== number) return;
    const changed = first?.id !== this.prompt?.id;
    this.prompt = first ?? null;
    if (changed) this.opened();
    this.paint();
  }

  opened() {
    this.pin.value = "";
    this.phone.find(".wrong").textContent = "";
    if (this.prompt) chime();
    if (this.prompt && this.phone.holder.contains(document.activeElement)) this.pin.focus();
  }

  paint() {
    this.box.hidden = !this.prompt;
    this.phone.find(".phone").classList.toggle("asked", Boolean(this.prompt));
    if (!this.prompt) return;
    const { amount, currency, payee, message, pin } = this.prompt;
    this.box.querySelector(".ask").textContent = t("momo_ask", { amount: money(amount, currency), payee });
    this.box.querySelector(".note").textContent = message;
    this.box.querySelector(".hint").textContent = t("momo_hint", { pin });
  }

  async approve() {
    const { id } = this.prompt;
    try {
      return await this.decided(await api.approve(this.phone.number, id, this.pin.value));
    } catch (problem) {
      return this.wrongPin(problem);
    }
  }

  async wrongPin(problem) {
    const left = problem.body?.tries_left;
    this.pin.value = "";
    if (!left) return this.decided({ status: "FAILED" });
    this.phone.find(".wrong").textContent = t("momo_wrong", { left });
    return { status: "PENDING" };
  }

  async refuse() {
    return this.decided(await api.refuse(this.phone.number, this.prompt.id));
  }

  async decided(result) {
    await Promise.all([this.load(), this.phone.loadWallet()]);
    return result;
  }
}
