// The functions as Excel calls them. `FUNCTIONS` lists them: name in Excel -> name for the server, and its shape.

const LAST_CALLS = 20000;
const lastCalls = new Map(); // what each cell asked last, for the pane to explain

function remember(invocation, name, values) {
  const address = invocation && invocation.address;
  if (!address) return;
  lastCalls.delete(address);
  lastCalls.set(address, { name, values });
  if (lastCalls.size > LAST_CALLS) lastCalls.delete(lastCalls.keys().next().value);
}

function functionOf({ name, takesMore, isCalculator }) {
  return (...given) => {
    const values = argumentsOf(given.slice(0, -1), takesMore);
    remember(given[given.length - 1], name, values);
    return new Promise((resolve, reject) => {
      if (isCalculator) settle(calculated(name, values), resolve, reject);
      else if (misread(values)) settle(misread(values), resolve, reject);
      else asked(name, values).then((result) => settle(result, resolve, reject));
    });
  };
}

/** Looks how the workbook counts days, where Excel tells it: so far in its preview only. */
async function lookAtDates() {
  if (typeof Excel === "undefined" || !Excel.run) return;
  try {
    await Excel.run(async (context) => {
      context.workbook.load("use1904DateSystem");
      await context.sync();
      countsFrom1904 = context.workbook.use1904DateSystem === true;
    });
  } catch {
    return; // this Excel does not tell
  }
  if (countsFrom1904) refresh();
}

if (typeof Office !== "undefined" && Office.onReady) Office.onReady(lookAtDates);
for (const [id, each] of Object.entries(FUNCTIONS)) {
  CustomFunctions.associate(id, each.isLive ? liveFunction : functionOf(each));
}

// What the pane, which runs in the same place, uses.
globalThis.kpicore = {
  settings: SETTINGS, functions: FUNCTIONS, asked, refresh, token, keepToken, lastCalls, toExcel,
  state: () => ({ ...latest, isDown, hasFailed, live: live.size }),
};
