// Calculators: numbers in, a number out, computed here without the server. The same refusals as the engine's.

class Failure extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const isEmpty = (cell) => cell === null || (typeof cell === "string" && !cell.trim());
const cellsOf = (value) => (Array.isArray(value) ? value.flat() : [value]);

function numberOf(cell, name) {
  if (isEmpty(cell)) throw new Failure("#VALUE!", `'${name}' is empty. Fill the cell.`);
  if (typeof cell !== "number") {
    const date = typeof cell === "object" ? String(cell.date).replace("T", " ") : "";
    const shown = typeof cell === "boolean" ? String(cell).toUpperCase() : date || cell;
    throw new Failure("#VALUE!", `'${name}' is no number: '${shown}'. A number written as text is text.`);
  }
  return cell;
}

/** Returns the numbers of a value; the empty cells of a range are none. */
function numbersOf(value, name) {
  if (!Array.isArray(value)) return [numberOf(value, name)];
  return cellsOf(value).filter((each) => !isEmpty(each)).map((each) => numberOf(each, name));
}

/** Returns the sum; what each step rounds away is kept and added last. */
function sumOf(numbers) {
  let sum = 0;
  let lost = 0;
  for (const each of numbers) {
    const next = sum + each;
    lost += Math.abs(sum) >= Math.abs(each) ? sum - next + each : each - next + sum;
    sum = next;
  }
  return Number.isFinite(sum) ? sum + lost : sum;
}

function inputOf(value, name, calculator) {
  const numbers = numbersOf(value, name);
  if (!numbers.length) throw new Failure("#VALUE!", `'${name}' is empty. Fill the cell.`);
  if (numbers.length > 1 && !calculator.sums.includes(name)) {
    throw new Failure("#VALUE!", `'${name}' is no sum and cannot be ${numbers.length} numbers. Name one cell.`);
  }
  const found = sumOf(numbers);
  if (!Number.isFinite(found)) {
    throw new Failure("#VALUE!", `'${found < 0 ? "-inf" : "inf"}' is not a number that can be calculated with.`);
  }
  if (calculator.shares.includes(name) && Math.abs(found) > 1) {
    const told = `'${name}' of '${calculator.place}' is a share and cannot be ${found}.`;
    throw new Failure("#VALUE!", `${told} Write ${found / 100} for ${found} %.`);
  }
  return found;
}

/** Returns the total, average or percentile of numbers. Throws a Failure where it is not finite. */
function folded(numbers, calculator) {
  const value = foldedAsFar(numbers, calculator);
  if (!Number.isFinite(value)) {
    const [code, message] = FAILURES.undefined;
    throw new Failure(code, `'${calculator.place}' ${message}`);
  }
  return value;
}

function foldedAsFar(numbers, calculator) {
  if (!numbers.length) throw new Failure("#VALUE!", `'${calculator.place}' needs at least one number.`);
  if (calculator.fold === "total") return sumOf(numbers);
  if (calculator.fold === "average") return sumOf(numbers) / numbers.length;
  const ordered = [...numbers].sort((a, b) => a - b);
  const at = calculator.share * (ordered.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, ordered.length - 1);
  return ordered[low] + (ordered[high] - ordered[low]) * (at - low);
}

const FAILURES = {
  zero_denominator: ["#DIV/0!", "has no value: a denominator is 0."],
  undefined: ["#NUM!", "has no finite value for these numbers."],
};

/** Returns what a calculator gives for values as the server reads them, or {error, message}. */
function calculated(name, values) {
  const calculator = CALCULATORS[name];
  try {
    for (const each of values.flatMap(cellsOf)) if (each && each.error) return each;
    if (calculator.fold) return folded(values.flatMap((each) => numbersOf(each, "a value")), calculator);
    const names = calculator.arguments;
    if (values.length !== names.length) {
      throw new Failure("#VALUE!", `${name} takes ${names.length} numbers: ${names.join(", ")}. Fill each of them.`);
    }
    return calculator.formula(names.map((each, place) => inputOf(values[place], each, calculator)));
  } catch (failure) {
    if (failure.code) return { error: failure.code, message: failure.message };
    const [code, message] = FAILURES[failure.reason] || ["#VALUE!", `needs '${failure.detail}', which is not given.`];
    return { error: code, message: `'${calculator.place}' ${message}` };
  }
}
