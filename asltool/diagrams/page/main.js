// The page as a whole: what was chosen, what a key does, and who tells whom.

import { append, containers, cut, edges, give, isWhole, machine, nodes, run, states, statuses } from "./data.js";
import { camera } from "./camera.js";
import { drawing, edgeOf, nodeOf } from "./drawing.js";
import { more, panel } from "./panel.js";
import { after, broken, eventAt, latestOf, length, readOn, reread, statusOf, totals, visitAt } from "./player.js";
import { search } from "./search.js";
import { html, tile } from "./shapes.js";
import { timeline } from "./timeline.js";
import { eventList } from "./events.js";

const READABLE = 0.62;
const RUNNING = statuses.find(({ name }) => name === "running");

const find = (selector) => document.querySelector(selector);
const surface = find("#surface");
const scene = find("#scene");
const aside = find("#panel");
const narrow = matchMedia("(max-width: 760px)");

const night = matchMedia("(prefers-color-scheme: dark)");
const { dataset } = document.documentElement;

const dress = () => (dataset.theme = night.matches ? "dark" : "light");
night.addEventListener("change", dress);
dress();

let state = after(length);
/** Whether the address is kept up to date; not before it was read. */
let linked = false;
/** What was chosen: `{ node, visit }`, `{ edge }` or null. */
let chosen = null;

const picture = drawing(scene, totals);
/** On a phone the panel lies over the drawing. */
const cover = () => ({ right: 0, bottom: narrow.matches && document.body.classList.contains("open") ? aside.offsetHeight : 0 });
const eye = camera(surface, scene, cover);
const status = (node) => statusOf(node, state);

const sidebar = panel(aside, { go, jump: (at) => bar.set(at), choose });

/** Show how things stood after so many events; the panel follows. */
function show(at) {
  state = after(at);
  const visit = at ? eventAt(at - 1).visit : null;
  const current = at && at < length ? visit?.node : null;
  picture.show(state, status, current);
  if (current && bar) {
    follow(current);
    chosen = { node: current, visit };
  } else if (chosen?.node && bar) {
    chosen = { node: chosen.node, visit: latest(chosen.node) };
  }
  tell();
  events?.show(at);
  outcome(at);
}

/** Write how the execution stood. */
function outcome(at) {
  const over = at === length;
  const tone = over ? ({ Succeeded: "good", Running: "busy" }[run.end.status] ?? "bad") : "busy";
  find("#outcome").textContent = over ? run.end.status : "Running";
  find("#outcome").className = `chip tone-${tone}`;
}

/** Bring a state into sight, or what is folded around it. */
function follow(node) {
  let seen = node;
  while (!seen.place) seen = seen.parent;
  eye.reveal(seen.place);
}

/** Return the visit of a node that was entered last, as far as is shown. */
const latest = (node) => latestOf(node, state.at);

/** Return the status of what was chosen: how an earlier visit ended, or how the state is now. */
const became = ({ node, visit }) => {
  if (!visit || visit === latest(node)) return status(node);
  return visit.left < state.at && visit.failedAt < state.at ? visit.status : RUNNING;
};

function tell() {
  for (const element of scene.querySelectorAll(".chosen")) element.classList.remove("chosen");
  const element = chosen?.node ? picture.element(chosen.node) : chosen?.edge && scene.querySelector(`[data-edge="${chosen.edge.number}"]`);
  element?.classList.add("chosen");
  if (!isWhole()) return;
  if (!chosen) sidebar.overview(state.at);
  else if (chosen.edge) sidebar.edge(chosen.edge, state.counts[chosen.edge.number]);
  else sidebar.state(chosen.node, chosen.visit, became(chosen), state.at);
  remember();
}

/** Keep in the address what is shown, so that a link leads here again. */
function remember() {
  const parts = new URLSearchParams();
  if (chosen?.node) parts.set("state", chosen.node.title);
  if (run && state.at < length) parts.set("event", state.at);
  const hash = parts.size ? `#${parts}` : " ";
  if (linked && hash.trim() !== location.hash) history.replaceState(null, "", hash.trim() || location.pathname + location.search);
}

/** Show what the address asks for. */
function followLink() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const event = Number.parseInt(parts.get("event"), 10);
  const node = states.find(({ title }) => title === parts.get("state"));
  if (bar && event >= 0) bar.set(event);
  if (node) choose(node, false);
}

function choose(node, focus = true) {
  if (picture.open(node)) redraw();
  chosen = { node, visit: latest(node) };
  tell();
  opened(true);
  stop(node);
  if (focus) picture.button(node).focus({ preventScroll: true });
  eye.reveal(node.place);
}

/** Show a visit as it ended. */
function go(visit) {
  if (picture.open(visit.node)) redraw();
  if (visit.entered >= state.at) bar.set(visit.left < 0 ? length : visit.left + 1);
  chosen = { node: visit.node, visit };
  tell();
  eye.reveal(visit.node.place);
}

/** Make a node the one that the Tab key stops at. */
function stop(node) {
  scene.querySelector('[tabindex="0"]')?.setAttribute("tabindex", -1);
  picture.button(node)?.setAttribute("tabindex", 0);
}

function redraw() {
  picture.redraw();
  picture.show(state, status, null);
  const node = chosen?.node && picture.element(chosen.node) ? chosen.node : states.find((each) => picture.element(each));
  if (node) stop(node);
  tell();
}

/** Fold or unfold a Parallel or Map, and leave it where it is on the screen. */
function toggle(node) {
  const { place } = node;
  const [x, y] = [place.x * eye.view.scale + eye.view.x, place.y * eye.view.scale + eye.view.y];
  picture.fold(node, !picture.isFolded(node));
  redraw();
  eye.set(x - node.place.x * eye.view.scale, y - node.place.y * eye.view.scale, eye.view.scale);
}

function foldAll(close) {
  picture.foldAll(close);
  if (chosen?.node && !picture.element(chosen.node)) chosen = null;
  redraw();
  fit();
}

const whole = () => ({ x: 0, y: 0, width: machine.width, height: machine.height });
const fit = (least = 0, smooth = false) => eye.fit(whole(), least, smooth);

function opened(open) {
  document.body.classList.toggle("open", open);
  find("[data-do=panel]").setAttribute("aria-expanded", String(open));
}

surface.addEventListener("click", ({ target }) => {
  if (eye.dragged()) return;
  const [node, edge] = [nodeOf(target), edgeOf(target)];
  if (node && target.closest(".fold")) toggle(node);
  else if (node) choose(node);
  else {
    chosen = edge ? { edge } : null;
    tell();
    if (edge) opened(true);
  }
});
surface.addEventListener("dblclick", ({ target }) => {
  const node = nodeOf(target);
  if (node?.children.length && !target.closest(".fold")) toggle(node);
});

/** Return the nearest state in a direction, among those that can be seen. */
function neighbour(node, dx, dy) {
  const centre = ({ place }) => ({ x: place.x + place.width / 2, y: place.y + Math.min(place.height / 2, 20) });
  const from = centre(node);
  const distance = (other) => {
    const to = centre(other);
    const [along, across] = [(to.x - from.x) * dx + (to.y - from.y) * dy, Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx)];
    return along > 4 ? along + 2 * across : Infinity;
  };
  const others = states.filter((other) => other !== node && picture.element(other));
  const best = others.reduce((a, b) => (distance(b) < distance(a) ? b : a), node);
  return distance(best) < Infinity ? best : null;
}

const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

scene.addEventListener("keydown", (event) => {
  const node = nodeOf(event.target);
  if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
  if (ARROWS[event.key]) {
    const next = neighbour(node, ...ARROWS[event.key]);
    if (next) choose(next);
  } else if (event.key === "Enter") choose(node);
  else if (event.key === " " && node.children.length) {
    toggle(node);
    picture.button(node).focus({ preventScroll: true });
  } else return;
  event.preventDefault();
  event.stopPropagation();
});

const commands = {
  in: () => eye.zoom(1.3, undefined, true),
  out: () => eye.zoom(1 / 1.3, undefined, true),
  fit: () => fit(0, true),
  fold: () => foldAll(!containers.every(picture.isFolded)),
  panel: () => opened(!document.body.classList.contains("open")),
  theme: () => (dataset.theme = dataset.theme === "dark" ? "light" : "dark"),
  keys: () => find("#keys").showModal(),
  events: () => {
    if (!run) return;
    const list = find("#events");
    list.hidden = !list.hidden;
    find("[data-do=events]").setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) {
      opened(true);
      events.show(state.at);
    }
  },
  search: () => find("#search").focus(),
  whole: () => {
    chosen = null;
    tell();
    opened(true);
  },
  none: () => {
    chosen = null;
    tell();
    if (narrow.matches) opened(false);
  },
};

document.addEventListener("click", ({ target }) => commands[target.closest("[data-do]")?.dataset.do]?.());

const KEYS = { "+": "in", "=": "in", "-": "out", 0: "fit", f: "fold", "/": "search", "?": "keys", i: "panel", e: "events", t: "theme", Escape: "none" };
const TIMELINE = { ",": "back", ".": "on", p: "play", "<": "first", ">": "last" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=range]), textarea, select") || find("dialog[open]")) return;
  if (KEYS[event.key]) commands[KEYS[event.key]]();
  else if (TIMELINE[event.key] && run) bar.act(TIMELINE[event.key]);
  else return;
  event.preventDefault();
});

/** Write the legend of what is in this drawing: types, and statuses as they stand. */
function legend() {
  const kinds = [...new Set(states.map((node) => node.kind))];
  const tones = run ? statuses.slice(0, 6) : statuses.filter((each) => state.statuses.includes(each.number) || edges.some((edge) => edge.status === each));
  const item = (mark, text) => html("li", {}, mark, text);
  find("#legend ul").append(
    ...kinds.map((kind) => item(tile(kind, 18), kind)),
    ...tones.map(({ tone, mark, name }) => item(html("span", { class: `spot tone-${tone}` }, mark), name)),
    ...(edges.some((edge) => edge.caught) ? [item(html("span", { class: edges.some((edge) => edge.status) ? "dash plain" : "dash" }), "Catch")] : []),
    ...(nodes.some((node) => node.badge) ? [item(html("span", { class: "retry" }, "↻ 3"), "Retry, at most")] : []),
  );
}

/** Return what the panel says of what was chosen, as a text to be compared. */
function said() {
  const { visit, node, edge } = chosen ?? {};
  if (!node || !visit) return JSON.stringify([edge?.number, node?.number, length, cut]);
  const { number, left, status: fate, input, output, variables, failure, attempts, failed } = visit;
  return JSON.stringify([node.number, number, left, fate.number, input, output, variables, failure, attempts, failed, cut, more.state(node, visit).length]);
}

/** Show a run that has gone on, by all of its page or by what is new: its end to who looks at the end, else the same moment. */
export function goOn({ page, more: gained }) {
  const [before, live, picked] = [said(), state.at === length, chosen?.visit];
  const isLast = !picked || picked === latest(chosen.node);
  if (gained) readOn(append(gained));
  else {
    give(page);
    reread();
  }
  if (picture.isTight()) picture.redraw();
  state = after(live ? length : state.at);
  if (chosen?.node) chosen = { node: chosen.node, visit: isLast ? latest(chosen.node) : visitAt(picked.number) };
  picture.show(state, status, live || !state.at ? null : eventAt(state.at - 1).visit?.node);
  bar.measure(state.at);
  if (said() !== before) tell();
  events.show(state.at, live);
  outcome(state.at);
}

search(find("#search"), find("#found"), choose);
find("[data-do=fold]").hidden = !containers.length;
find("#timeline").hidden = !run;
find("#outcome").hidden = !run;
legend();
opened(!narrow.matches);
let bar = null;
let events = null;
redraw();
if (run) {
  bar = timeline(find("#timeline"), show);
  events = eventList(find("#events"), (at) => bar.set(at));
  bar.set(length);
}
fit(READABLE);
if (broken()) eye.reveal(broken().node.place, false);
document.addEventListener("DOMContentLoaded", begin);

/** Show what is known, as soon as the whole page is there. */
function begin() {
  tell();
  followLink();
  linked = true;
  addEventListener("hashchange", followLink);
  dataset.ready = Math.round(performance.now());
}

// When the drawing can be used, and when all is there: milliseconds since the page was asked for.
dataset.drawn = Math.round(performance.now());

