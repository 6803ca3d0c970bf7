// The second story: a home found on WhatsApp by one sentence, by tapping what is offered.

import { forward } from "/page/reading.js";
import { Tale } from "/page/tale.js";
import { t } from "/page/words.js";

const MAX_MESSAGES = 6;
const CITIES = { 237: "Yaoundé", 225: "Abidjan", 221: "Dakar", 229: "Cotonou" };

export class SearchStory extends Tale {
  get cast() {
    return [this.tenant];
  }

  get chat() {
    return this.tenant.chats.whatsapp;
  }

  get shown() {
    return this.chat.received.at(-1)?.text ?? "";
  }

  async play() {
    await this.meet();
    this.tenant.show("whatsapp");
    this.tell("tenant", "w_start");
    await this.pause(2.5);
    await this.say(t("w_sentence", { city: CITIES[this.tenant.number.slice(0, 3)] ?? CITIES[237] }));
    await this.follow();
    await this.pause(2);
    this.tell("tenant", "w_card");
    await this.pause(3);
    await this.goOn();
    this.stage.say(null, t("w_done"), "good");
  }

  async say(sentence) {
    this.tell("tenant", "w_says", { sentence });
    const box = this.chat.find(".write input");
    for (const sign of sentence) {
      box.value += sign;
      await this.pause(0.07);
    }
    await this.pause(0.5);
    box.value = "";
    await this.answered(() => this.chat.send({ text: sentence }));
  }

  // From one message to the next, until a home was chosen from a list.
  async follow() {
    for (let count = 0; count < MAX_MESSAGES; count += 1) {
      const wasList = this.chat.received.at(-1).style === "list";
      await this.pause(2);
      await this.choose();
      if (wasList) return;
    }
    throw this.lost("l_loop");
  }

  async choose() {
    const message = this.chat.received.at(-1);
    const option = forward(message.buttons);
    if (!option) throw this.lost("l_message");
    this.once(message.text);
    this.tell("tenant", "w_taps", option);
    if (message.style === "list") await this.openList(message);
    const shown = [...this.chat.box.querySelectorAll(`[data-tap="${CSS.escape(option.id)}"]`)].at(-1);
    await this.pause();
    await this.answered(() => this.chat.tap(option.id, shown));
  }

  async openList(message) {
    const opener = this.chat.box.querySelector(`[data-list="${CSS.escape(String(message.id))}"]`);
    this.chat.openList(String(message.id), opener);
    await this.pause(1.5);
  }

  async goOn() {
    if (!forward(this.chat.received.at(-1).buttons)) return;
    await this.choose();
    await this.pause(2);
  }

  async answered(act) {
    const { length } = this.chat.received;
    await act();
    await this.until(() => this.chat.received.length > length, () => this.tenant.loadChat(this.chat), "l_answer");
  }
}
