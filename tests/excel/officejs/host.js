// Excel's side of custom functions: it runs a functions.js in Excel's own runtime and calls functions as Excel does.

"use strict";

const fs = require("fs");
const path = require("path");
const { JSDOM, VirtualConsole } = require("jsdom");
const { SLOW, slowClock } = require("./clock.js");

const RUNTIME = path.join(
  __dirname, "node_modules", "@microsoft", "office-js", "dist", "custom-functions-runtime.debug.js");
const CANCELABLE_STREAM = 3;
const CODES = { 1: "#N/A", 5: "#DIV/0!", 6: "#NUM!", 7: "#VALUE!", 8: "#NULL!" };

class Excel {
  /**
   * Loads functions.js as a page at `url` would; `token` is what the user entered in this workbook, if any.
   * Its clock is `slow` times as slow, so that a busy machine is not taken for a server that is away.
   */
  constructor(script, metadata, { url, token, countsFrom1904, slow }) {
    this.metadata = new Map(metadata.functions.map((each) => [each.id, each]));
    this.calls = new Map();
    this.next = 1;
    this.requests = []; // what the page asked of the server: paths
    this.onRequest = () => {};
    this.unreachable = 0; // so many requests find no server
    this.recalculations = 0;
    this.settings = new Map();
    // The runtime wants to find its own script; its search for the rest of Office ends in an error that says nothing.
    const virtualConsole = new VirtualConsole();
    const page = new JSDOM(`<script src="${path.basename(RUNTIME)}"></script>`, { virtualConsole, url, runScripts: "outside-only", pretendToBeVisual: true });
    const window = (this.window = page.window);
    this.stored = new Map();
    if (token !== undefined) {
      this.settings.set("kpicore.workbook", "workbook-1");
      this.stored.set("kpicore.token.workbook-1", token);
    }
    this.answers = []; // what somebody else answers in the server's place, one a request
    window.fetch = (address, options) => {
      this.requests.push(new URL(address).pathname);
      this.onRequest();
      if (this.unreachable > 0) {
        this.unreachable -= 1;
        return Promise.reject(new TypeError("Failed to fetch"));
      }
      const played = this.answers.shift();
      return played ? Promise.resolve(new Response(played.body, { status: played.status })) : fetch(address, options);
    };
    window.AbortController = AbortController;
    window._richApiNativeBridge = this.bridge = { sendMessageToHost: (text) => this.received(JSON.parse(text)) };
    window.eval(`(${slowClock})(window, ${slow || SLOW})`);
    window.eval(fs.readFileSync(RUNTIME, "utf8"));
    window.Office = {
      ...window.Office, context: { document: { settings: this.documentSettings() } }, onReady: async (done) => done({ host: null }),
    };
    window.OfficeRuntime = { storage: this.storage() };
    window.Excel = {
      run: (batch) => batch({
        workbook: {
          application: { calculate: () => { this.recalculations += 1; } },
          load: () => {}, use1904DateSystem: countsFrom1904,
        },
        sync: async () => {},
      }),
    };
    window.eval(script);
  }

  documentSettings() {
    return {
      get: (name) => this.settings.get(name) ?? null,
      set: (name, value) => this.settings.set(name, value),
      saveAsync: (done) => done({ status: "succeeded" }),
    };
  }

  storage() {
    return {
      getItem: async (key) => this.stored.get(key) ?? null,
      setItem: async (key, value) => this.stored.set(key, value),
      removeItem: async (key) => this.stored.delete(key),
    };
  }

  /** Returns a promise of the value that a cell shows; errors as {error, message}. */
  call(id, args, address = "Sheet1!A1") {
    return this.calls_of([[id, args, address]])[0];
  }

  /** Calls functions in one recalculation; Excel hands over repeated arguments as one list. */
  calls_of(calls) {
    const promises = [];
    const entries = calls.map(([id, args, address = "Sheet1!A1"]) => {
      const invocation = this.next++;
      promises.push(new Promise((done) => this.calls.set(invocation, { done })));
      return { messageCategory: 1, messageType: 1000, message: [invocation, id, this.shaped(id, args), address, 0] };
    });
    this.deliver(entries);
    return promises;
  }

  /** Starts a streaming function; `shown` is called with each value. Returns what stops it. */
  stream(id, args, shown) {
    const invocation = this.next++;
    this.calls.set(invocation, { done: shown, stays: true });
    const message = [invocation, id, this.shaped(id, args), "Sheet1!A1", CANCELABLE_STREAM];
    this.deliver([{ messageCategory: 1, messageType: 1000, message }]);
    return () => this.deliver([{ messageCategory: 1, messageType: 1001, message: { invocationId: invocation } }]);
  }

  /** Lays arguments out as the metadata tells Excel to: ranges are rows of cells, those that repeat one list. */
  shaped(id, args) {
    const { parameters } = this.metadata.get(id);
    const cells = (value, parameter) =>
      parameter.dimensionality === "matrix" && !Array.isArray(value) ? [[value]] : value;
    const single = parameters.filter((each) => !each.repeating);
    const found = single.map((each, place) => (place < args.length ? cells(args[place], each) : null));
    const last = parameters[parameters.length - 1];
    if (last && last.repeating) found.push(args.slice(single.length).map((each) => cells(each, last)));
    return found;
  }

  deliver(entries) {
    this.bridge.onMessageFromHost(JSON.stringify({ type: 3, message: { entries } }));
  }

  /** Takes what the runtime sends: results of calls. */
  received(message) {
    const { body } = message.message;
    for (const action of body.Actions) {
      if (/setInvocation(Array)?Results/i.test(action.Name || "")) this.results(action.ArgumentInfo.Arguments[0]);
    }
    const answer = { Results: body.Actions.map((each) => ({ ActionId: each.Id, Value: null })) };
    const response = { statusCode: 200, headers: {}, body: JSON.stringify(answer) };
    setTimeout(() => this.bridge.onMessageFromHost(JSON.stringify({ id: message.id, type: 2, message: response })), 0);
  }

  results(given) {
    for (const each of given) {
      const [id, ok, value, code] = Array.isArray(each) ? each : [each.id, !each.failed, each.value, each.errorCode];
      const call = this.calls.get(id);
      if (!call) continue;
      if (!call.stays) this.calls.delete(id);
      call.done(ok ? shown(value) : { error: CODES[code] || `code ${code}`, message: value });
    }
  }

  close() {
    this.window.close();
  }
}

/** Returns a value as a cell shows it; rich errors as {error, message}. */
function shown(value) {
  if (Array.isArray(value)) return value.map(shown);
  if (value && typeof value === "object" && value.type === "Error") {
    return { error: value.basicValue, message: value.message || "" };
  }
  return value;
}

module.exports = { Excel };
