// The token of this workbook. The file keeps a random id only; the token stays with the user, in the add-in's storage.

const SETTING = "kpicore.workbook";
const STORED = "kpicore.token.";

const storage = {
  async get(key) {
    if (typeof OfficeRuntime !== "undefined" && OfficeRuntime.storage) return OfficeRuntime.storage.getItem(key);
    return localStorage.getItem(key);
  },
  async set(key, value) {
    if (typeof OfficeRuntime !== "undefined" && OfficeRuntime.storage) return OfficeRuntime.storage.setItem(key, value);
    return localStorage.setItem(key, value);
  },
  async remove(key) {
    if (typeof OfficeRuntime !== "undefined" && OfficeRuntime.storage) return OfficeRuntime.storage.removeItem(key);
    return localStorage.removeItem(key);
  },
};

let known; // undefined: not looked up yet

function documentSettings() {
  return typeof Office !== "undefined" && Office.context && Office.context.document
    ? Office.context.document.settings : null;
}

/** Returns the token of this workbook, or "" when none was entered here. */
async function token() {
  if (known === undefined) {
    const settings = documentSettings();
    const id = settings && settings.get(SETTING);
    known = (id && (await storage.get(STORED + id))) || "";
  }
  return known;
}

/** Keeps a token for this workbook, "" forgets it; gives the workbook an id if it has none. */
async function keepToken(text) {
  const settings = documentSettings();
  if (!settings) throw new Error("There is no workbook.");
  let id = settings.get(SETTING);
  if (!id) {
    id = Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, "0")).join("");
    settings.set(SETTING, id);
    await new Promise((done) => settings.saveAsync(done));
  }
  known = text.trim();
  if (known) await storage.set(STORED + id, known);
  else await storage.remove(STORED + id);
}
