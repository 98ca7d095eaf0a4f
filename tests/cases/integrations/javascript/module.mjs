import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

let calls = 0;

class Declined extends Error {
  name = 'Card.Declined';
}

export const echo = async (event) => event;
export const count = async () => ++calls;
export const environment = async (event) => process.env[event] ?? null;
export const folder = async () => process.cwd();
export const identity = async (event, context) => ({
  ...context,
  left: context.getRemainingTimeInMillis(),
});
export const print = async (event) => {
  console.log('one\ntwo %d', 3);
  process.stdout.write(`{"id": 1}\n`);
  console.error(event);
};
export const nested = { deep: { handler: async () => 'found' } };
export default async () => 'default';

export const late = (event, context, callback) => {
  setTimeout(() => callback(null, { late: event }), 1);
};
export const refuse = (event, context, callback) => callback(new Declined('over the limit'));
export const refuseText = (event, context, callback) => callback('a text');
export const done = (event, context) => context.done(null, 'done');
export const succeed = (event, context) => context.succeed('succeeded');
export const fail = (event, context) => context.fail(new RangeError('failed'));
export const ignored = () => 'what a function without a promise returns is ignored';
export const never = () => new Promise(() => {});
export const twice = (event, context, callback) => {
  callback(null, 'first');
  callback(null, 'second');
};

export const decline = async () => {
  throw new Declined('over the limit');
};
export const throwAtOnce = () => {
  throw new TypeError('at once');
};
export const throwText = async () => {
  throw 'a text';
};
export const throwNothing = async () => {
  throw undefined;
};
export const throwLater = async () => {
  setTimeout(() => {
    throw new SyntaxError('from a timer');
  }, 1);
  await sleep(10_000, null, { ref: false });
};
export const rejectLater = async () => {
  Promise.reject(new EvalError('not awaited'));
  await sleep(10_000, null, { ref: false });
};
export const nothing = async () => undefined;
export const notANumber = async () => ({ numbers: [NaN, Infinity, -0], missing: undefined });
export const bigInteger = async () => 10n;
export const circle = async () => {
  const made = {};
  made.itself = made;
  return made;
};
export const halfACharacter = async () => '\ud83d';
export const large = async (event) => 'x'.repeat(event);

export const meet = async () => {
  meeting.push(null);
  while (meeting.length < 40) await sleep(1);
  return meeting.length;
};
const meeting = [];

export const exit = async (event) => process.exit(event);
export const exitFor = async (event) => {
  if (event === 'exit') {
    while (waiting === 0) await sleep(1);
    process.exit(1);
  }
  waiting += 1;
  await sleep(event);
  return 'ran again';
};
let waiting = 0;
export const loop = async () => {
  console.log(process.pid);
  for (;;);
};
export const identify = async () => process.pid;
export const die = async ([log, deaths]) => {
  const died = existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
  if (died === deaths && deaths === 1) return 'alive';
  appendFileSync(log, 'died\n');
  process.kill(process.pid, 'SIGKILL');
  await sleep(60_000);
};
const pause = async () => sleep(60_000);
export { pause as sleep };
export const slow = async () => {
  await sleep(100);
  return 'slept';
};
