// What every story on the page needs: time to read, a voice, and an end when it is lost.

import { t } from "/page/words.js";

export class Lost extends Error {}
export class Stopped extends Error {}

export class Tale {
  constructor(tenant, landlord, stage) {
    this.tenant = tenant;
    this.landlord = landlord;
    this.stage = stage;
    this.seen = new Map();
  }

  stop() {
    this.stopped = true;
  }

  async pause(beats = 1) {
    const until = performance.now() + beats * this.stage.beat;
    do {
      if (this.stopped) throw new Stopped();
      await new Promise((done) => setTimeout(done, Math.min(60, this.stage.beat)));
    } while (performance.now() < until);
  }

  async meet() {
    if (!this.tenant.person) throw new Lost(t("l_people"));
    for (const phone of this.cast) await this.clear(phone);
    this.name = this.tenant.person.name.split(" ").at(-1);
  }

  // A phone as it is before anything happens.
  async clear(phone) {
    if (!phone.hasNetwork) await phone.setNetwork(true);
    await phone.dialler.hangUp();
    while (phone.momo.prompt) await phone.momo.refuse();
    await phone.loadChats();
    phone.show("dial");
    phone.mark = phone.chats.sms.received.length;
  }

  tell(who, key, blanks) {
    this.stage.say(who, t(key, { name: this.name, ...blanks }));
  }

  // The same screen twice is a second chance, three times is a circle.
  once(text) {
    const times = (this.seen.get(text) ?? 0) + 1;
    this.seen.set(text, times);
    if (times > 2) throw this.lost("l_loop");
  }

  lost(key) {
    const problem = new Lost(t(key));
    problem.screen = this.shown;
    return problem;
  }

  async until(done, look, problem) {
    const limit = performance.now() + this.stage.patience;
    while (!done()) {
      if (performance.now() > limit) throw this.lost(problem);
      await new Promise((ready) => setTimeout(ready, 250));
      await this.pause(0);
      await look();
    }
  }
}
