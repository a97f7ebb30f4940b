// What a server answered, looked at once where it comes in: somebody else may stand at its address, or another version.

const MOMENT = /^(\d{4})-(\d{2})-(\d{2})(?:T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/;
const LONGEST_REFUSAL = 500; // characters
const MISSHAPEN = {
  error: "#N/A", message: "The KPI server answered with something that is no result. Is it of another version?",
};

/** Returns a result as it came, or the error MISSHAPEN for what is none: that is not to be kept. */
function soundResult(value) {
  return isResult(value) ? value : MISSHAPEN;
}

/** Returns whether a value is one cell, or rows of cells. */
function isResult(value) {
  if (!Array.isArray(value)) return isCell(value);
  return value.length > 0 && value.every((row) => Array.isArray(row) && row.length > 0 && row.every(isCell));
}

function isCell(value) {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value !== "object") return Number.isFinite(value);
  if ("error" in value) return CODES.includes(value.error) && ["string", "undefined"].includes(typeof value.message);
  return isMoment(value.date);
}

/** Returns whether a text is a day of the calendar, or a moment of one. */
function isMoment(text) {
  const parts = typeof text === "string" ? MOMENT.exec(text) : null;
  if (!parts) return false;
  const [year, month, day] = parts.slice(1, 4).map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Returns why a server refuses, in one line, or "" where this is none of our server's answers. */
function refusalIn(content) {
  const told = content && typeof content.refused === "string" ? content.refused.replace(/\s+/g, " ").trim() : "";
  return told.length > LONGEST_REFUSAL ? `${told.slice(0, LONGEST_REFUSAL - 1)}…` : told;
}
