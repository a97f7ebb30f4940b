// Asking the server: the calls of one recalculation go out together, and each equal call once.

const MOST_CALLS = 2000; // what one request may hold
const MOST_CELLS = 150000;
const MOST_REQUESTS = 8; // answers are shown after so many, at the latest
const QUEUE_MS = 20;
const PATIENCE_MS = 3500; // then cells show an error, within 5 s in all
const LOOK_MS = 2000; // no answer for so long: is the server there at all?
const LONGEST_MS = 120000;
const LONGEST_PAUSE_MS = 15000;

const waiting = new Map(); // calls that are not sent yet, by what they ask
let timer = null;
let busy = false;
let isDown = false;
let hasFailed = false; // cells show an error that asking again may heal
let latest = { stamp: "", data_time: null, refused: "" };

class Down extends Error {} // the server cannot be reached, or is starting
class Refused extends Error { // it answered that it will not
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Returns the server's result for a call, as JSON holds it; never rejects. */
function asked(name, values) {
  return new Promise((done) => {
    const key = keyOf(name, values);
    const call = waiting.get(key) || { name, values, done: [] };
    call.done.push(done);
    waiting.set(key, call);
    if (busy) return; // it goes out with the next request
    if (waiting.size >= MOST_CALLS) send();
    else if (timer === null) timer = setTimeout(send, QUEUE_MS);
  });
}

async function send() {
  clearTimeout(timer);
  timer = null;
  if (busy) return;
  busy = true;
  try {
    while (waiting.size) await oneRound();
  } finally {
    busy = false;
  }
}

/** Asks all that waits and shows it at once: cells of one recalculation are of one version of the data. */
async function oneRound() {
  let answers = [];
  for (let sent = 0; waiting.size && sent < MOST_REQUESTS; sent += 1) answers.push(await answered(taken()));
  for (let again = 0; again < 2; again += 1) {
    const stamps = answers.filter((each) => each.stamp).map((each) => each.stamp);
    const last = stamps[stamps.length - 1];
    if (stamps.every((each) => each === last)) break;
    const renewed = [];
    for (const each of answers) renewed.push(each.stamp && each.stamp !== last ? await answered(each.calls) : each);
    answers = renewed;
  }
  for (const { calls, results } of answers) {
    calls.forEach((call, place) => call.done.forEach((done) => done(results[place])));
  }
}

function taken() {
  const calls = [];
  let cells = 0;
  for (const [key, call] of waiting) {
    cells += call.values.reduce((sum, each) => sum + (Array.isArray(each) ? each.length * each[0].length : 1), 0);
    if (calls.length >= MOST_CALLS || (calls.length && cells > MOST_CELLS)) break;
    waiting.delete(key);
    calls.push(call);
  }
  return calls;
}

/** Returns {calls, results, stamp}: answers, or the same error for each call when there are none. */
async function answered(calls) {
  try {
    const body = JSON.stringify({ calls: calls.map((each) => [each.name, each.values]) });
    const response = await persistently(() => request("/v1/cells", { method: "POST", body }));
    if (!Array.isArray(response.results) || response.results.length !== calls.length) throw new Down();
    latest = { stamp: response.stamp, data_time: response.data_time, refused: "" };
    return { calls, results: response.results.map(soundResult), stamp: response.stamp };
  } catch (failure) {
    hasFailed = true;
    const message = failure instanceof Refused ? failure.message
      : "The KPI server does not answer. Cells are filled when it does; is it started? (kpi serve)";
    latest = { ...latest, refused: message };
    if (!(failure instanceof Refused)) lost();
    const error = { error: failure.code || "#N/A", message };
    return { calls, results: calls.map(() => error), stamp: "" };
  }
}

/** Tries again while the server is away, for as long as people wait; not at all once it is known to be away. */
async function persistently(attempt) {
  const started = Date.now();
  for (let wait = 250; ; wait = Math.min(2 * wait, 500)) {
    const begun = Date.now();
    try {
      if (isDown) throw new Down();
      return await attempt();
    } catch (failure) {
      const next = Date.now() - started + wait + (Date.now() - begun);
      if (!(failure instanceof Down) || isDown || next > PATIENCE_MS) throw failure;
      await pause(wait);
    }
  }
}

/** Returns the JSON of a response. Throws Down and Refused. */
async function request(path, options, limit = LOOK_MS) {
  const own = await token();
  if (!own) throw new Refused("#N/A", "This workbook has no token yet. Open the KPI pane and enter it.");
  const stop = new AbortController();
  const headers = { authorization: `Bearer ${own}`, "content-type": "application/json" };
  const asking = fetch(SETTINGS.server + path, { ...options, headers, signal: stop.signal, cache: "no-store" });
  const response = await watched(asking, stop, limit);
  let content;
  try {
    content = await response.json();
  } catch {
    throw new Down();
  }
  if (response.ok && content) return content;
  const told = refusalIn(content);
  if (!told && response.status >= 500) throw new Down();
  const isBad = told && (response.status === 400 || response.status === 413);
  throw new Refused(isBad ? "#VALUE!" : "#N/A", told || MISSHAPEN.message);
}

/** Waits for a response for as long as the server is alive; a question that takes long is no failure. */
async function watched(asking, stop, limit) {
  const outcome = asking.then((response) => ({ response }), () => ({}));
  const until = Date.now() + LONGEST_MS;
  for (let wait = limit; ; wait *= 2) {
    const found = await Promise.race([outcome, pause(wait)]);
    if (found && found.response) return found.response;
    if (found || Date.now() > until || !(await isAlive())) {
      stop.abort();
      throw new Down();
    }
  }
}

async function isAlive() {
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(), 1200);
  try {
    return (await fetch(`${SETTINGS.server}/healthz`, { signal: stop.signal, cache: "no-store" })).ok;
  } catch {
    return false;
  } finally {
    clearTimeout(limit);
  }
}

/** Looks for the server, ever more rarely, until it is back; then cells that failed are filled. */
async function lost() {
  if (isDown) return;
  isDown = true;
  for (let wait = 1000; isDown; wait = Math.min(2 * wait, LONGEST_PAUSE_MS)) {
    await pause(wait);
    if (isDown && (await isAlive())) refresh();
  }
}

/** Makes Excel calculate all formulas anew, and live cells ask again. */
async function refresh() {
  hasFailed = false;
  if (isDown && (await isAlive())) isDown = false;
  askLive();
  if (typeof Excel === "undefined" || !Excel.run) return;
  try {
    await Excel.run(async (context) => {
      context.workbook.application.calculate("Full");
      await context.sync();
    });
  } catch {
    hasFailed = true; // a cell is being edited: people press Refresh
  }
}
