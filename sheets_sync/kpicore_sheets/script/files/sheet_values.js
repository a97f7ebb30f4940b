// Sheets' own values: a date is a Date in the spreadsheet's time zone, an error of a cell text, what fails is thrown.

const STAMP = /^kpi [0-9a-f]{16}$/; // what the cell KPI_STAMP holds: an argument for Sheets' sake, none of the call
const DAY_FORMAT = "yyyy-MM-dd";
const MOMENT_FORMAT = "yyyy-MM-dd'T'HH:mm:ss";
let zone = "";

const host = {
  dateText: (date) => Utilities.formatDate(date, timeZone(), MOMENT_FORMAT),
  errorsAreText: true,
};

function timeZone() {
  zone = zone || SpreadsheetApp.getActiveSpreadsheet().getSpreadsheetTimeZone();
  return zone;
}

/** Returns the arguments of a call as the server reads them: without the stamp; nothing is an empty cell. */
function sheetArguments(given) {
  return argumentsOf(given, false).filter((value) => typeof value !== "string" || !STAMP.test(value)).map(orEmpty);
}

function orEmpty(value) {
  if (Array.isArray(value)) return value.map((row) => row.map(orEmpty));
  return value === null ? "" : value;
}

/** Returns the first error among the arguments, which is the result then, as in every spreadsheet; else null. */
function errorIn(values) {
  return values.flat(2).find((value) => value && value.error) || null;
}

/** Returns a result of the server as a cell shows it. Throws what is an error: Sheets knows no other way. */
function toSheet(result) {
  if (Array.isArray(result)) return result.map((row) => row.map(inTable));
  if (result === null || result === undefined) return "";
  if (typeof result !== "object") return result;
  if (result.error) throw new Error(lineOf(result));
  const format = result.date.includes("T") ? MOMENT_FORMAT : DAY_FORMAT;
  return Utilities.parseDate(result.date.slice(0, 19), timeZone(), format);
}

/** Returns what one cell of several shows: an error is its line as text, as thrown it would hide the others. */
function inTable(result) {
  return result && result.error ? lineOf(result) : toSheet(result);
}

function lineOf({ error, message }) {
  return message ? `${error} ${message}` : error;
}
