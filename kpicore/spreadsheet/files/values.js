// Values between a spreadsheet and the server, for every host. A host's own part has a record `host`:
// `dateText(date)` writes a Date as the sheet shows it, "2026-03-14T09:30:00"; `errorsAreText` where a cell with an
// error arrives as the text of its code.

const CODES = ["#DIV/0!", "#N/A", "#NAME?", "#NUM!", "#VALUE!", "#REF!", "#NULL!"];
const DAY = 86400000;
const EPOCH = 25569; // 1970-01-01 as spreadsheets count days

/** Returns a value of a cell as the server reads it; a range of one cell is that cell. */
function plainValue(value) {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) {
    if (value.length === 1 && Array.isArray(value[0]) && value[0].length === 1) return plainValue(value[0][0]);
    return value.map((row) => (Array.isArray(row) ? row.map(plainValue) : [plainValue(row)]));
  }
  // by what it can do: a date may come from another realm, where it is no `instanceof Date`
  if (typeof value.getTime === "function") return plainDate(value);
  if (typeof value === "object") {
    const code = value.code || value.basicValue;
    return { error: CODES.includes(code) ? code : "#VALUE!", message: String(value.message || "") };
  }
  if (typeof value === "string" && host.errorsAreText) return plainText(value);
  return typeof value === "number" && !Number.isFinite(value) ? { error: "#NUM!" } : value;
}

/** Returns {date}: a day, or a moment when it is not midnight. */
function plainDate(value) {
  if (Number.isNaN(value.getTime())) return { error: "#VALUE!" };
  return { date: host.dateText(value).replace(/T00:00:00$/, "") };
}

function plainText(text) {
  if (text === "#ERROR!") return { error: "#VALUE!" };
  return CODES.includes(text) ? { error: text } : text;
}

/** Returns the arguments of a call: repeated ones stand in one list, and what was left out at the end is no argument. */
function argumentsOf(given, takesMore) {
  const values = takesMore && Array.isArray(given[given.length - 1])
    ? [...given.slice(0, -1), ...given[given.length - 1]] : [...given];
  while (values.length && (values[values.length - 1] === undefined || values[values.length - 1] === null)) values.pop();
  return values.map(plainValue);
}

/** Returns the serial number of "2026-03-14" or "2026-03-14T09:30:00", 1 for the first day of 1900. */
function serialOf(text) {
  const parts = /^(\d+)-(\d+)-(\d+)(?:T(\d+):(\d+)(?::(\d+))?)?/.exec(text).slice(1).map((part) => Number(part || 0));
  return Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]) / DAY + EPOCH;
}

/** Returns what a call is known by: equal for equal questions, and the same text wherever it is made. */
function keyOf(name, values) {
  return JSON.stringify([name, values]);
}
