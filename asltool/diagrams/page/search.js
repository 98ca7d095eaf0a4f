// The search for states: by name, type, service and what else their tooltip says.

import { states } from "./data.js";
import { html, tile } from "./shapes.js";

const MOST = 30;

const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const known = states.map((node) => ({ node, name: folded(node.title), all: folded(`${node.title} ${node.detail} ${node.hint}`) }));

/** Return how far a state is from what was searched for: by each word, at which kind of place it stands. */
function rank({ name }, words) {
  const parts = name.split(/[^\p{L}\p{N}]+/u);
  const place = (word) => (parts.includes(word) ? 0 : parts.some((part) => part.startsWith(word)) ? 1 : name.includes(word) ? 2 : 4);
  return words.reduce((sum, word) => sum + place(word), name === words.join(" ") ? -1 : 0);
}

/** Return the states that have all words, those with the words in their names first. */
function find(text) {
  const words = folded(text).split(/\s+/).filter(Boolean);
  const found = words.length ? known.filter(({ all }) => words.every((word) => all.includes(word))) : [];
  return found.sort((a, b) => rank(a, words) - rank(b, words)).map(({ node }) => node);
}

/** Make a field a search; `choose` is called with the state that was picked. */
export function search(field, list, choose) {
  let found = [];
  let active = 0;

  function close() {
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function mark(next) {
    active = (next + found.length) % found.length;
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
    const item = list.children[active];
    field.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  function update() {
    const all = find(field.value);
    found = all.slice(0, MOST);
    list.hidden = !field.value.trim();
    field.setAttribute("aria-expanded", String(!list.hidden));
    const rest = all.length > MOST ? html("li", { class: "rest", role: "presentation" }, `${all.length - MOST} more`) : null;
    list.replaceChildren(...found.map(item), ...(rest ? [rest] : []));
    if (!found.length) list.append(html("li", { class: "rest", role: "presentation" }, "No state has that."));
    else mark(0);
  }

  function item(node, index) {
    const words = html("span", {}, html("b", {}, node.title), html("small", {}, [...around(node), node.detail].join(" › ")));
    return html("li", { role: "option", id: `found-${index}`, onpointerdown: (event) => pick(node, event) }, tile(node.kind, 22), words);
  }

  function pick(node, event) {
    event?.preventDefault();
    close();
    field.value = "";
    choose(node);
  }

  field.addEventListener("input", update);
  field.addEventListener("focus", () => field.value && update());
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      field.value = "";
      close();
      field.blur();
    } else if (!list.hidden && found.length) {
      if (event.key === "ArrowDown") mark(active + 1);
      else if (event.key === "ArrowUp") mark(active - 1);
      else if (event.key === "Enter") pick(found[active]);
      else return;
      event.preventDefault();
    }
  });
}

/** Return the names of what a state is in, outermost first. */
const around = (node) => (node.parent.kind === "Machine" ? [] : [...around(node.parent), node.parent.title]);
