// The data of a visit, stage by stage: what each field of the state made of it.

import { jsonText } from "./page/json.js";
import { html } from "./page/shapes.js";
import { get } from "./api.js";
import { pretty } from "./forms.js";

const FIELDS = /"(InputPath|Parameters|Arguments|ItemsPath|Items|ItemSelector|ResultSelector|ResultPath|Assign|Output|OutputPath)":/;

/** Whether the reader wants to see it: one who has opened it sees it at the next visit, too. */
let wanted = false;

/** Return what shows the stages of a visit after so many events. */
export const flowOf = (arn) => (visit, at) => {
  if (visit.node.definition === undefined || !FIELDS.test(jsonText(visit.node.definition))) return [];
  const shown = html("div", { class: "stages", role: "status" });
  const section = html("details", { class: "section", open: wanted }, html("summary", {}, html("span", {}, "Data flow")), shown);
  const until = visit.left < 0 ? at : Math.min(at, visit.left + 1);
  const fill = async () => {
    wanted = section.open;
    if (!wanted || shown.childElementCount) return;
    shown.replaceChildren(html("p", { class: "hint" }, "…"));
    try {
      const { stages } = await get("stages", { arn, entered: String(visit.entered + 1), until: String(until) });
      shown.replaceChildren(...(stages.length ? stages.flatMap(stage) : [html("p", { class: "hint" }, "No field has changed the data.")]));
    } catch (problem) {
      shown.replaceChildren(html("p", { class: "alarm" }, problem.message));
    }
  };
  section.addEventListener("toggle", fill);
  if (wanted) fill();
  return [section];
};

const stage = ([title, text]) => [html("h3", {}, title), html("pre", { class: "code", tabindex: 0 }, pretty(text))];
