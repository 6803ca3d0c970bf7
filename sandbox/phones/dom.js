// Making elements without ever writing HTML from a string.

export function make(tag, look = {}, ...inside) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(look)) {
    if (value === true) e.setAttribute(name, "");
    else if (value !== false && value !== undefined) e.setAttribute(name, String(value));
  }
  e.append(...inside.filter((part) => part !== null && part !== ""));
  return e;
}

export const press = (look, ...inside) => make("button", { type: "button", ...look }, ...inside);

const SVG = "http://www.w3.org/2000/svg";

// One of the drawings at the top of the page.
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon i-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

export const hint = (text) => make("span", { class: "vh" }, text);
