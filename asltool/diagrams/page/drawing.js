// The drawing as it stands on the page: elements for what is to be seen, and their look at one moment of a run.

import { NOTHING, containers, edges, isInside, machine, nodes, run } from "./data.js";
import { arrange } from "./layout.js";
import { NOTE, TILE, TITLE, box, header, label, width } from "./measure.js";
import { INSET, MARKS, outline, svg, tile } from "./shapes.js";

const folded = new Set();

/** Return the drawing. `totals` says how often each edge will have been taken, to keep room for that. */
export function drawing(scene, totals) {
  const shown = new Map();
  const ways = new Map();
  const tags = new Map();
  const buttons = new Map();
  const left = new Map();
  /** Tell whether to write how often an edge was taken: once only where its state was left several times. */
  const counted = (edge) => totals[edge.number] > 1 || (totals[edge.number] === 1 && edge.tail.hint !== undefined && left.get(edge.tail) > 1);
  let room = "";
  const measure = { box, header, label: (edge) => label(edge, counted(edge)) };

  /** Count how often states are left; return which edges show their count. */
  function count() {
    left.clear();
    for (const edge of edges) left.set(edge.tail, (left.get(edge.tail) ?? 0) + totals[edge.number]);
    return edges.filter(counted).map(({ number }) => number).join();
  }

  function redraw() {
    room = count();
    shown.clear();
    ways.clear();
    tags.clear();
    buttons.clear();
    for (const node of nodes) node.place = null;
    Object.assign(machine, arrange(machine, (node) => folded.has(node), measure));
    scene.replaceChildren(...contents(machine, 0, 0, 0));
  }

  /** Return what is inside a scope that begins at a place: the ways, what stands at them, and the boxes. */
  function contents(scope, x, y, depth) {
    const [roads, words, boxes] = [svg("g"), svg("g"), svg("g")];
    for (const edge of scope.edges) {
      roads.append(way(edge));
      if (edge.labelAt) words.append(tag(edge));
    }
    for (const node of scope.children) {
      node.place = { x: x + node.x, y: y + node.y, width: node.width, height: node.height };
      const group = svg("g", { transform: `translate(${node.x} ${node.y})` });
      const open = node.children.length && !folded.has(node);
      group.append(open ? frame(node) : sheet(node));
      if (open) {
        const { inset } = node;
        const inside = contents(node, node.place.x + inset.x, node.place.y + inset.y, depth + 1);
        group.append(svg("g", { class: `scope d${(depth + 1) % 2}`, transform: `translate(${inset.x} ${inset.y})` }, ...inside));
      }
      boxes.append(group);
    }
    return [roads, words, boxes];
  }

  function sheet(node) {
    if (MARKS.has(node.kind)) return mark(node);
    const { width: w, height: h } = node;
    const inset = INSET[node.kind] ?? 0;
    const group = clickable(node, "sheet");
    if (node.children.length) group.append(...[8, 4].map((off) => svg("path", { class: "under", d: outline(node.kind, w, h), transform: `translate(${off} ${off})` })));
    group.append(svg("path", { class: "shape", d: outline(node.kind, w, h) }), button(node));
    group.append(at(tile(node.kind, TILE), 10 + inset, (h - TILE) / 2));
    const left = 20 + TILE + inset;
    const top = (h - NOTE.line - node.lines.length * TITLE.line) / 2;
    group.append(svg("text", { class: "note", x: left, y: top + 11 }, node.detail));
    node.lines.forEach((line, index) => {
      group.append(svg("text", { class: "name", x: left, y: top + NOTE.line + 13 + index * TITLE.line }, line));
    });
    if (node.children.length) {
      const last = top + NOTE.line + 9 + (node.lines.length - 1) * TITLE.line;
      group.append(folder(node, left + width(node.lines.at(-1), TITLE) + 16, last, "+"));
    }
    return group;
  }

  function frame(node) {
    const group = clickable(node, "frame");
    const titled = width(node.title, TITLE);
    group.append(
      svg("path", { class: "shape", d: outline(node.kind, node.width, node.height) }),
      button(node),
      at(tile(node.kind, 20), 12, 9),
      svg("text", { class: "name", x: 40, y: 24 }, node.title),
      svg("text", { class: "note", x: 48 + titled, y: 24 }, node.detail),
      folder(node, 66 + titled + width(node.detail, NOTE), 19, "-"),
    );
    return group;
  }

  /** Return the button that folds or unfolds; it has a key too, and is not a tab stop. */
  function folder(node, x, y, sign) {
    const lines = sign === "+" ? "M-4 0h8M0 -4v8" : "M-4 0h8";
    const tip = svg("title", {}, sign === "+" ? "Unfold" : "Fold");
    return svg("g", { class: "fold", transform: `translate(${x} ${y})` }, tip, svg("circle", { r: 9 }), svg("path", { d: lines }));
  }

  function clickable(node, kind) {
    const group = svg("g", { class: `node ${kind} ${node.kind}`, "data-node": node.number });
    group.append(svg("title", {}, node.hint));
    shown.set(node, group);
    return group;
  }

  /** Return what can be clicked and focused: a button without a text of its own, which has a name instead. */
  function button(node) {
    const hit = svg("rect", { class: "hit", width: node.width, height: node.height, role: "button", tabindex: -1 });
    buttons.set(node, hit);
    return hit;
  }

  function mark(node) {
    const group = svg("g", { class: `mark ${node.kind}` });
    group.append(svg("path", { class: "shape", d: outline(node.kind, node.width, node.height) }));
    if (node.lines) group.append(svg("text", { x: node.width / 2, y: node.height / 2 + 4 }, node.title));
    shown.set(node, group);
    return group;
  }

  function way(edge) {
    const group = svg("g", { class: `way${edge.caught ? " caught" : ""}`, "data-edge": edge.number });
    const path = `${edge.stub}${edge.path}`;
    const { x, y, turn } = edge.tip;
    const head = svg("path", { class: "tip", d: "M0 0L-7.5 3.5V-3.5z", transform: `translate(${x} ${y}) rotate(${Math.round(turn)})` });
    group.append(svg("title", {}, edge.hint), svg("path", { class: "touch", d: path }), svg("path", { class: "line", d: path }), head);
    ways.set(edge, group);
    return group;
  }

  /** Return what stands at an edge, on a ground that hides the line. */
  function tag(edge) {
    const { width: w, height: h } = measure.label(edge);
    const group = svg("g", { transform: `translate(${edge.labelAt.x} ${edge.labelAt.y - h / 2})`, "data-edge": edge.number });
    group.append(svg("title", {}, edge.hint));
    if (edge.lines.length) group.append(svg("rect", { class: "ground", x: -w / 2, width: w, height: edge.lines.length * NOTE.line + 2, rx: 5 }));
    edge.lines.forEach((line, index) => group.append(svg("text", { y: 12 + index * NOTE.line }, line)));
    group.append(svg("g", { class: "count", transform: `translate(0 ${h - 10})` }));
    tags.set(edge, group);
    return group;
  }

  /** Show statuses, counts and badges; `statusOf` tells a node's, and `current` is where the run is. */
  function show(state, statusOf, current) {
    for (const [node, group] of shown) paint(node, group, statusOf(node), state.badges[node.number], current);
    for (const [edge, group] of ways) {
      const count = state.counts[edge.number];
      const went = run && (statusOf(edge.head) || statusOf(edge.tail)) ? (count ? "taken" : "missed") : "";
      const tone = edge.status ? `tone-${edge.status.tone}` : went;
      const look = `${edge.caught ? "caught " : ""}${tone}`;
      group.setAttribute("class", `way ${look}`);
      tags.get(edge)?.setAttribute("class", `way tag ${look}`);
      tags.get(edge)?.querySelector(".count").replaceChildren(...(count && counted(edge) ? pill(`×${count}`) : []));
      if (count || edge.status) group.parentNode.append(group);
    }
  }

  function paint(node, group, status, badge, current) {
    const base = group.getAttribute("class").replace(/ (tone-\w+|current)/g, "");
    const here = current && (current === node || (folded.has(node) && isInside(current, node)));
    group.setAttribute("class", `${base}${status ? ` tone-${status.tone}` : ""}${here ? " current" : ""}`);
    group.querySelector(":scope > .badge")?.remove();
    group.querySelector(":scope > .status")?.remove();
    if (MARKS.has(node.kind)) return;
    if (badge) group.append(svg("g", { class: "badge", transform: `translate(${node.width - 12 - width(badge, NOTE) / 2} ${node.height})` }, ...pill(badge)));
    if (status?.mark) {
      group.append(svg("g", { class: "status", transform: `translate(${node.width - 6} 4)` }, svg("circle", { r: 9 }), svg("text", { y: 4 }, status.mark)));
    }
    const folding = node.children.length ? `, ${folded.has(node) ? "folded" : "unfolded"}` : "";
    buttons.get(node).setAttribute("aria-label", [node.title, node.detail, status?.name, badge].filter(Boolean).join(", ") + folding);
  }

  function fold(node, close) {
    if (close) folded.add(node);
    else folded.delete(node);
  }

  return {
    redraw,
    /** Tell whether there is no room yet for counts that have come since. */
    isTight: () => count() !== room,
    show,
    element: (node) => shown.get(node),
    /** Return what takes the focus for a node. */
    button: (node) => buttons.get(node),
    isFolded: (node) => folded.has(node),
    fold,
    /** Fold or unfold everything. */
    foldAll: (close) => containers.forEach((node) => fold(node, close)),
    /** Unfold whatever a node is in; tell whether that changed anything. */
    open(node) {
      const around = containers.filter((outer) => folded.has(outer) && isInside(node, outer));
      around.forEach((outer) => folded.delete(outer));
      return around.length > 0;
    },
  };
}

/** Return a short text on a ground of its own, around the origin. */
function pill(text) {
  const half = width(text, NOTE) / 2 + 6;
  return [svg("rect", { x: -half, y: -9, width: 2 * half, height: 18, rx: 9 }), svg("text", { y: 4 }, text)];
}

function at(element, x, y) {
  element.setAttribute("x", x);
  element.setAttribute("y", y);
  return element;
}

/** Return the number that an element of the drawing stands for, or none. */
export const nodeOf = (target) => nodes[target.closest("[data-node]")?.dataset.node ?? NOTHING] ?? null;
export const edgeOf = (target) => edges[target.closest("[data-edge]")?.dataset.edge ?? NOTHING] ?? null;
