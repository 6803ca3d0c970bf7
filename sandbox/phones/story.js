// The whole story, played by reading the screens rather than knowing the menus.

import * as api from "/page/api.js";
import { asksPin, onward } from "/page/reading.js";
import { digitsOf, owns } from "/page/parts.js";
import { Lost, Tale } from "/page/tale.js";
import { money, t } from "/page/words.js";

const MAX_SCREENS = 16;
const ENTRY = "*384#";
const ENOUGH = 500000;

export class Story extends Tale {
  get cast() {
    return [this.tenant, this.landlord];
  }

  // What a lost story shows.
  get shown() {
    return this.tenant.dialler.screen.text;
  }

  async play() {
    await this.meet();
    await this.fillWallet();
    this.tell("tenant", "s_start");
    await this.pause(2);
    await this.walk();
    const paid = await this.pay();
    await this.read(this.tenant, "s_receipt", "l_receipt");
    await this.read(this.landlord, "s_landlord", "l_landlord");
    this.stage.say(null, t("s_done", { amount: paid }), "good");
  }

  // The news went to another landlord than the one on the page: show that one.
  async heard(number) {
    const owner = this.landlord.people.findIndex((p) => digitsOf(p.number) === number && owns(p));
    if (this.tenant.mark === undefined) return;
    if (owner < 0 || number === this.landlord.number || number === this.tenant.number) return;
    await this.landlord.pick(owner);
    this.landlord.mark = this.landlord.chats.sms.received.length - 1;
  }

  // The story may be played many times over: its payer never runs out of play money.
  async fillWallet() {
    const { balance } = await api.wallet(this.tenant.number);
    await api.setWallet(this.tenant.number, { behaviour: "ask", balance: Math.max(balance, ENOUGH) });
  }

  // Through the menus, up to the screen that ends the session.
  async walk() {
    this.tell("tenant", "s_dial");
    await this.type(ENTRY);
    for (let count = 0; this.tenant.dialler.screen.open; count += 1) {
      if (count >= MAX_SCREENS) throw this.lost("l_loop");
      await this.pause(1.6);
      await this.step(this.tenant.dialler.screen.text);
    }
    if (!this.pinGiven) throw this.lost("l_dead");
    await this.pause(1.5);
    this.tell("tenant", "s_end");
    await this.pause(1.5);
  }

  async step(text) {
    if (asksPin(text)) return this.givePin(text);
    const option = onward(text);
    if (!option) throw this.lost("l_screen");
    this.once(text);
    this.tell("tenant", "s_choose", option);
    await this.pause();
    return this.type(option.choice);
  }

  async givePin(text) {
    this.once(text);
    this.tell("tenant", "s_pin");
    await this.pause();
    this.pinGiven = true;
    return this.type(String(this.tenant.person.pin).replace(/\D/g, ""));
  }

  async type(text) {
    for (const sign of text) {
      this.tenant.key(sign);
      await this.pause(0.22);
    }
    await this.pause(0.4);
    return this.tenant.submit();
  }

  async pay() {
    await this.until(() => this.tenant.momo.prompt, () => this.tenant.momo.load(), "l_prompt");
    const { amount, currency, pin } = this.tenant.momo.prompt;
    const told = money(amount, currency);
    this.tell("tenant", "s_prompt", { amount: told });
    await this.pause(2.2);
    this.tell("tenant", "s_approve");
    for (const sign of pin) {
      this.tenant.key(sign);
      await this.pause(0.22);
    }
    await this.pause(0.6);
    const result = await this.tenant.momo.approve();
    if (result.status !== "SUCCESSFUL") throw new Lost(t("l_refused"));
    return told;
  }

  async read(phone, key, problem) {
    const { sms } = phone.chats;
    await this.until(() => sms.received.length > phone.mark, () => phone.loadChat(sms), problem);
    phone.show("sms");
    this.tell(phone.role, key);
    await this.pause(3);
  }
}
