// The pane: find a KPI, insert its formula, explain the selected cell, show the data's time, enter the token.
// Text from the server, the data and the workbook goes into the page by textContent only.

(function () {
"use strict";

const { kpicore } = globalThis;
const at = (id) => document.getElementById(id);
const QUIET_MS = 250;
let kpis = []; // {id, name, unit, function, meaning}
let chosen = null;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function tell(message) {
  at("told").textContent = message || "";
  at("told").hidden = !message;
}

/** Runs what a person asked for; whatever goes wrong is told in one line. */
function does(action) {
  return async (event) => {
    if (event) event.preventDefault();
    try {
      tell("");
      await action(event);
    } catch (failure) {
      tell(failure.message || String(failure));
    }
  };
}

/** Asks a function; a result that is an error is thrown with its message. */
async function ask(name, values) {
  const result = await kpicore.asked(name, values);
  showState();
  if (result && result.error) throw new Error(result.message || result.error);
  return result;
}

async function showState() {
  const { data_time, refused, isDown } = kpicore.state();
  const time = data_time ? new Date(data_time).toLocaleString() : "";
  at("data").textContent = isDown ? "Waiting for the server …" : time ? `Data of ${time}` : "";
  at("access").hidden = Boolean(await kpicore.token()) && !/token/.test(refused || "");
}

// Finding ------------------------------------------------------------------------------------------------------

/** Lists the KPIs: with a token by the server, in any of its languages; without one those whose name matches. */
async function find() {
  const search = at("search").value.trim();
  at("found").replaceChildren();
  if (await kpicore.token()) {
    const rows = await ask("KPI_LIST", search ? [search] : []);
    kpis = rows.slice(1).map(([id, name, unit, , called, meaning]) => ({ id, name, unit, called, meaning }));
  } else {
    const words = search.toLowerCase();
    kpis = Object.entries(kpicore.functions)
      .filter(([id, each]) => each.name.startsWith("KPI_") && !each.isCalculator && id.toLowerCase().includes(words))
      .map(([id, each]) => ({ id: id.toLowerCase(), name: id, unit: "", called: each.name, meaning: "" }));
  }
  at("found").replaceChildren(...kpis.map(listed));
}

function listed(kpi) {
  const line = element("li");
  line.tabIndex = 0;
  line.append(element("strong", kpi.name), element("span", kpi.meaning));
  line.addEventListener("click", () => choose(kpi, line));
  line.addEventListener("keydown", (event) => event.key === "Enter" && choose(kpi, line));
  return line;
}

function choose(kpi, line) {
  chosen = kpi;
  for (const each of at("found").children) each.setAttribute("aria-selected", String(each === line));
  at("chosen").textContent = kpi.name;
  at("meaning").textContent = kpi.meaning;
  at("insert").hidden = false;
  if (!at("pairs").children.length) addPair();
  changed();
}

// Inserting ----------------------------------------------------------------------------------------------------

function addPair() {
  const line = element("div");
  for (const [label, placeholder] of [["dimension", "rep, team, …"], ["value", "Ann Lee or =$A2"]]) {
    const input = element("input");
    input.placeholder = placeholder;
    input.setAttribute("aria-label", label);
    input.addEventListener("input", changed);
    line.append(input);
  }
  at("pairs").append(line);
}

/** Returns what was entered: the period, then pairs. */
function entered() {
  const pairs = [...at("pairs").children].map((line) => [...line.children].map((each) => each.value.trim()));
  return [at("period").value.trim(), ...pairs.filter(([dimension, value]) => dimension || value).flat()];
}

/** Returns an argument of a formula: what begins with "=" is a reference, a whole number a year, all else text. */
function argument(text) {
  if (text.startsWith("=")) return text.slice(1);
  return /^\d{4}$/.test(text) ? text : `"${text.replaceAll('"', '""')}"`;
}

function formula() {
  const values = entered().map(argument);
  if (at("live").checked) return `=KPI.LIVE(${[argument(chosen.id), ...values].join(",")})`;
  return `=KPI.${chosen.called.slice("KPI_".length)}(${values.join(",")})`;
}

let timer = null;
function changed() {
  at("formula").textContent = formula();
  at("preview").textContent = "";
  clearTimeout(timer);
  timer = setTimeout(preview, QUIET_MS);
}

async function preview() {
  const values = entered();
  const shown = at("preview");
  if (values.some((each) => each.startsWith("=")) || !(await kpicore.token())) return;
  const result = await kpicore.asked("KPI", [chosen.id, ...values.map((each) => (/^\d{4}$/.test(each) ? Number(each) : each))]);
  showState();
  const isNumber = typeof result === "number";
  shown.className = isNumber ? "number" : "";
  shown.textContent = isNumber ? written(result, chosen.unit) : result.message || result.error;
}

function written(number, unit) {
  if (unit === "share") return number.toLocaleString(undefined, { style: "percent", maximumFractionDigits: 1 });
  return `${number.toLocaleString(undefined, { maximumFractionDigits: 2 })}${unit && unit !== "count" ? ` (${unit})` : ""}`;
}

async function insert() {
  await Excel.run(async (context) => {
    const cell = context.workbook.getActiveCell();
    cell.formulas = [[formula()]];
    if (chosen.unit === "share") cell.numberFormat = [["0.0%"]];
    await context.sync();
  });
}

// Explaining ---------------------------------------------------------------------------------------------------

const NOTHING = "This cell asked for no KPI yet. Press Refresh, then explain it again; live cells cannot be explained.";

/** Explains the KPI that the selected cell asked for last, with the values its arguments had then. */
async function explain() {
  const address = await Excel.run(async (context) => {
    const cell = context.workbook.getActiveCell();
    cell.load("address");
    await context.sync();
    return cell.address;
  });
  at("explanation").replaceChildren();
  const call = [...kpicore.lastCalls].find(([each]) => plain(each) === plain(address));
  if (!call) throw new Error(NOTHING);
  const { name, values } = call[1];
  at("explanation").append(table(await explanation(name, values)));
}

async function explanation(name, values) {
  if (["KPI", "KPI_TARGET", "KPI_ATTAINMENT", "KPI_EXPLAIN"].includes(name)) return ask("KPI_EXPLAIN", values);
  if (name.endsWith("_CALC") || ["KPI_TABLE", "KPI_LIST", "KPI_PERIOD", "KPI_ASOF"].includes(name)) {
    throw new Error(`${name} has nothing to explain: it is computed from what stands in its arguments.`);
  }
  return ask("KPI_EXPLAIN", [name.slice("KPI_".length).toLowerCase(), ...values]);
}

const plain = (address) => address.replaceAll("$", "").replaceAll("'", "").toLowerCase();

function table(rows) {
  const made = element("table");
  for (const row of rows) {
    const texts = row.map(textOf);
    while (texts.length > 1 && !texts[texts.length - 1]) texts.pop();
    const line = element("tr");
    line.append(...texts.map((each) => element("td", each)));
    line.lastChild.colSpan = row.length - texts.length + 1;
    made.append(line);
  }
  return made;
}

function textOf(cell) {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "object") return cell.date ? cell.date.replace("T", " ") : cell.message || cell.error;
  return typeof cell === "number" ? cell.toLocaleString(undefined, { maximumFractionDigits: 4 }) : String(cell);
}

// Beginning ----------------------------------------------------------------------------------------------------

async function enterToken() {
  await kpicore.keepToken(at("token").value);
  at("token").value = "";
  await begin();
  await kpicore.refresh();
}

async function begin() {
  at("name").textContent = kpicore.settings.name;
  await showState();
  if (await kpicore.token()) await ask("KPI_ASOF", []);
  await find();
}

function later(action) {
  let waiting = null;
  return () => {
    clearTimeout(waiting);
    waiting = setTimeout(does(action), QUIET_MS);
  };
}

Office.onReady(() => {
  at("access").addEventListener("submit", does(enterToken));
  at("search").addEventListener("input", later(find));
  at("insert").addEventListener("submit", does(insert));
  at("period").addEventListener("input", changed);
  at("live").addEventListener("change", changed);
  at("more").addEventListener("click", addPair);
  at("explain").addEventListener("click", does(explain));
  at("refresh").addEventListener("click", does(async () => {
    await kpicore.refresh();
    await begin();
  }));
  does(begin)();
});
})();
