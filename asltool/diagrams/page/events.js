// The list of all events: as many rows as there is room for, whatever the number of events.

import { eventWords } from "./panel.js";
import { length } from "./player.js";
import { html } from "./shapes.js";

const ROW = 26;
const MORE = 6;

/** Return the list; `jump` is called with how many events are to be shown. */
export function eventList(element, jump) {
  const rows = html("ol");
  element.append(rows);
  let current = length;

  function row(index) {
    const [, ...words] = eventWords(index);
    const button = html("button", { type: "button", "aria-current": index === current - 1 ? "step" : null, onclick: () => jump(index + 1) });
    button.append(html("span", {}, String(index + 1)), words.join(" · "));
    const failed = / (failed|timed out)$/.test(words.at(-1));
    return html("li", { style: `top: ${index * ROW}px`, class: failed ? "failed" : null, "aria-posinset": index + 1, "aria-setsize": length }, button);
  }

  function fill() {
    if (element.hidden) return;
    const first = Math.max(0, Math.floor(element.scrollTop / ROW) - MORE);
    const last = Math.min(length, Math.ceil((element.scrollTop + element.clientHeight) / ROW) + MORE);
    rows.replaceChildren(...Array.from({ length: last - first }, (_, at) => row(first + at)));
  }

  element.addEventListener("scroll", fill, { passive: true });
  return {
    /** Mark an event, and bring it into sight; what grows follows only who is at its end. */
    show(at, quiet = false) {
      current = at;
      rows.style.height = `${length * ROW}px`;
      if (element.hidden) return;
      const top = Math.max(0, at - 1) * ROW;
      if (quiet && element.scrollHeight - element.scrollTop - element.clientHeight > 4 * ROW) return fill();
      if (top < element.scrollTop || top + ROW > element.scrollTop + element.clientHeight) element.scrollTop = top - element.clientHeight / 2;
      fill();
    },
  };
}
