// A page that follows what happens asks every 3 seconds by itself, also while another window is in front, and says when
// nobody answers. Without this file a button or a link of the page does the same. See web/live.py.
"use strict";

(() => {
  const EVERY_MS = 3000;
  const asks = document.querySelector("[data-beat]");
  if (!asks || !window.htmx) return;
  const trouble = document.querySelector("[data-beat-lost]");

  const beat = () => {
    if (!document.querySelector("[data-beat-over]")) window.htmx.trigger(asks, "nhip");
  };
  let timer = null;
  const byItself = () => { timer ??= setInterval(beat, EVERY_MS); };
  try {
    const clock = new Worker(asks.dataset.beat);
    clock.onmessage = beat;
    clock.onerror = byItself;
  } catch {
    byItself();
  }
  document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt === asks && trouble) trouble.hidden = event.detail.successful;
  });
  beat();
})();
