// Runs the functions of one folder for asltool:  node node_bootstrap.mjs SOCKET
//
// SOCKET is the number of an open socket that carries lines. A request is JSON, a reply "ID KIND JSON":
//
//   {"id": 1, "load": [FILE, FUNCTION]}                 1 = null    or  1 ? "why it cannot be loaded"
//   {"id": 2, "call": [FILE, FUNCTION], "event": ...,   2 = RESULT  or  2 ! {"errorType": ...}
//    "context": {...}, "milliseconds": 3000}                        or  2 x null: it ends the process
//   {"id": 3}                                           3 = null
//
// The first line, "0 = VERSION", says that Node.js has started. What functions print goes to standard error.

import { AsyncLocalStorage } from 'async_hooks';
import { writeSync } from 'fs';
import { Socket } from 'net';
import { pathToFileURL } from 'url';
import { types } from 'util';
import { Worker } from 'worker_threads';

const number = Number(process.argv[2]);
const socket = new Socket({ fd: number, readable: true, writable: true });
const current = new AsyncLocalStorage(); // the request whose code runs
const pending = new Map();
const functions = new Map();

// Standard input is open as long as asltool runs. A thread of its own sees its end, whatever functions do.
new Worker(
  `const end = () => process.kill(process.pid, 'SIGKILL');
   new (require('net').Socket)({ fd: 0 }).on('error', end).on('close', end).resume();`,
  { eval: true },
).unref();

const print = process.stderr.write.bind(process.stderr);
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (chunk, encoding, done) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const request = current.getStore();
    const mark = request === undefined ? '' : `[${request.name}] `;
    print(mark === '' ? text : text.replace(/^(?=[^])/gm, mark));
    const then = typeof encoding === 'function' ? encoding : done;
    if (then) process.nextTick(then);
    return true;
  };
}

function end(request, kind, text) {
  if (!pending.delete(request.id)) return;
  socket.write(`${request.id} ${kind} ${text}\n`);
  if (pending.size === 0) socket.ref();
}

function succeed(request, data) {
  let text;
  try {
    text = JSON.stringify(data === undefined ? null : data);
  } catch (problem) {
    fail(request, new Error('Unable to stringify response body'));
    return;
  }
  end(request, '=', text === undefined ? 'null' : text);
}

function fail(request, error) {
  if ('call' in request) {
    end(request, '!', JSON.stringify(report(error)));
  } else {
    const own = trace(error).filter((line) => !/^ +at .*\bnode:internal/.test(line));
    end(request, '?', JSON.stringify(`cannot be loaded: ${own.join('\n')}`));
  }
}

// As Lambda's own runtime reports errors.
function report(error) {
  try {
    const name = error.name, message = error.message;
    const isError = types.isNativeError(error) || (error && name && message && error.stack);
    if (isError) return { errorType: String(name), errorMessage: String(message), trace: trace(error) };
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch (problem) {
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  }
}

function trace(error) {
  const text = error && error.stack ? String(error.stack) : String(error);
  return text.split('\n').filter((line) => !line.includes(import.meta.url));
}

async function find(file, path) {
  const key = `${file}:${path}`;
  if (functions.has(key)) return functions.get(key);
  const module = await import(pathToFileURL(file).href);
  for (const exported of [module, module.default]) {
    const found = path.split('.').reduce((value, name) => value && value[name], exported);
    if (typeof found === 'function') {
      functions.set(key, found);
      return found;
    }
  }
  return undefined;
}

async function load(request) {
  const [file, path] = request.load;
  const found = await find(file, path);
  if (found === undefined) end(request, '?', JSON.stringify(`has no function "${path}"`));
  else end(request, '=', 'null');
}

async function call(request) {
  const handler = await find(...request.call);
  const until = Date.now() + request.milliseconds;
  const callback = (error, data) =>
    error === undefined || error === null ? succeed(request, data) : fail(request, error);
  const context = {
    ...request.context,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, until - Date.now()),
    done: callback,
    succeed: (data) => callback(null, data),
    fail: (error) => fail(request, error),
  };
  const result = handler(request.event, context, callback);
  // Anything else that a function returns is ignored: its answer is its callback.
  if (result && typeof result.then === 'function') succeed(request, await result);
}

function take(line) {
  const request = JSON.parse(line);
  const run = 'load' in request ? load : 'call' in request ? call : () => Promise.resolve(succeed(request, null));
  pending.set(request.id, request);
  // With nothing else to wait for, the process would end: then the answer of a function that has none is null.
  socket.unref();
  current.run(request, () => run(request).catch((error) => fail(request, error)));
}

function blame(error) {
  const request = current.getStore();
  if (request === undefined) pending.forEach((each) => fail(each, error));
  else if (pending.has(request.id)) fail(request, error);
  else console.error(error);
}

process.on('uncaughtException', blame);
process.on('unhandledRejection', (reason) => {
  const error = new Error(String(reason));
  error.name = 'Runtime.UnhandledPromiseRejection';
  error.stack = `${error.name}: ${error.message}\n${trace(reason).slice(1).join('\n')}`.trimEnd();
  blame(error);
});
process.on('beforeExit', () => {
  pending.forEach((request) => {
    if ('load' in request) fail(request, 'its top-level await never ends');
    else succeed(request, null);
  });
  socket.ref();
});
process.on('exit', () => {
  const request = current.getStore();
  if (request !== undefined && socket.writableLength === 0) writeSync(number, `${request.id} x null\n`);
});

let begun = []; // the parts of a line whose end has not come
socket.setEncoding('utf8');
socket.on('data', (text) => {
  const [first, ...lines] = text.split('\n');
  begun.push(first);
  if (lines.length === 0) return;
  lines.unshift(begun.join(''));
  begun = [lines.pop()];
  lines.forEach(take);
});
socket.on('error', () => process.exit(1));
socket.on('close', () => process.exit(1));
socket.write(`0 = ${JSON.stringify(process.version)}\n`);
