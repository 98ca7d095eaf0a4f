// The bar below the drawing: how much of the run is shown, event by event.

import { eventWords } from "./panel.js";
import { failures, length } from "./player.js";

const FRAME = 90;
const FRAMES = 400;

/** Return the timeline; `show` is called with how many events are to be shown. */
export function timeline(element, show) {
  const slider = element.querySelector("input");
  const words = element.querySelector("output");
  const play = element.querySelector("[data-act=play]");
  let at = length;
  let timer = 0;

  /** Make room for all events, and stay at one of them. */
  function measure(now) {
    slider.max = length;
    const share = (index) => `${((index + 1) / length) * 100}%`;
    const spots = failures().map((index) => `linear-gradient(var(--bad), var(--bad)) ${share(index)} 50% / 3px 100% no-repeat`);
    element.querySelector(".spots").style.background = spots.slice(0, 200).join(",");
    tell(now);
  }

  function tell(now) {
    at = now;
    slider.value = at;
    const caption = at ? eventWords(at - 1) : [`0 / ${length}`, "before the first event"];
    slider.setAttribute("aria-valuetext", caption.join(", "));
    words.textContent = caption.join(" · ");
    for (const button of element.querySelectorAll("[data-back]")) button.disabled = at === 0;
    for (const button of element.querySelectorAll("[data-on]")) button.disabled = at === length;
  }

  function set(next) {
    tell(Math.min(length, Math.max(0, next)));
    show(at);
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.setAttribute("aria-pressed", "false");
    play.setAttribute("aria-label", "Play");
  }

  function toggle() {
    if (timer) {
      stop();
      return;
    }
    if (at === length) set(0);
    const step = Math.max(1, Math.round(length / FRAMES));
    play.setAttribute("aria-pressed", "true");
    play.setAttribute("aria-label", "Pause");
    timer = setInterval(() => {
      set(at + step);
      if (at === length) stop();
    }, FRAME);
  }

  const acts = { first: () => set(0), back: () => set(at - 1), play: toggle, on: () => set(at + 1), last: () => set(length) };

  function act(name) {
    if (name !== "play") stop();
    acts[name]();
  }

  element.addEventListener("click", (event) => {
    const name = event.target.closest("[data-act]")?.dataset.act;
    if (name) act(name);
  });
  slider.addEventListener("input", () => {
    stop();
    set(Number(slider.value));
  });
  measure(length);
  return { act, set, measure, at: () => at };
}
