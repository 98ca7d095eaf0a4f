// What is known of the state, the edge or the machine that was chosen.

import { NOTHING, containers, cut, machine, nodes, run, states, summary, texts } from "./data.js";
import { jsonSection } from "./json.js";
import { broken, eventAt, length, timeAt, visitAt, visitsIn, visitsOf } from "./player.js";
import { html, tile } from "./shapes.js";
import { grouped, localTime, spoken } from "./words.js";

/** What else there is to say: of a state, of the data of one of its visits, and of the whole, as lists of elements. */
export const more = { state: () => [], data: () => [], whole: () => [] };

/** Return the panel. `go` shows a visit and `jump` an event, where the reader asks for them. */
export function panel(element, { go, jump, choose }) {
  const body = element.querySelector(".body");

  let shown = null;

  /** Show this of a subject; another subject than before is shown from its top. */
  function put(subject, ...parts) {
    body.replaceChildren(...parts.flat(9).filter(Boolean));
    if (subject !== shown) body.scrollTop = 0;
    shown = subject;
  }

  /** Show what a state is and, in a run, what happened on one visit. */
  function state(node, visit, status, at) {
    const seen = visit ?? null;
    put(
      node,
      heading(node, status),
      node.hint.includes("\n") && html("p", { class: "hint" }, node.hint.split("\n").slice(1).join("\n")),
      run && stays(node, seen, at),
      more.state(node, seen, at),
      seen && happened(seen, at),
      node.before !== undefined && jsonSection("Before", node.before),
      node.definition !== undefined && jsonSection(node.before === undefined ? "Definition" : "Now", node.definition, !seen),
    );
  }

  function heading(node, status) {
    const words = html("div", {}, html("p", { class: "kind" }, node.detail ?? ""), html("h2", {}, node.title));
    return html("header", {}, tile(node.kind, 34), words, status && chip(status));
  }

  const chip = (status) => html("span", { class: `chip tone-${status.tone}` }, `${status.mark} ${status.name}`.trim());

  /** Return what leads from one visit of a state to the next. */
  function stays(node, visit, shown) {
    const all = visitsOf(node);
    if (!all.length) return html("p", { class: "hint" }, "The run did not come by here.");
    if (!visit) return html("p", { class: "hint" }, "Not reached yet at this point of the run. ", link("Go there", () => go(all[0])));
    const at = all.indexOf(visit);
    const known = Math.max(at + 1, all.filter((each) => each.entered < shown).length);
    const place = visit.iteration === NOTHING ? "" : ` · iteration ${visit.iteration} of ${visit.around >= 0 ? visitAt(visit.around).node.title : "a Map"}`;
    const step = (by, sign, title) => html("button", { type: "button", title, disabled: !all[at + by], onclick: () => go(all[at + by]) }, sign);
    const where = html("span", {}, `${known > 1 ? `Visit ${at + 1} of ${known}` : "Visited once"}${shown < length ? " so far" : ""}${place}`);
    return html("div", { class: "stays" }, where, all.length > 1 && html("span", {}, step(-1, "‹", "Previous visit"), step(1, "›", "Next visit")));
  }

  /** Return what was known of a visit after the first events, `at` of them. */
  function happened(visit, at) {
    const left = visit.left !== NOTHING && visit.left < at;
    const over = visit.failedAt === NOTHING ? visit.left : visit.failedAt;
    const [error, cause] = visit.failedAt < at ? texts(visit.failure) : [];
    const failed = visit.failed.filter(([, event]) => event < at);
    const tried = visit.attempts.filter(([began]) => began < at);
    return [
      facts([
        ["Entered", when(visit.entered)],
        ["Duration", over < at ? between(visit.entered, over) : ""],
      ]),
      error && failure(error, cause),
      failed.length > 0 && iterations(visit, failed, at),
      tried.length > 1 && attempts(tried, at),
      visit.input !== NOTHING && jsonSection("Input", visit.input),
      more.data(visit, at),
      left && visit.output !== NOTHING && jsonSection("Output", visit.output),
      left && visit.variables !== NOTHING && jsonSection("Variables", visit.variables),
    ];
  }

  const when = (event) => (timeAt(event) === undefined ? `event ${event + 1}` : `+${spoken(timeAt(event))}, event ${event + 1}`);
  const between = (from, to) => (to === NOTHING || timeAt(from) === undefined ? "" : spoken(timeAt(to) - timeAt(from)));

  const facts = (rows) => html("dl", {}, ...rows.filter(([, text]) => text).flatMap(([name, text]) => [html("dt", {}, name), html("dd", {}, text)]));

  const failure = (error, cause) => html("div", { class: "failure" }, html("strong", {}, error), cause && html("p", {}, cause));

  const link = (text, act) => html("button", { class: "link", type: "button", onclick: act }, text);

  const listed = (title, rows) =>
    html("details", { class: "section", open: true }, html("summary", {}, html("span", {}, title)), html("ul", {}, ...rows));

  function attempts(tried, at) {
    const rows = tried.map(([began, last, failed], index) => {
      const ended = last < at ? last : NOTHING;
      const [error, cause] = ended === NOTHING ? [] : texts(failed);
      const words = [`Attempt ${index + 1}`, between(began, ended), error].filter(Boolean).join(" · ");
      return html("li", { title: cause }, link(words, () => jump(began + 1)));
    });
    return listed(`Attempts (${rows.length})`, rows);
  }

  /** Return the failed iterations of a Map, each leading to the visit that failed in it. */
  function iterations(visit, failed, at) {
    const rows = failed.map(([index]) => {
      const inside = visitsIn(visit, index).filter((each) => each.entered < at);
      const last = inside.findLast((each) => each.failure !== NOTHING) ?? inside.at(-1);
      const words = `Iteration ${index}${last ? ` · ${last.node.title} · ${texts(last.failure)[0] ?? last.status.name}` : ""}`;
      return html("li", {}, last ? link(words, () => go(last)) : words);
    });
    return listed(`Failed iterations (${rows.length})`, rows);
  }

  function edge({ tail, head, hint, caught, status, taken }, count) {
    const [, ...conditions] = hint.split("\n");
    put(
      hint,
      html("header", {}, html("div", {}, html("p", { class: "kind" }, caught ? "Catch" : "Transition"), html("h2", {}, `${tail.title} → ${head.title}`)), status && chip(status)),
      run && html("p", {}, count ? `Taken ${count === 1 ? "once" : `${count} times`} up to this point.` : "Not taken up to this point."),
      taken > 0 && html("p", {}, `Taken ${taken === 1 ? "once" : `${taken} times`}.`),
      conditions.length > 0 && [html("h3", {}, caught ? "Errors" : "When"), ...conditions.map((text) => html("pre", {}, text))],
      html("p", {}, link(`From ${tail.title}`, () => choose(tail)), html("br"), link(`To ${head.title}`, () => choose(head))),
    );
  }

  function overview(at) {
    const over = at === length;
    const inside = containers.length ? `, ${containers.length} Parallel or Map` : "";
    put(
      machine,
      heading({ ...machine, detail: "State machine" }, null),
      machine.hint && html("p", { class: "hint" }, machine.hint),
      html("p", { class: "hint" }, `${states.length} state${states.length === 1 ? "" : "s"}${inside}`),
      summary && [html("p", {}, summary.line), summary.rows.length > 0 && listed(summary.title, summary.rows.map(topic))],
      more.whole(at),
      run && [
        facts([
          ["Execution", over ? run.end.status : "Running"],
          ["Began", run.began && localTime(new Date(run.began))],
          ["Duration", at && timeAt(0) !== undefined ? spoken(timeAt(at - 1)) : ""],
          ["Events", over ? grouped(length) : `${grouped(at)} of ${grouped(length)}`],
        ]),
        over && run.end.error && failure(run.end.error, run.end.cause),
        over && culprit(),
        run.end.input !== NOTHING && jsonSection("Input", run.end.input),
        over && run.end.output !== NOTHING && jsonSection("Output", run.end.output),
      ],
      cut > 0 && html("p", { class: "hint" }, `Texts and lists longer than ${grouped(cut)} are cut short, to keep this page small.`),
    );
  }

  const topic = ([text, node]) => html("li", {}, node === NOTHING ? text : link(text, () => choose(nodes[node])));

  /** Return what leads to the state that failed, where the run did. */
  function culprit() {
    const visit = broken();
    return visit && html("p", {}, link(`Show where it failed: ${visit.node.title}`, () => go(visit)));
  }

  return { state, edge, overview };
}

/** Return the sentence that tells of an event. */
export function eventWords(index) {
  const { kind, time, visit } = eventAt(index);
  const words = kind.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return [`${index + 1} / ${length}`, time === undefined ? "" : `+${spoken(time)}`, visit?.node.title, words].filter(Boolean);
}
