// What slides up from the bottom of a chat: a list to choose from, what can be attached, settings.

import { icon, make, press } from "/page/dom.js";
import { t } from "/page/words.js";

export class Sheet {
  constructor(box) {
    this.box = box;
    this.cover = box.querySelector(".cover");
    this.cover.addEventListener("click", (e) => e.target === this.cover && this.close());
    this.cover.addEventListener("keydown", (e) => this.leave(e));
  }

  get isOpen() {
    return !this.cover.hidden;
  }

  leave(e) {
    if (e.key !== "Escape") return;
    e.stopPropagation();
    this.close();
  }

  // `body` are the elements to show; the first button or chosen radio gets the focus.
  open(title, look, opener, body) {
    this.opener = opener;
    const close = press({ class: "shut", "aria-label": t("close") }, icon("close"));
    close.addEventListener("click", () => this.close());
    const sheet = make("div", { class: `sheet ${look}`, role: "dialog", "aria-modal": "true", "aria-label": title });
    sheet.append(make("div", { class: "sheet-top" }, make("b", {}, title), close), ...body);
    this.cover.replaceChildren(sheet);
    this.cover.hidden = false;
    this.hush(true);
    (sheet.querySelector("input:checked") ?? sheet.querySelector(".rows button, .kinds button") ?? close).focus();
  }

  close() {
    if (!this.isOpen) return;
    this.cover.hidden = true;
    this.cover.replaceChildren();
    this.hush(false);
    if (this.opener?.isConnected) this.opener.focus();
  }

  // Behind an open sheet nothing can be reached.
  hush(on) {
    for (const e of this.box.children) if (e !== this.cover) e.inert = on;
  }
}

// The rows of a list (WhatsApp's, or points on the map): a label, what it means, and a ring to tap.
export function rows(buttons, mark = "data-tap") {
  const drawn = buttons.map((b) => {
    const note = b.note ? make("small", {}, b.note) : "";
    return press({ [mark]: b.id }, make("span", {}, make("b", {}, b.label), note), make("i", { class: "ring" }));
  });
  return [make("div", { class: "rows" }, ...drawn)];
}

// What can be attached: name of the drawing and of the word.
export function kinds() {
  const drawn = ["photo", "location", "contact"].map((kind) => {
    const picture = { photo: "camera", location: "pin", contact: "person" }[kind];
    return press({ "data-attach": kind }, make("span", { class: `disc ${kind}` }, icon(picture)), t(`attach_${kind}`));
  });
  return [make("div", { class: "kinds" }, ...drawn)];
}

// Which provider carries what is written here.
export function providers(group, names, chosen) {
  const choices = Object.entries(names).map(([value, name]) => {
    const radio = make("input", { type: "radio", name: group, value, checked: value === chosen });
    return make("label", {}, radio, name);
  });
  const field = make("fieldset", { class: "providers" }, make("legend", {}, t("provider")), ...choices);
  return [field, make("p", { class: "why" }, t("provider_why"))];
}
