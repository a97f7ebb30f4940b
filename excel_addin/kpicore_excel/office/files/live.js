// Live cells: they ask again as soon as the data changes. One request waits for that, for all of them.

const WAIT_SECONDS = 25;
const live = new Set();
let watching = false;

/** The streaming function: arguments as those of KPI. */
function liveFunction(...given) {
  const invocation = given.pop();
  const cell = { values: argumentsOf(given, true), invocation, shown: undefined };
  live.add(cell);
  invocation.onCanceled = () => live.delete(cell);
  show(cell);
  watch();
}

async function show(cell) {
  const result = misread(cell.values) || (await asked("KPI", cell.values));
  const text = JSON.stringify(result);
  if (!live.has(cell) || text === cell.shown) return;
  cell.shown = text;
  cell.invocation.setResult(toExcel(result));
}

function askLive() {
  live.forEach(show);
}

async function watch() {
  if (watching) return;
  watching = true;
  let seen = "";
  let wait = 1000;
  while (live.size) {
    try {
      const path = `/v1/stamp?after=${encodeURIComponent(seen)}&wait=${seen ? WAIT_SECONDS : 0}`;
      const { stamp } = await request(path, {}, WAIT_SECONDS * 1000 + 5000);
      if (typeof stamp !== "string") throw new Down();
      if (seen && stamp !== seen) askLive();
      seen = stamp;
      wait = 1000;
    } catch (failure) {
      await pause(wait); // refused, or away: cells that were asked tell why
      wait = Math.min(2 * wait, LONGEST_PAUSE_MS);
      if (failure instanceof Refused) askLive();
    }
  }
  watching = false;
}
