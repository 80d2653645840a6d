// Elements by hand: text reaches the page by text nodes alone.

export const $ = (id) => document.getElementById(id);

/** An element; `on...` are listeners, `class`, `hidden` and all others attributes; strings become text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

export const button = (text, onclick, attributes = {}) => make("button", { type: "button", onclick, ...attributes }, text);

/** Names and quotes may run from right to left: each keeps to itself. */
export const name = (text) => make("bdi", {}, text);

/** Tell readers of the screen what has changed. */
export function announce(text) { $("said").textContent = text; }

/** The value of a colour of the style sheet. */
export const colour = (variable) => getComputedStyle(document.documentElement).getPropertyValue(variable).trim();

/** Offer a file to be saved. */
export function offer(file, content, type) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = make("a", { href: address, download: file });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
