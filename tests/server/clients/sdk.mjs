// What tests/server/test_clients.py has a client do, with the JavaScript SDK; prints what it saw as JSON.

import { Agent } from "node:http";
import { readFileSync } from "node:fs";
import * as sdk from "@aws-sdk/client-sfn";

const { definitions, activity, role } = JSON.parse(readFileSync(0, "utf8"));
const client = new sdk.SFNClient({ disableHostPrefix: true });
const lookup = (host, options, done) =>
  options.all ? done(null, [{ address: "127.0.0.1", family: 4 }]) : done(null, "127.0.0.1", 4);
const prefixed = new sdk.SFNClient({ requestHandler: { httpAgent: new Agent({ lookup }) } });
const send = (name, input, through = client) => through.send(new sdk[`${name}Command`](input));

async function refused(name, input) {
  try {
    await send(name, input);
    return "nothing";
  } catch (problem) {
    if (!(problem instanceof sdk[problem.name])) throw problem;
    return problem.name;
  }
}

async function until(status, executionArn) {
  for (let turn = 0; turn < 1000; turn++) {
    const found = await send("DescribeExecution", { executionArn });
    if (found.status === status) return found;
  }
  throw new Error(`not ${status}: ${executionArn}`);
}

const machines = {};
for (const [name, definition] of Object.entries(definitions)) {
  const type = name === "express" ? "EXPRESS" : "STANDARD";
  const made = await send("CreateStateMachine", { name, type, roleArn: role, definition: JSON.stringify(definition) });
  machines[name] = made.stateMachineArn;
}
const start = async (machine, input, name) =>
  (await send("StartExecution", { stateMachineArn: machines[machine], input: JSON.stringify(input), name })).executionArn;

const seen = {};
const order = await start("order", { a: 1, b: 2 }, "first");
const found = await until("SUCCEEDED", order);
seen.order = [found.output, found.startDate instanceof Date];

const pages = [];
for await (const page of sdk.paginateGetExecutionHistory({ client, pageSize: 2 }, { executionArn: order })) {
  pages.push(page.events.map((event) => event.id));
}
seen.pages = pages;
const { events } = await send("GetExecutionHistory", { executionArn: order, reverseOrder: true, maxResults: 1 });
seen.last = events[0].type;

seen.sync = [];
for (const each of [client, prefixed]) {
  seen.sync.push((await send("StartSyncExecution", { stateMachineArn: machines.express, input: "{}" }, each)).output);
}

seen.poll = (await send("GetActivityTask", { activityArn: activity })).taskToken ?? null;
const work = await start("work", { n: 1 });
const task = await send("GetActivityTask", { activityArn: activity, workerName: "worker" });
await send("SendTaskHeartbeat", { taskToken: task.taskToken });
await send("SendTaskSuccess", { taskToken: task.taskToken, output: '{"done":true}' });
seen.work = [task.input, (await until("SUCCEEDED", work)).output];

const lost = await start("work", { n: 2 });
const { taskToken } = await send("GetActivityTask", { activityArn: activity });
await send("SendTaskFailure", { taskToken, error: "Broken", cause: "by hand" });
const failed = await until("FAILED", lost);
seen.failure = [failed.error, failed.cause, await refused("SendTaskHeartbeat", { taskToken })];

const again = await start("flaky", { key: "javascript" });
await until("FAILED", again);
await send("RedriveExecution", { executionArn: again });
seen.redrive = (await until("SUCCEEDED", again)).redriveCount;

const stopped = await start("work", { n: 3 });
await send("StopExecution", { executionArn: stopped, error: "Enough" });
seen.stop = (await until("ABORTED", stopped)).error;

seen.refused = [
  await refused("StartExecution", { stateMachineArn: `${machines.order}s` }),
  await refused("StartExecution", { stateMachineArn: machines.order, name: "first", input: "[]" }),
  await refused("DescribeExecution", { executionArn: "nothing" }),
  await refused("CreateStateMachine", { name: "bad", roleArn: role, definition: "{}" }),
];
console.log(JSON.stringify(seen));
