// The functions as Sheets calls them, each cell for itself: in a fresh run of the whole script.

function callOf(name, values) {
  return { name, values, key: keyOf(name, values) };
}

const isAsked = ({ name }) => !FUNCTIONS[name].isCalculator;
const isTable = ({ name }) => FUNCTIONS[name].isTable === true;

/** Returns the calls that one call is: a range in the place of the period is a call for each of its cells. */
function spread({ name, values, key }) {
  const place = FUNCTIONS[name].spreads;
  if (!Array.isArray(values[place])) return [{ name, values, key }];
  return values[place].flat().filter((cell) => cell !== "").map((cell) => callOf(name, replaced(values, place, cell)));
}

const replaced = (values, place, value) => [...values.slice(0, place), value, ...values.slice(place + 1)];

/** Returns what a cell shows. Throws the line of an error. */
function called(name, given) {
  const values = sheetArguments(given);
  if (FUNCTIONS[name].isCalculator) return toSheet(calculated(name, values));
  const place = FUNCTIONS[name].spreads;
  if (Array.isArray(values[place])) return calledForEach(name, values, place);
  return toSheet(errorIn(values) || resultsOf([callOf(name, values)])[0]);
}

/** Returns rows like those of the range in the place of the period; an empty cell stays empty. */
function calledForEach(name, values, place) {
  const calls = spread({ name, values });
  const asked = calls.filter((call) => !errorIn(call.values));
  const results = new Map(resultsOf(asked).map((result, at) => [asked[at].key, result]));
  const shown = (cell) => {
    if (cell === "") return "";
    const call = callOf(name, replaced(values, place, cell));
    return inTable(errorIn(call.values) || results.get(call.key));
  };
  return values[place].map((row) => row.map(shown));
}
