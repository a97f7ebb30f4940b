// What is known without asking: the answers that the sync keeps in a hidden tab, and those of the last minutes. The tab
// is read as a whole by the first cell, which hands it to the others through the cache: they look at its stamp alone.

const TAB = "_kpi";
const KEEP_SECONDS = 600;
const BUCKETS = 256; // Google keeps 1,000 items of a cache at most, so an item holds the answers of many calls
const LONGEST_ITEM = 32000; // characters; 100 KB are the most, and a character has up to three bytes
const LONGEST_SHARED = 2000; // a longer answer has an item of its own

/** Returns the hidden tab: {stamp, answers()}, or null when there is none or it is `outdated`. */
function hiddenTab(outdated) {
  const sheet = SpreadsheetApp.getActiveSpreadsheet().getSheetByName(TAB);
  if (!sheet) return null;
  const [kind, stamp] = sheet.getRange(1, 1, 1, 2).getValues()[0];
  if (kind !== "kpi" || !STAMP.test(stamp) || stamp === outdated) return null;
  return { stamp, answers: () => answersIn(sheet) };
}

/** Returns all answers of the tab as a Map; what was typed over, sorted away or copied from elsewhere is none. */
function answersIn(sheet) {
  const spreadsheet = SpreadsheetApp.getActiveSpreadsheet().getId();
  const table = checkTable();
  const answers = new Map();
  for (const [key, text, check] of sheet.getDataRange().getValues().slice(1)) {
    if (check !== checkOf([spreadsheet, key, text].join("\n"), table)) continue;
    try {
      const result = JSON.parse(text);
      if (isResult(result)) answers.set(key, result);
    } catch {
      // it is asked
    }
  }
  return answers;
}

/** Returns the CRC-32 of a text in UTF-16, as the sync writes it. */
function checkOf(text, table) {
  let check = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    check = table[(check ^ code) & 255] ^ (check >>> 8);
    check = table[(check ^ (code >>> 8)) & 255] ^ (check >>> 8);
  }
  return (~check >>> 0).toString(16).padStart(8, "0");
}

function checkTable() {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let part = byte;
    for (let bit = 0; bit < 8; bit += 1) part = (part >>> 1) ^ (part & 1 ? 0xedb88320 : 0);
    return part;
  });
}

/** Returns the cache for a stamp: an answer that was asked under another one is not seen again. */
function cacheOf(properties, stamp) {
  const cache = CacheService.getScriptCache();
  const prefix = `kpi ${properties.epoch || ""} ${stamp}`;
  const bucketOf = (key) => `${prefix} ${hashOf(key) % BUCKETS}`;
  const itemOf = (key) => `${prefix} long ${hashOf(key)}`;
  const read = (names) => {
    const items = cache.getAll([...new Set(names)]);
    return (name) => (items[name] ? JSON.parse(items[name]) : {});
  };
  return {
    /** Puts the answers that there are for keys into `known`. */
    answers(keys, known) {
      const buckets = read(keys.map(bucketOf));
      const long = keys.filter((key) => markOf(key) in buckets(bucketOf(key)));
      const items = long.length ? read(long.map(itemOf)) : () => ({});
      for (const key of keys) {
        const held = { ...buckets(bucketOf(key)), ...(long.includes(key) ? items(itemOf(key)) : {}) };
        if (key in held) known.set(key, held[key]);
      }
    },
    /** Returns what tells whether there is an answer to a key. */
    all() {
      const names = Array.from({ length: BUCKETS }, (_, bucket) => `${prefix} ${bucket}`);
      const held = new Set(Object.values(cache.getAll(names)).flatMap((text) => Object.keys(JSON.parse(text))));
      return (key) => held.has(key) || held.has(markOf(key));
    },
    /** Keeps answers, [key, result] each; where they fill an item the newest. */
    keep(answers) {
      const isLong = (answer) => lengthOf(answer) > LONGEST_SHARED;
      const long = answers.filter((answer) => isLong(answer) && lengthOf(answer) < LONGEST_ITEM);
      const entries = [...answers.filter((answer) => !isLong(answer)), ...long.map(([key]) => [markOf(key), 1, key])];
      const before = read(entries.map(([key, , whole]) => bucketOf(whole || key)));
      const items = Object.fromEntries(long.map(([key, result]) => [itemOf(key), JSON.stringify({ [key]: result })]));
      const fresh = new Map();
      for (const [key, result, whole] of entries) {
        const name = bucketOf(whole || key);
        fresh.set(name, [...(fresh.get(name) || []), [key, result]]);
      }
      for (const [name, added] of fresh) {
        items[name] = JSON.stringify(fitting([...added, ...Object.entries(before(name))]));
      }
      if (entries.length) cache.putAll(items, KEEP_SECONDS);
    },
    isMarked: (what) => Boolean(cache.get(`${prefix} ${what}`)),
    mark: (what, seconds) => cache.put(`${prefix} ${what}`, "1", seconds),
  };
}

/** Returns what stands in a bucket for an answer that has an item of its own. */
const markOf = (key) => `#${hashOf(key)}`;

function lengthOf([key, result]) {
  return key.length + JSON.stringify(result).length + 10;
}

function fitting(entries) {
  const kept = {};
  let length = 0;
  for (const [key, result] of entries) {
    length += 2 * key.length + JSON.stringify(result).length; // quotes in keys are written with a backslash
    if (length > LONGEST_ITEM) break;
    if (!(key in kept)) kept[key] = result;
  }
  return kept;
}

/** Returns a number for a text, the same for the same text. Whose number it is is seen by the key beside the answer. */
function hashOf(text) {
  let hash = 2166136261;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  return hash >>> 0;
}
