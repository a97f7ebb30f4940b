// Values between Excel and the server: dates are serial numbers in Excel, errors are CustomFunctions.Error.

const CODES = {
  "#DIV/0!": "divisionByZero", "#N/A": "notAvailable", "#NAME?": "invalidName", "#NUM!": "invalidNumber",
  "#VALUE!": "invalidValue", "#REF!": "invalidReference", "#NULL!": "nullReference",
};
const THROWN = ["#DIV/0!", "#N/A", "#NUM!", "#VALUE!", "#NULL!"];
const DAY = 86400000;
const EPOCH = 25569; // 1970-01-01 as Excel counts days
const DAYS_TO_1904 = 1462;
const LAST_YEAR = 2200; // a larger number is a day
let countsFrom1904 = false;

/** Returns the native error of a code; Excel shows its message where it shows any. */
function nativeError(code, message) {
  return new CustomFunctions.Error(CustomFunctions.ErrorCode[CODES[code] || "invalidValue"], message || "");
}

/** Returns a value that Excel handed over as the server reads it; a range of one cell is that cell. */
function fromExcel(value) {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) {
    if (value.length === 1 && Array.isArray(value[0]) && value[0].length === 1) return fromExcel(value[0][0]);
    return value.map((row) => (Array.isArray(row) ? row.map(fromExcel) : [fromExcel(row)]));
  }
  if (typeof value === "object") {
    const code = value.code || value.basicValue;
    return { error: code in CODES ? code : "#VALUE!", message: String(value.message || "") };
  }
  return typeof value === "number" && !Number.isFinite(value) ? { error: "#NUM!" } : value;
}

/** Returns the arguments of a call: repeated ones stand in one list, and what was left out at the end is no argument. */
function argumentsOf(given, takesMore) {
  const values = takesMore && Array.isArray(given[given.length - 1])
    ? [...given.slice(0, -1), ...given[given.length - 1]] : [...given];
  while (values.length && (values[values.length - 1] === undefined || values[values.length - 1] === null)) values.pop();
  return values.map(fromExcel);
}

/** Returns the serial number of "2026-03-14" or "2026-03-14T09:30:00". */
function serialOf(text) {
  const parts = /^(\d+)-(\d+)-(\d+)(?:T(\d+):(\d+)(?::(\d+))?)?/.exec(text).slice(1).map((each) => Number(each || 0));
  return Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]) / DAY + EPOCH - (countsFrom1904 ? DAYS_TO_1904 : 0);
}

/** Returns why values with dates cannot be asked, or null: in a workbook from 1904 they are four years too early. */
function misread(values) {
  if (!countsFrom1904 || !values.flat(2).some((each) => typeof each === "number" && each > LAST_YEAR)) return null;
  const told = "This workbook counts days from 1904, so its dates are read four years too early.";
  return { error: "#VALUE!", message: `${told} Write the period as text: "2026-03".` };
}

/** Returns a result of the server as Excel shows it. */
function toExcel(result) {
  if (Array.isArray(result)) return result.map((row) => row.map(toExcel));
  if (result === null || result === undefined) return "";
  if (typeof result !== "object") return result;
  return result.error ? nativeError(result.error, result.message) : serialOf(result.date);
}

/** Settles a promise with a result. Excel takes thrown errors with a message, but knows only these codes so. */
function settle(result, resolve, reject) {
  const shown = toExcel(result);
  if (result && THROWN.includes(result.error)) reject(shown);
  else resolve(shown);
}
