// The KPI calls in formulas, so that one request asks for all: those whose arguments are literals, cells, ranges or
// calls with a known result. A call that is misread is asked in vain; one that is not found is asked by its own cell.

const TOKEN = new RegExp([
  '(?<text>"(?:[^"]|"")*")',
  "(?<call>[A-Z_][\\w.]*)\\s*\\(",
  "(?:(?:'(?<quoted>(?:[^']|'')+)'|(?<tab>[\\w.\\u0080-\\uffff]+))!)?\\$?(?<column>[A-Z]{1,3})\\$?(?<row>[1-9]\\d{0,6})(?![\\w.!(])",
  "(?<number>(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:E[+-]?\\d+)?)(?![\\w.])",
  "(?<truth>TRUE|FALSE)(?![\\w.!(])",
  "(?<word>[\\w.\\u0080-\\uffff]+)",
  "(?<open>[({])", "(?<close>[)}])", "(?<next>[,;])", "(?<colon>:)", "(?<other>'(?:[^']|'')*'|\\S)",
].join("|"), "gi");
const MOST_RANGE_CELLS = 1000;
const UNKNOWN = { isUnknown: true };
const SOME_STAMP = "kpi 0000000000000000";

/** Returns the calls, {name, values, key} each, in formulas, [tab, text] each; `resultOf(key)` as far as known. */
function callsIn(formulas, valueAt, resultOf) {
  const calls = [];
  for (const [tab, text] of formulas) {
    if (text.startsWith("=") && /KPI/i.test(text)) readFormula(tab, text.slice(1), valueAt, resultOf, calls);
  }
  return [...new Map(calls.map((call) => [call.key, call])).values()];
}

function readFormula(home, formula, valueAt, resultOf, calls) {
  const outer = [];
  let here = { parts: [] }; // what has `values` is one of our calls, whose arguments are all known so far
  const take = () => {
    if (here.values) {
      const value = argumentIn(here.parts, home, valueAt);
      here.values = value === UNKNOWN ? null : [...here.values, value];
    }
    here.parts = [];
  };
  for (const { groups } of formula.matchAll(TOKEN)) {
    if (groups.call !== undefined) {
      outer.push(here);
      const name = groups.call.toUpperCase();
      here = { name, parts: [], values: name in FUNCTIONS ? [] : null };
    } else if (groups.open) {
      outer.push(here);
      here = { parts: [] };
    } else if (groups.next) {
      take();
    } else if (groups.close && outer.length) {
      if (here.parts.length || (here.values && here.values.length)) take();
      const closed = here;
      here = outer.pop();
      if (closed.values) calls.push(callOf(closed.name, sheetArguments(closed.values)));
      const isArgument = closed.values && here.values;
      here.parts.push({ value: isArgument ? argumentOf(resultOf(calls[calls.length - 1].key)) : UNKNOWN });
    } else {
      here.parts.push(groups);
    }
  }
}

/** Returns a result as the argument of another call, or UNKNOWN. */
function argumentOf(result) {
  return result === undefined || Array.isArray(result) || (result && result.error) ? UNKNOWN : toSheet(result);
}

/** Returns the value of an argument as Sheets would hand it over, or UNKNOWN. */
function argumentIn(parts, home, valueAt) {
  const [first, colon, last] = parts;
  if (!first) return "";
  if (parts.length === 3 && first.column && colon.colon && last.column) return rangeOf(first, last, home, valueAt);
  if (parts.length > 1) return UNKNOWN;
  if ("value" in first) return first.value;
  if (first.text) return first.text.slice(1, -1).replace(/""/g, '"');
  if (first.number) return Number(first.number);
  if (first.truth) return first.truth.toUpperCase() === "TRUE";
  if (first.column) return valueAt(tabOf(first) || home, Number(first.row), columnOf(first));
  return first.word && first.word.toUpperCase() === "KPI_STAMP" ? SOME_STAMP : UNKNOWN;
}

function rangeOf(first, last, home, valueAt) {
  const tab = tabOf(first) || home;
  if (tabOf(last) && tabOf(last) !== tab) return UNKNOWN;
  const [top, bottom] = [Number(first.row), Number(last.row)].sort((a, b) => a - b);
  const [left, right] = [columnOf(first), columnOf(last)].sort((a, b) => a - b);
  if ((bottom - top + 1) * (right - left + 1) > MOST_RANGE_CELLS) return UNKNOWN;
  const rows = Array.from({ length: bottom - top + 1 }, (_, down) =>
    Array.from({ length: right - left + 1 }, (_, across) => valueAt(tab, top + down, left + across)));
  return rows.flat().includes(UNKNOWN) ? UNKNOWN : rows;
}

const tabOf = ({ quoted, tab }) => (quoted ? quoted.replace(/''/g, "'") : tab);
const placeOf = (letter) => letter.charCodeAt(0) - 64;
const columnOf = ({ column }) => [...column.toUpperCase()].reduce((sum, letter) => 26 * sum + placeOf(letter), 0);

/** Returns the tabs with their formulas and values; each is read once, and its values when one is wanted. */
function openSheets() {
  const sheets = SpreadsheetApp.getActiveSpreadsheet().getSheets().filter((sheet) => sheet.getName() !== TAB);
  const byName = new Map(sheets.map((sheet) => [sheet.getName().toLowerCase(), sheet]));
  const read = new Map();
  const formulas = sheets.flatMap((sheet) => sheet.getDataRange().getFormulas().flat().filter(Boolean)
    .map((text) => [sheet.getName(), text]));
  const valuesOf = (tab) => {
    if (!read.has(tab)) read.set(tab, byName.has(tab) ? byName.get(tab).getDataRange().getValues() : null);
    return read.get(tab);
  };
  return {
    formulas: () => formulas,
    valueAt(tab, row, column) {
      const values = valuesOf(tab.toLowerCase());
      if (!values) return UNKNOWN;
      return row <= values.length && column <= values[0].length ? values[row - 1][column - 1] : "";
    },
  };
}
