// Takes orders as JSON, one a line on stdin, and answers each on stdout: a test drives Excel's side through it.

"use strict";

const fs = require("fs");
const readline = require("readline");
const { Excel } = require("./host.js");

let excel;
const streams = new Map();

const ORDERS = {
  async open({ url, token, countsFrom1904, slow }) {
    const [script, metadata] = await Promise.all(
      ["functions.js", "functions.json"].map(async (each) => (await fetch(`${url}/office/${each}`)).text()));
    excel = new Excel(script, JSON.parse(metadata), { url: `${url}/office/taskpane.html`, token, countsFrom1904, slow });
    return Object.keys(excel.window.kpicore.functions).length;
  },
  async calls({ calls }) {
    const before = excel.requests.length;
    const started = Date.now();
    const results = await Promise.all(excel.calls_of(calls));
    const requests = excel.requests.slice(before);
    return { results, seconds: (Date.now() - started) / 1000, requests: requests.filter((each) => each === "/v1/cells").length };
  },
  async stream({ name, id, args }) {
    const values = [];
    streams.set(name, { values, stop: excel.stream(id, args, (value) => values.push(value)) });
  },
  async streamed({ name, count }) {
    const { values } = streams.get(name);
    while (values.length < count) await new Promise((done) => setTimeout(done, 20));
    return values;
  },
  async stop({ name }) {
    streams.get(name).stop();
    return excel.window.kpicore.state().live;
  },
  async recalculated({ count }) {
    while (excel.recalculations < count) await new Promise((done) => setTimeout(done, 20));
    return excel.recalculations;
  },
  async enter({ token }) {
    await excel.window.kpicore.keepToken(token);
    return { settings: [...excel.settings], stored: [...excel.stored] };
  },
  async refresh() {
    await excel.window.kpicore.refresh();
    return excel.recalculations;
  },
  async unreachable({ requests }) {
    excel.unreachable = requests;
  },
  async answer(played) {
    excel.answers.push(played);
  },
  async touch_after({ file, requests, time }) {
    excel.onRequest = () => {
      if (excel.requests.length === requests + 1) fs.utimesSync(file, time, time);
    };
  },
  async state() {
    const asked = [...excel.window.kpicore.lastCalls].map(([address, call]) => [address, call.name, call.values]);
    return { ...excel.window.kpicore.state(), asked };
  },
};

async function obey(line) {
  const order = JSON.parse(line);
  try {
    return { done: (await ORDERS[order.do](order)) ?? null };
  } catch (failure) {
    return { failed: failure.stack || String(failure) };
  }
}

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", async (line) => process.stdout.write(JSON.stringify(await obey(line)) + "\n"));
lines.on("close", () => process.exit(0));
