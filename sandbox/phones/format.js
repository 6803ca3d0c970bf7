// The words of a message as nodes: links, codes to dial, and WhatsApp's bold, italics, strike and code.

import { make, press } from "/page/dom.js";

const TOKEN = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)])|(\*\d{2,4}(?:\*\d+)*#)/g;
const MARK = /(^|[\s("'«])(```|[*_~])(?=\S)([^\n]*?\S)\2(?=$|[\s.,;:!?)"'»])/m;
const TAGS = { "*": "strong", _: "em", "~": "s", "```": "code" };

export function written(text, channel) {
  const nodes = [];
  let done = 0;
  for (const found of text.matchAll(TOKEN)) {
    nodes.push(...plain(text.slice(done, found.index), channel));
    nodes.push(found[1] ? link(found[1]) : code(found[2]));
    done = found.index + found[0].length;
  }
  nodes.push(...plain(text.slice(done), channel));
  return nodes;
}

const plain = (text, channel) => (channel === "whatsapp" ? marked(text) : [text]).filter((part) => part !== "");

function marked(text) {
  const found = MARK.exec(text);
  if (!found) return [text];
  const [whole, before, sign, inside] = found;
  const within = sign === "```" ? [inside] : marked(inside);
  const head = text.slice(0, found.index) + before;
  return [head, make(TAGS[sign], {}, ...within), ...marked(text.slice(found.index + whole.length))];
}

const link = (address) => make("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address);

const code = (dialled) => press({ class: "code", "data-code": dialled }, dialled);
