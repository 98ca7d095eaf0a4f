// JSON for reading: coloured, in lines, its lists and objects to be opened and closed.

import { value } from "./data.js";
import { html } from "./shapes.js";

/** How many entries are open at first, and how many of one list are shown at a time. */
const OPEN = 40;
const PAGE = 100;

/** Return a value as text, as JSON.stringify would indent it. */
export function jsonText(number, indent = "") {
  const { text, type, entries } = value(number);
  if (text !== undefined) return text;
  const [before, after] = type === "list" ? "[]" : "{}";
  if (!entries.length) return before + after;
  const inner = `${indent}  `;
  const lines = entries.map(([key, child]) => inner + (type === "list" ? "" : `${JSON.stringify(key)}: `) + jsonText(child, inner));
  return `${before}\n${lines.join(",\n")}\n${indent}${after}`;
}

/** Return a value as a tree: as much of it open as fits a screen, the rest made when it is opened. */
export function jsonTree(number) {
  return html("div", { class: "json" }, branch(number, "", { left: OPEN }));
}

function branch(number, name, room) {
  const { text, type, entries } = value(number);
  const key = name === "" ? [] : [html("span", { class: "key" }, name), ": "];
  if (text !== undefined) return html("div", {}, ...key, html("span", { class: type }, text));
  const [before, after] = type === "list" ? "[]" : "{}";
  if (!entries.length) return html("div", {}, ...key, before + after);
  const noun = type === "list" ? "item" : "field";
  const head = html("summary", {}, ...key, html("span", { class: "size" }, `${before} ${entries.length} ${noun}${entries.length > 1 ? "s" : ""} ${after}`));
  const details = html("details", {}, head);
  const fill = (space) => {
    if (details.childElementCount > 1) return;
    const inner = html("div", { class: "inner" });
    details.append(inner);
    more(inner, 0, space);
  };
  function more(inner, from, space) {
    const child = ([key, each]) => branch(each, type === "list" ? String(key) : JSON.stringify(key), space);
    inner.append(...entries.slice(from, from + PAGE).map(child));
    const rest = entries.length - from - PAGE;
    if (rest <= 0) return;
    const button = html("button", { class: "link", type: "button" }, `${rest.toLocaleString()} more`);
    button.addEventListener("click", () => {
      button.remove();
      more(inner, from + PAGE, { left: 0 });
    });
    inner.append(button);
  }
  details.addEventListener("toggle", () => details.open && fill({ left: OPEN }));
  room.left -= entries.length;
  if (room.left >= 0 || name === "") {
    fill(room);
    details.open = true;
  }
  return details;
}

/** Return a section that folds, with a value in it and a button that copies it. */
export function jsonSection(title, number, open = true) {
  const copy = html("button", { class: "copy", type: "button", title: `Copy ${title.toLowerCase()} as JSON` }, "Copy");
  copy.addEventListener("click", () => {
    navigator.clipboard?.writeText(jsonText(number)).then(() => (copy.textContent = "Copied"), () => {});
  });
  const section = html("details", { class: "section", open }, html("summary", {}, html("span", {}, title)), copy);
  const fill = () => section.childElementCount > 2 || section.append(jsonTree(number));
  if (open) fill();
  section.addEventListener("toggle", fill);
  return section;
}
