// Asking the server: many calls in one request, within the time that Google gives a function.

const MOST_CALLS = 2000; // what one request may hold
const MOST_CELLS = 150000;
const PATIENCE_MS = 20000; // a function is ended after 30 s: no request begins later than this
const LOCK_MS = 10000; // so long a cell waits for another one that is asking for all
const LOOK_SECONDS = 60; // then a cell that has to ask looks through the formulas again
const TRIES = 3;
const TRANSIENT = [429, 502, 503, 504];
const began = Date.now();

const hasTime = () => Date.now() - began < PATIENCE_MS;

/** Returns the results of calls, {name, values, key} each, in order: from the hidden tab, the cache or the server. */
function resultsOf(calls) {
  const properties = PropertiesService.getScriptProperties().getProperties();
  const tab = hiddenTab(properties.outdated);
  const cache = cacheOf(properties, tab ? tab.stamp : "");
  const known = new Map();
  const isUnknown = ({ key }) => !known.has(key);
  const look = () => cache.answers(calls.filter(isUnknown).map(({ key }) => key), known);
  look();
  if (tab && calls.some(isUnknown)) readTab(tab, cache, known);
  if (calls.some(isUnknown)) ask(properties.token, cache, known, look, () => calls.filter(isUnknown));
  return calls.map(({ key }) => known.get(key));
}

/** Puts the answers of the hidden tab into `known`, and into the cache unless another cell did. */
function readTab(tab, cache, known) {
  tab.answers().forEach((result, key) => known.set(key, result));
  if (cache.isMarked("tab")) return;
  cache.keep([...known]);
  cache.mark("tab", KEEP_SECONDS);
}

/** Asks for what is unknown. The first cell asks for those of all others too; they wait, and then find their answers. */
function ask(token, cache, known, look, unknown) {
  const lock = LockService.getScriptLock();
  const isFirst = lock.tryLock(LOCK_MS);
  try {
    look(); // who held the lock may have asked for it
    const own = unknown();
    if (!own.length) return;
    const looksAround = isFirst && !cache.isMarked("around");
    const failure = looksAround ? askAround(own, token, cache, known) : askInParts(own, token, cache, known);
    own.filter(({ key }) => !known.has(key)).forEach(({ key }) => known.set(key, failure));
  } finally {
    if (isFirst) lock.releaseLock();
  }
}

/**
 * Asks for calls and for those in all formulas of the spreadsheet that can be read; returns the error that ended it.
 * Tables are left to their cells: those of one request would share its room.
 */
function askAround(own, token, cache, known) {
  const sheets = openSheets();
  const held = cache.all();
  let wanted = own;
  for (let round = 0; round < 3; round += 1) { // again, for calls that are arguments of others
    const calls = callsIn(sheets.formulas(), sheets.valueAt, (key) => known.get(key)).filter(isAsked).flatMap(spread);
    const isWanted = (call) => !known.has(call.key) && !held(call.key) && !errorIn(call.values) && !isTable(call);
    const unknown = calls.filter(isWanted);
    wanted = [...wanted, ...unknown];
    if (!wanted.length) break;
    const failure = askInParts(wanted, token, cache, known);
    if (failure) return failure;
    wanted = [];
  }
  cache.mark("around", LOOK_SECONDS);
  return null;
}

/** Asks in requests as large as can be and keeps the answers; returns the error that ended it, else null. */
function askInParts(calls, token, cache, known) {
  const waiting = [...new Map(calls.map((call) => [call.key, call])).values()];
  while (waiting.length) {
    if (!hasTime()) return { error: "#N/A", message: "There was no time left to ask the KPI server. Press Refresh." };
    const part = taken(waiting);
    try {
      const { results } = request("/v1/cells", token, { calls: part.map(({ name, values }) => [name, values]) });
      if (!Array.isArray(results) || results.length !== part.length) throw new Failure("#N/A", NO_ANSWER);
      const answers = part.map(({ key }, place) => [key, soundResult(results[place])]);
      answers.forEach(([key, result]) => known.set(key, result));
      cache.keep(answers.filter(([, result]) => result !== MISSHAPEN));
    } catch (failure) {
      return { error: failure.code || "#N/A", message: failure.message };
    }
  }
  return null;
}

/** Takes as many of the waiting calls as one request may hold. */
function taken(waiting) {
  let cells = 0;
  let count = 0;
  for (const { values } of waiting) {
    cells += values.reduce((sum, value) => sum + (Array.isArray(value) ? value.length * value[0].length : 1), 0);
    if (count === MOST_CALLS || (count && cells > MOST_CELLS)) break;
    count += 1;
  }
  return waiting.splice(0, count);
}

const NO_ANSWER = "The KPI server does not answer. Is it started, and can it be reached from the internet?";

/** Returns the JSON of a response. Throws a Failure with one line. */
function request(path, token, body) {
  if (!SETTINGS.server) throw new Failure("#N/A", "The hidden tab _kpi has no answer, and there is no server to ask.");
  if (!token) throw new Failure("#N/A", "This spreadsheet has no token yet. Choose KPI > Token… in the menu.");
  const options = {
    method: body ? "post" : "get",
    contentType: "application/json",
    headers: { Authorization: `Bearer ${token}` },
    muteHttpExceptions: true,
    followRedirects: false, // another address gets no token
    ...(body ? { payload: JSON.stringify(body) } : {}),
  };
  const response = persistently(() => UrlFetchApp.fetch(SETTINGS.server + path, options));
  const status = response.getResponseCode();
  const content = contentOf(response);
  if (status === 200 && content) return content;
  const told = refusalIn(content);
  throw new Failure(told && (status === 400 || status === 413) ? "#VALUE!" : "#N/A", told || NO_ANSWER);
}

/** Returns the stamp of the server's data. Throws a Failure with one line. */
function stampOfServer(token) {
  const stamp = `kpi ${request("/v1/stamp", token).stamp}`;
  if (!STAMP.test(stamp)) throw new Failure("#N/A", NO_ANSWER);
  return stamp;
}

/** Tries again while the server is starting or busy. */
function persistently(attempt) {
  for (let tries = 1; ; tries += 1) {
    let response = null;
    try {
      response = attempt();
    } catch {
      // Google's words for it name addresses, and help nobody who looks at a cell
    }
    if (response && !TRANSIENT.includes(response.getResponseCode())) return response;
    if (tries === TRIES || !hasTime()) {
      if (response) return response;
      throw new Failure("#N/A", NO_ANSWER);
    }
    Utilities.sleep(500 * tries);
  }
}

function contentOf(response) {
  try {
    return JSON.parse(response.getContentText());
  } catch {
    return null;
  }
}
