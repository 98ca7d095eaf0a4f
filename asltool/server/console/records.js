// The table of all events of an execution: filtered, and opened to see what an event holds. It asks for events as they come into sight.

import { length, eventAt } from "./page/player.js";
import { html } from "./page/shapes.js";
import { spoken } from "./page/words.js";
import { get } from "./api.js";
import { button } from "./marks.js";

const ROW = 28;
const MORE = 10;

/** Show the table in a dialog. */
export function eventTable(arn) {
  const text = html("input", { type: "search", placeholder: "Filter by type or state", "aria-label": "Filter by type or state", autocomplete: "off" });
  const list = html("ol", { class: "events" });
  const scroll = html("div", { class: "scroll tall", tabindex: 0, role: "group", "aria-label": "Events" }, list);
  const details = html("div", { class: "details" });
  const count = html("span", { class: "hint", role: "status" });
  const element = html("dialog", { class: "wide", "aria-label": "Events" });
  element.append(html("div", { class: "row" }, html("h2", {}, "Events"), text, count, button("Close", () => element.close())), scroll, details);
  let found = [];
  let picked = -1;

  function filter() {
    const word = text.value.trim().toLowerCase();
    found = [];
    for (let at = 0; at < length; at++) {
      const { kind, visit } = eventAt(at);
      if (!word || kind.toLowerCase().includes(word) || visit?.node.title.toLowerCase().includes(word)) found.push(at);
    }
    list.style.height = `${found.length * ROW}px`;
    count.textContent = `${found.length} of ${length}`;
    fill();
  }

  function row(place) {
    const at = found[place];
    const { kind, time, visit } = eventAt(at);
    const words = [String(at + 1), time === undefined ? "" : `+${spoken(time)}`, kind, visit?.node.title ?? ""];
    const line = html("button", { type: "button", "aria-expanded": String(at === picked), onclick: () => open(at) }, ...words.map((word) => html("span", {}, word)));
    return html("li", { style: `top: ${place * ROW}px`, class: /(Failed|TimedOut|Aborted)$/.test(kind) ? "failed" : null, "aria-posinset": place + 1, "aria-setsize": found.length }, line);
  }

  function fill() {
    const first = Math.max(0, Math.floor(scroll.scrollTop / ROW) - MORE);
    const last = Math.min(found.length, Math.ceil((scroll.scrollTop + scroll.clientHeight) / ROW) + MORE);
    list.replaceChildren(...Array.from({ length: Math.max(0, last - first) }, (_, at) => row(first + at)));
  }

  async function open(at) {
    picked = at;
    fill();
    list.querySelector('[aria-expanded="true"]')?.focus({ preventScroll: true });
    const { events } = await get("history", { arn, from: String(at), to: String(at + 1) });
    const link = html("a", { href: `${location.pathname}${location.search}#event=${at + 1}`, onclick: () => element.close() }, "Show this moment");
    details.replaceChildren(html("p", {}, link), html("pre", { class: "code", tabindex: 0 }, JSON.stringify(events[0], null, 2)));
  }

  text.addEventListener("input", filter);
  scroll.addEventListener("scroll", fill, { passive: true });
  element.addEventListener("close", () => element.remove());
  document.body.append(element);
  element.showModal();
  filter();
  text.focus();
}
