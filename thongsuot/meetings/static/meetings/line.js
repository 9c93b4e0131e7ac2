// A conference's page asks every 3 seconds by itself, also while another window is in front, and says when nobody answers.
// Without this file the buttons "Chúng tôi đang ở đây" and "Xem lại" do the same.
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
