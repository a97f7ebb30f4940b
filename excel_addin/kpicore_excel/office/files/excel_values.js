// Excel's own values: errors are CustomFunctions.Error, dates are serial numbers, in some workbooks counted from 1904.

const NAMES = {
  "#DIV/0!": "divisionByZero", "#N/A": "notAvailable", "#NAME?": "invalidName", "#NUM!": "invalidNumber",
  "#VALUE!": "invalidValue", "#REF!": "invalidReference", "#NULL!": "nullReference",
};
const THROWN = ["#DIV/0!", "#N/A", "#NUM!", "#VALUE!", "#NULL!"];
const DAYS_TO_1904 = 1462;
const LAST_YEAR = 2200; // a larger number is a day
let countsFrom1904 = false;

// Excel hands over no Date; one that a host in its place does is of this machine's time
const host = {
  dateText: (date) => new Date(date.getTime() - 60000 * date.getTimezoneOffset()).toISOString().slice(0, 19),
  errorsAreText: false,
};

/** Returns the native error of a code; Excel shows its message where it shows any. */
function nativeError(code, message) {
  return new CustomFunctions.Error(CustomFunctions.ErrorCode[NAMES[code] || "invalidValue"], message || "");
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
  return result.error ? nativeError(result.error, result.message)
    : serialOf(result.date) - (countsFrom1904 ? DAYS_TO_1904 : 0);
}

/** Settles a promise with a result. Excel takes thrown errors with a message, but knows only these codes so. */
function settle(result, resolve, reject) {
  const shown = toExcel(result);
  if (result && THROWN.includes(result.error)) reject(shown);
  else resolve(shown);
}
