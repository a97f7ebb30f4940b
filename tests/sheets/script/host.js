// Google's side of an Apps Script project, as far as the script asks it: each run is a fresh one, as at Google.
// Orders come as JSON, one a line on stdin; what the script fetches is answered by who gives the orders.

"use strict";

const fs = require("fs");
const vm = require("vm");

const MOST_ITEMS = 1000;
const CACHE_KEY = 250;
const CACHE_VALUE = 100 * 1024;

const world = { tabs: {}, names: {}, properties: {}, cache: {}, zone: "Europe/Berlin", id: "spreadsheet-of-ann", asked: [], told: [], answers: [], shown: null, fetches: 0, services: 0, isLocked: false };
let script = null;

let rest = "";
function nextLine() {
  const chunk = Buffer.alloc(65536);
  while (!rest.includes("\n")) {
    let size = 0;
    try {
      size = fs.readSync(0, chunk);
    } catch (failure) {
      if (failure.code === "EAGAIN") continue;
      throw failure;
    }
    if (!size) return null;
    rest += chunk.toString("latin1", 0, size);
  }
  const at = rest.indexOf("\n");
  const line = rest.slice(0, at);
  rest = rest.slice(at + 1);
  return Buffer.from(line, "latin1").toString("utf8");
}

function say(message) {
  const text = Buffer.from(JSON.stringify(message) + "\n");
  for (let at = 0; at < text.length;) {
    try {
      at += fs.writeSync(1, text, at);
    } catch (failure) {
      if (failure.code !== "EAGAIN") throw failure;
    }
  }
}

/** Returns {year, …} of a moment in the spreadsheet's time zone. */
function partsIn(zone, date) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return Object.fromEntries(format.formatToParts(date).map((each) => [each.type, each.value]));
}

function written(zone, date) {
  const { year, month, day, hour, minute, second } = partsIn(zone, date);
  return `${year.padStart(4, "0")}-${month}-${day}T${hour}:${minute}:${second}`;
}

function parsed(zone, text) {
  const wanted = Date.parse(`${text}${text.includes("T") ? "" : "T00:00:00"}Z`);
  let found = wanted;
  for (let round = 0; round < 2; round += 1) found += wanted - Date.parse(`${written(zone, new Date(found))}Z`);
  return new Date(found);
}

/** Returns a value as a cell holds it: {"date": "2026-03-14"} is a Date. */
const held = (value) => (value && value.date ? parsed(world.zone, value.date) : value ?? "");

/** Returns what a cell shows as JSON holds it. */
function shown(value) {
  if (Array.isArray(value)) return value.map(shown);
  return value && typeof value.getTime === "function" ? { date: written(world.zone, value) } : value;
}

function sheetOf(name) {
  const tab = world.tabs[name];
  if (!tab) return null;
  const size = () => [tab.values.length, Math.max(0, ...tab.values.map((row) => row.length))];
  const block = (cells, row, column, rows, columns) => {
    world.services += 1;
    const [most, wide] = size();
    if (row < 1 || column < 1 || rows < 1 || columns < 1 || row + rows - 1 > Math.max(most, 1000) || column + columns - 1 > Math.max(wide, 26)) throw new Error("The coordinates of the range are outside the dimensions of the sheet.");
    return Array.from({ length: rows }, (_, down) => Array.from({ length: columns }, (_, across) => cells(row + down - 1, column + across - 1)));
  };
  const valueAt = (row, column) => held((tab.values[row] || [])[column]);
  const formulaAt = (row, column) => { const value = (tab.formulas || {})[`${row + 1},${column + 1}`]; return value || ""; };
  const range = (row, column, rows = 1, columns = 1) => ({
    getValues: () => block(valueAt, row, column, rows, columns),
    getFormulas: () => block(formulaAt, row, column, rows, columns),
    getValue: () => block(valueAt, row, column, 1, 1)[0][0],
    getFormula: () => block(formulaAt, row, column, 1, 1)[0][0],
    isBlank: () => valueAt(row - 1, column - 1) === "" && !formulaAt(row - 1, column - 1),
    getSheet: () => sheetOf(name),
    getRow: () => row,
    getColumn: () => column,
    setValue: (value) => { (tab.values[row - 1] = tab.values[row - 1] || [])[column - 1] = value; },
    setFormula: (text) => { tab.formulas = { ...tab.formulas, [`${row},${column}`]: text }; },
  });
  return { getName: () => name, getLastRow: () => { world.services += 1; return size()[0]; }, getRange: range,
    getDataRange: () => range(1, 1, ...size().map((each) => Math.max(each, 1))) };
}

const BUTTONS = { OK: "OK", CANCEL: "CANCEL", YES: "YES", NO: "NO" };
const menu = { addItem: (title, name) => { world.told.push([title, name]); return menu; }, addSeparator: () => menu, addToUi: () => {} };
const ui = {
  Button: BUTTONS, ButtonSet: { OK_CANCEL: "OK_CANCEL", YES_NO: "YES_NO" },
  createMenu: () => menu,
  alert: (...given) => { world.told.push(given.length > 1 ? given[1] : given[0]); return given.length > 1 ? world.answers.shift() : BUTTONS.OK; },
  prompt: (title, question) => {
    world.told.push(question);
    const text = world.answers.shift();
    return { getSelectedButton: () => (text === null || text === undefined ? BUTTONS.CANCEL : BUTTONS.OK), getResponseText: () => text };
  },
  showSidebar: (page) => { world.shown = page.html; },
};

function fetched(url, { method, payload, headers, followRedirects, muteHttpExceptions }) {
  world.services += 1;
  world.fetches += 1;
  if (!url.startsWith("https://") || followRedirects !== false || !muteHttpExceptions) throw new Error("not as it should be asked");
  say({ fetch: { url, method, headers, payload: payload ?? null } });
  const { status, body } = JSON.parse(nextLine());
  if (!status) throw new Error(`Address unavailable: ${url}`);
  return { getResponseCode: () => status, getContentText: () => body };
}

function cachePut(items) {
  for (const [key, value] of Object.entries(items)) {
    if (key.length > CACHE_KEY) throw new Error(`Argument too large: key ${key.length}`);
    if (Buffer.byteLength(value) > CACHE_VALUE) throw new Error(`Argument too large: value ${Buffer.byteLength(value)}`);
    world.cache[key] = value;
  }
  const keys = Object.keys(world.cache);
  if (keys.length > MOST_ITEMS) for (const key of keys.slice(0, keys.length - 900)) delete world.cache[key];
}

const counted = (action) => (...given) => { world.services += 1; return action(...given); };
const services = {
  SpreadsheetApp: {
    getActiveSpreadsheet: () => ({
      getSheetByName: counted(sheetOf), getSheets: () => Object.keys(world.tabs).map(sheetOf),
      getId: counted(() => world.id),
      getSpreadsheetTimeZone: counted(() => world.zone),
      getRangeByName: (name) => (world.names[name] ? sheetOf(world.names[name][0]).getRange(...world.names[name].slice(1)) : null),
    }),
    getCurrentCell: () => world.current && sheetOf(world.current[0]).getRange(world.current[1], world.current[2]),
    getUi: () => ui, flush: () => {},
  },
  CacheService: { getScriptCache: () => ({
    get: counted((key) => world.cache[key] ?? null), put: counted((key, value) => cachePut({ [key]: value })), putAll: counted(cachePut),
    getAll: counted((keys) => Object.fromEntries(keys.filter((key) => key in world.cache).map((key) => [key, world.cache[key]]))),
  }) },
  PropertiesService: { getScriptProperties: () => ({
    getProperties: counted(() => ({ ...world.properties })), getProperty: counted((name) => world.properties[name] ?? null),
    setProperty: counted((name, value) => { world.properties[name] = String(value); }), deleteProperty: counted((name) => { delete world.properties[name]; }),
  }) },
  LockService: { getScriptLock: () => ({ tryLock: counted(() => !world.isLocked), releaseLock: counted(() => {}) }) },
  UrlFetchApp: { fetch: fetched },
  HtmlService: { createHtmlOutput: (html) => { const page = { html, setTitle: () => page }; return page; } },
  Utilities: { formatDate: (date, zone) => written(zone, date), parseDate: (text, zone) => parsed(zone, text), sleep: () => {} },
};

/** Returns the globals of a fresh run of the script. */
function fresh() {
  const globals = vm.createContext({ ...services });
  script.runInContext(globals);
  return globals;
}

/** Returns an argument as Sheets hands it over. */
const handed = (value) => (Array.isArray(value) ? value.map((row) => row.map(held)) : value === null ? undefined : held(value));

function run(name, args) {
  try {
    return { value: shown(fresh()[name](...args.map(handed))) };
  } catch (failure) {
    return { thrown: failure.message };
  }
}

const ORDERS = {
  open({ code }) {
    script = new vm.Script(code);
    const globals = fresh();
    return Object.keys(globals).filter((name) => typeof globals[name] === "function");
  },
  set({ world: given }) {
    Object.assign(world, given);
  },
  calls({ calls }) {
    const before = { fetches: world.fetches, services: world.services };
    const started = performance.now();
    const results = calls.map(([name, args]) => run(name, args));
    return { results, fetches: world.fetches - before.fetches, services: world.services - before.services, seconds: (performance.now() - started) / 1000 };
  },
  choose({ name, answers }) {
    Object.assign(world, { told: [], answers, shown: null });
    const { thrown } = run(name, []);
    return { told: world.told, shown: world.shown, thrown: thrown ?? null };
  },
  world: () => ({ ...world, tabs: Object.fromEntries(Object.entries(world.tabs).map(([name, tab]) => [name, { ...tab, values: tab.values.map((row) => Array.from(row, (cell) => cell ?? "")) }])) }),
};

for (let line = nextLine(); line !== null; line = nextLine()) {
  const order = JSON.parse(line);
  try {
    say({ done: ORDERS[order.do](order) ?? null });
  } catch (failure) {
    say({ failed: failure.stack || String(failure) });
  }
}
