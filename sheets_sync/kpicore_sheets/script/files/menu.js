// The menu KPI. Text from the server, the data and cells goes into a page escaped, and never into a formula.

const EXPLAINED = ["KPI", "KPI_TARGET", "KPI_ATTAINMENT", "KPI_EXPLAIN"];
const MOST_LISTED = 15;

function addMenu() {
  SpreadsheetApp.getUi().createMenu("KPI")
    .addItem("Refresh", "kpiRefresh")
    .addItem("Explain the selected cell", "kpiExplain")
    .addItem("Insert a KPI…", "kpiInsert")
    .addSeparator()
    .addItem("Token…", "kpiToken")
    .addToUi();
}

/** Returns what runs an action that a person chose; whatever goes wrong is told in one line. */
function does(action) {
  return () => {
    const ui = SpreadsheetApp.getUi();
    try {
      const told = action(ui);
      if (told) ui.alert(told);
    } catch (failure) {
      ui.alert(failure.code ? lineOf({ error: failure.code, message: failure.message }) : failure.message);
    }
  };
}

/** Forgets what was asked, and changes the stamp, so that Sheets calculates what names it. */
function refresh() {
  const store = PropertiesService.getScriptProperties();
  const spreadsheet = SpreadsheetApp.getActiveSpreadsheet();
  const cell = spreadsheet.getRangeByName("KPI_STAMP");
  const held = cell ? String(cell.getValue()) : "";
  if (held && !STAMP.test(held)) throw new Failure("#N/A", "The cell named KPI_STAMP holds something else. Empty it.");
  const next = `kpi ${Date.now().toString(16).padStart(16, "0")}`; // no stamp of the server: the sync tells them apart
  const tab = spreadsheet.getSheetByName(TAB);
  const before = tab ? String(tab.getRange(1, 2).getValue()) : "";
  // else the tab goes on to hold what it holds
  const isOfTab = cell && cell.getSheet().getName() === TAB && cell.getRow() === 1 && cell.getColumn() === 2;
  const shown = JSON.parse(store.getProperty("shown") || "{}"); // what stood in the hidden tab before we changed it
  const stampOfTab = shown.instead === before ? shown.stamp : before;
  const token = store.getProperty("token");
  const isOutdated = tab && SETTINGS.server && token && stampOfTab !== stampOfServer(token);
  const after = isOfTab ? next : before;
  store.setProperty("epoch", Date.now().toString(36));
  store.setProperty("shown", JSON.stringify({ instead: after, stamp: stampOfTab }));
  if (isOutdated) store.setProperty("outdated", after);
  else store.deleteProperty("outdated");
  if (!cell) return "No cell is named KPI_STAMP, so formulas are calculated anew when one of their arguments changes.";
  cell.setValue(next);
  return "";
}

/** Returns the selected cell. Throws a Failure where a chart, or nothing, is selected. */
function selectedCell() {
  const cell = SpreadsheetApp.getCurrentCell();
  if (!cell) throw new Failure("#N/A", "No cell is selected.");
  return cell;
}

/** Shows what stands behind the KPIs in the formula of the selected cell. */
function explain(ui) {
  const cell = selectedCell();
  const sheets = openSheets();
  const answers = (key) => {
    const [name, values] = JSON.parse(key);
    return isAsked({ name }) && !errorIn(values) ? resultsOf([{ name, values, key }])[0] : undefined;
  };
  const calls = callsIn([[cell.getSheet().getName(), cell.getFormula()]], sheets.valueAt, answers).flatMap(spread);
  const asked = calls.map(({ name, values }) => explaining(name, values)).filter(Boolean);
  if (!asked.length) {
    throw new Failure("#N/A", "There is no KPI to explain in this cell: arguments are text, numbers, cells or ranges.");
  }
  const shown = asked.slice(0, MOST_LISTED).map((values) => callOf("KPI_EXPLAIN", values));
  const tables = resultsOf(shown).map(tableOf);
  if (asked.length > shown.length) tables.push(`<p>… and ${asked.length - shown.length} more.</p>`);
  ui.showSidebar(HtmlService.createHtmlOutput(PAGE + tables.join("<hr>")).setTitle("KPI"));
}

/** Returns the arguments with which KPI_EXPLAIN explains a call, or null where there is nothing behind it. */
function explaining(name, values) {
  if (EXPLAINED.includes(name)) return values;
  const { isCalculator, isGeneral } = FUNCTIONS[name];
  return isCalculator || isGeneral ? null : [name.slice("KPI_".length).toLowerCase(), ...values];
}

const PAGE = "<style>body{font:13px sans-serif} td{padding:2px 6px;vertical-align:top} td:first-child{color:#555}"
  + "</style>";

function tableOf(rows) {
  if (!Array.isArray(rows)) return `<p>${escaped(rows && rows.error ? lineOf(rows) : rows)}</p>`;
  const cells = (row) => row.map((cell) => `<td>${escaped(textOf(cell))}</td>`).join("");
  return `<table>${rows.map((row) => `<tr>${cells(row)}</tr>`).join("")}</table>`;
}

function textOf(cell) {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "object") return cell.date ? cell.date.replace("T", " ") : lineOf(cell);
  if (typeof cell !== "number") return String(cell);
  return cell.toLocaleString("en", Math.abs(cell) < 1 ? { maximumSignificantDigits: 4 } : { maximumFractionDigits: 4 });
}

const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escaped = (text) => String(text).replace(/[&<>"']/g, (sign) => SIGNS[sign]);

/** Writes the formula of a KPI that a person finds and chooses into the selected cell. */
function insert(ui) {
  const cell = selectedCell();
  const search = answered(ui, "Insert a KPI", "A word of its name, or nothing for all:");
  if (search === null) return "";
  const kpis = matching(search);
  const name = kpis.length === 1 ? kpis[0].called : chosen(ui, kpis);
  const period = name && answered(ui, name, 'Period, such as 2026-Q3, last month or ytd; or a cell: =$B$1');
  if (!period) return "";
  if (!cell.isBlank()) {
    const answer = ui.alert(name, "The selected cell is not empty. Replace it?", ui.ButtonSet.YES_NO);
    if (answer !== ui.Button.YES) return "";
  }
  const follows = SpreadsheetApp.getActiveSpreadsheet().getRangeByName("KPI_STAMP") ? ";KPI_STAMP" : "";
  cell.setFormula(`=${name}(${periodIn(period)}${follows})`); // every locale knows the semicolon
  return "";
}

/** Returns the period for a formula: "=$B$1" is a reference and nothing else is, a year a number, all else text. */
function periodIn(text) {
  const cell = /^=((?:(?:'(?:[^']|'')+'|[\w\u0080-\uffff]+)!)?\$?[A-Z]{1,3}\$?[1-9]\d*)$/i.exec(text);
  if (cell) return cell[1];
  return /^\d{4}$/.test(text) ? text : `"${text.replace(/"/g, '""')}"`;
}

/** Returns the KPIs that a word finds: by the server in any of its languages, without a token by the function's name. */
function matching(search) {
  const hasServer = SETTINGS.server && PropertiesService.getScriptProperties().getProperty("token");
  const kpis = hasServer ? listed(search) : named(search);
  if (!kpis.length) throw new Failure("#N/A", `No KPI has '${search}' in its name.`);
  return kpis;
}

function listed(search) {
  const rows = resultsOf([callOf("KPI_LIST", search ? [search] : [])])[0];
  if (rows && rows.error) throw new Failure(rows.error, rows.message);
  if (!Array.isArray(rows)) throw new Failure(MISSHAPEN.error, MISSHAPEN.message);
  return rows.slice(1).map(([, title, , , called]) => ({ called, title })).filter(({ called }) => called in FUNCTIONS);
}

function named(search) {
  const part = search.toUpperCase().replace(/ /g, "_");
  return Object.keys(FUNCTIONS)
    .filter((name) => !FUNCTIONS[name].isGeneral && !FUNCTIONS[name].isCalculator && name.includes(part))
    .map((called) => ({ called, title: called }));
}

function chosen(ui, kpis) {
  const listed = kpis.slice(0, MOST_LISTED).map(({ called, title }, at) => `${at + 1}. ${title} (${called})`);
  const more = kpis.length > MOST_LISTED ? `\n… and ${kpis.length - MOST_LISTED} more: search for a longer word.` : "";
  const number = answered(ui, "Which one?", `${listed.join("\n")}${more}\nIts number:`);
  if (number === null) return "";
  const kpi = /^\d+$/.test(number) ? kpis.slice(0, MOST_LISTED)[Number(number) - 1] : null;
  if (!kpi) throw new Failure("#VALUE!", `'${number}' is none of the numbers.`);
  return kpi.called;
}

/** Returns what a person enters, or null. */
function answered(ui, title, question) {
  const response = ui.prompt(title, question, ui.ButtonSet.OK_CANCEL);
  return response.getSelectedButton() === ui.Button.OK ? response.getResponseText().trim() : null;
}

/** Keeps a token in the properties of the script; nothing forgets it. */
function enterToken(ui) {
  const told = "A token for reading, as `kpi token new` shows it. Who may edit this spreadsheet can read it.";
  const token = answered(ui, "Token", told);
  if (token === null) return "";
  const store = PropertiesService.getScriptProperties();
  if (!token) store.deleteProperty("token");
  else store.setProperty("token", token);
  store.setProperty("epoch", String(hashOf(`${Date.now()} ${token}`))); // another token's answers are not for this one
  if (token) stampOfServer(token);
  return token ? "The KPI server takes the token." : "The token is forgotten.";
}
