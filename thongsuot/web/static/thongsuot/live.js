// A page that follows what happens asks what is new as soon as it is told that something is (data-follows: a line of
// server-sent events), and every 3 seconds by itself where no such line stands, also while another window is in front. It
// says when nobody answers. Without this file a button or a link of the page does the same. See web/live.py.
"use strict";

(() => {
  const EVERY_MS = 3000;
  const EVEN_SO_MS = 30000; // with a line: the clock on a page, and what no line was told of
  const QUIET_MS = 18000; // a sign of life did not come: asks, for a line that breaks without a word looks like this
  const SILENCE_MS = 45000; // three signs of life that did not come: the line is dead though nobody cut it
  const ELSEWHERE_MS = 12000; // without an answer: the page goes on where it can (data-elsewhere)
  const AT_LEAST_MS = 150; // many pulses in one moment are one question
  const SPREAD_MS = 2000; // the lines of a whole city come back in one moment: its pages do not ask in the same one
  const asks = document.querySelector("[data-beat]");
  if (!asks || !window.htmx) return;
  const trouble = document.querySelector("[data-beat-lost]");
  let told = false;
  let lastBeat = 0;
  let lastSign = 0;
  let failures = 0;
  let waiting = null;
  let lastAnswer = 0;
  let leftAt = 0;

  const goElsewhere = () => {
    if (Date.now() - leftAt < ELSEWHERE_MS) return; // on its way: setting out anew would begin from the beginning
    leftAt = Date.now();
    location.assign(asks.dataset.elsewhere);
  };
  const beat = () => {
    const asked = lastBeat = Date.now();
    if (asks.dataset.elsewhere) setTimeout(() => { if (lastAnswer < asked) goElsewhere(); }, ELSEWHERE_MS);
    if (!document.querySelector("[data-beat-over]")) window.htmx.trigger(asks, "nhip");
  };
  const soon = () => {
    waiting ??= setTimeout(() => { waiting = null; beat(); }, Math.max(0, lastBeat + AT_LEAST_MS - Date.now()));
  };
  const byTheClock = () => {
    if (told && Date.now() - lastSign > SILENCE_MS) connect();
    // Asked in vain, though the line stands: soon again, but not all pages of a city every 3 seconds until it answers.
    const quiet = Date.now() - lastSign > QUIET_MS ? EVERY_MS * 2 : EVEN_SO_MS;
    const patience = failures ? Math.min(EVERY_MS * 2 ** (failures - 1), EVEN_SO_MS) : quiet;
    if (!told || Date.now() - lastBeat >= patience) beat();
  };
  let timer = null;
  const byItself = () => { timer ??= setInterval(byTheClock, EVERY_MS); };
  try {
    const clock = new Worker(asks.dataset.beat);
    clock.onmessage = byTheClock;
    clock.onerror = byItself;
  } catch {
    byItself();
  }

  let line = null;
  let wasTold = false;
  const connect = () => {
    line?.close();
    told = false;
    lastSign = Date.now();
    const mine = line = new EventSource(asks.dataset.follows);
    const sign = () => { told = true; lastSign = Date.now(); };
    line.onopen = () => { // what happened while there was no line is asked for
      sign();
      if (wasTold) setTimeout(soon, SPREAD_MS * Math.random());
      else soon();
      wasTold = true;
    };
    line.onmessage = () => { sign(); soon(); };
    line.addEventListener("here", sign);
    line.addEventListener("cut", () => { told = false; lastSign = Date.now(); });
    line.onerror = () => {
      told = false;
      if (mine.readyState === EventSource.CLOSED) setTimeout(() => { if (line === mine) connect(); }, 10000 + 10000 * Math.random());
    };
  };
  if (asks.dataset.follows) connect();

  document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== asks) return;
    failures = event.detail.successful ? 0 : failures + 1;
    if (trouble) trouble.hidden = !failures;
    if (event.detail.successful) lastAnswer = Date.now();
  });
  beat();
})();
