// Drives the pane in headless Chromium: takes orders as JSON, one a line on stdin, and answers each on stdout.

"use strict";

const fs = require("fs");
const os = require("os");
const path = require("path");
const readline = require("readline");
const { chromium } = require("playwright-core");
const { SLOW, slowClock } = require("./clock.js");

const PATIENCE_MS = 300000; // as PATIENCE_SECONDS of tests/patience.py

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** What Office gives the pane, as far as it uses it; it runs in the page. */
function office() {
  const settings = new Map(JSON.parse(sessionStorage.getItem("settings") || "[]"));
  const cell = { address: "Sheet1!B2", formulas: [[""]], numberFormat: [["General"]], load() {} };
  window.workbook = { settings, cell, calculated: 0 };
  window.Office = {
    context: { document: { settings: {
      get: (name) => settings.get(name) ?? null,
      set: (name, value) => settings.set(name, value),
      saveAsync(done) {
        sessionStorage.setItem("settings", JSON.stringify([...settings]));
        done({ status: "succeeded" });
      },
    } } },
    onReady: (done) => document.addEventListener("DOMContentLoaded", () => done({ host: "Excel" })),
  };
  window.Excel = {
    run: (batch) => batch({
      workbook: {
        getActiveCell: () => cell,
        load() {},
        application: { calculate: () => { window.workbook.calculated += 1; } },
      },
      sync: async () => {},
    }),
  };
  window.called = {};
  window.CustomFunctions = {
    associate: (id, action) => { window.called[id] = action; },
    ErrorCode: {},
    Error: class extends Error {},
  };
}

let browser;
let page;
const problems = [];
const shown = [];

const ORDERS = {
  async open({ url, executable, width, height }) {
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), "kpi-pane-"));
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: executable, args: FLAGS, headless: true, timeout: PATIENCE_MS, viewport: { width, height }, locale: "en-GB",
      timezoneId: "UTC",
    });
    page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.addInitScript(`(${slowClock})(window, ${SLOW})`);
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    await page.route("https://appsforoffice.microsoft.com/**", (route) =>
      route.fulfill({ contentType: "text/javascript", body: `(${office})()` }));
    await page.goto(`${url}/office/taskpane.html`);
    return page.title();
  },
  /** Opens pages of the server one after the other; `widths` tells how wide each is. */
  async show({ url, executable, width, paths }) {
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), "kpi-pane-"));
    if (browser) await browser.close();
    browser = await chromium.launchPersistentContext(profile, {
      executablePath: executable, args: FLAGS, headless: true, timeout: PATIENCE_MS, viewport: { width, height: 900 },
    });
    page = await browser.newPage();
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    shown.length = 0;
    for (const each of paths) {
      await page.goto(url + each);
      shown.push(await page.evaluate(() => document.documentElement.scrollWidth));
    }
  },
  widths: async () => shown,
  fill: ({ selector, text }) => page.fill(selector, text),
  click: ({ selector }) => page.click(selector),
  /** Waits until the text of an element holds a part, and returns all of it. */
  async text({ selector, part }) {
    await page.waitForFunction(
      ([at, wanted]) => {
        const found = document.querySelector(at);
        return found && !found.hidden && found.textContent.includes(wanted);
      }, [selector, part ?? ""], { timeout: PATIENCE_MS });
    return page.textContent(selector);
  },
  texts: ({ selector }) => page.locator(selector).allTextContents(),
  count: ({ selector }) => page.locator(selector).count(),
  visible: ({ selector }) => page.isVisible(selector),
  cell: () => page.evaluate(() => window.workbook.cell.formulas[0][0]),
  async calculated({ count }) {
    await page.waitForFunction((wanted) => window.workbook.calculated >= wanted, count, { timeout: PATIENCE_MS });
    return page.evaluate(() => window.workbook.calculated);
  },
  settings: () => page.evaluate(() => [...window.workbook.settings]),
  storage: () => page.evaluate(() => ({ ...localStorage })),
  hacked: () => page.evaluate(() => Boolean(window.hacked)),
  /** Calls a function as the selected cell would. */
  call: ({ id, args }) => page.evaluate(
    ([name, given]) => window.called[name](...given, { address: window.workbook.cell.address }), [id, args]),
  picture: ({ file }) => page.screenshot({ path: file, fullPage: true }).then(() => true),
  problems: async () => problems,
  forget: async () => { problems.length = 0; },
};

async function obey(line) {
  const order = JSON.parse(line);
  try {
    return { done: (await ORDERS[order.do](order)) ?? null };
  } catch (failure) {
    return { failed: `${failure}; the page says: ${problems.join(" | ")}` };
  }
}

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", async (line) => process.stdout.write(JSON.stringify(await obey(line)) + "\n"));
lines.on("close", async () => {
  if (browser) await browser.close();
  process.exit(0);
});
