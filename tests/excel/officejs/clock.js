// A clock for pages under test: what they wait for at the longest comes later, however busy the machine is.

"use strict";

const SLOW = 20;
/**
 * Lets the limits of a window's scripts come `slow` times as late; what waits for less than a second is a pause.
 * It may run in a page, so it needs nothing else.
 */
function slowClock(window, slow) {
  const LIMIT_MS = 1000;
  const { setTimeout, Date } = window;
  const start = Date.now();
  const now = Date.now.bind(Date);
  window.setTimeout = (action, milliseconds, ...given) =>
    setTimeout.call(window, action, milliseconds >= LIMIT_MS ? milliseconds * slow : milliseconds, ...given);
  window.Date.now = () => start + (now() - start) / slow;
}

module.exports = { SLOW, slowClock };
