// The voice of the call board: each call is said once, one after another. A browser that was not touched yet may not sound:
// then the board asks to be touched. What was said is remembered, so that a board that is loaded again does not repeat it.
"use strict";

(() => {
  const KEPT = 60;
  const NAME = "da-goi";
  const off = document.querySelector("[data-sound-off]");
  const place = document.getElementById("tieng");
  if (!off || !place) return;
  const said = new Set(JSON.parse(sessionStorage.getItem(NAME) ?? "[]"));
  const waiting = [];
  const audio = new Audio();
  let speaking = false;

  const next = async () => {
    if (speaking || !waiting.length) return;
    speaking = true;
    audio.src = waiting[0].sound;
    try {
      await audio.play();
      off.hidden = true;
    } catch (trouble) {
      speaking = false;
      if (trouble.name === "NotAllowedError") { off.hidden = false; return; }
      over(); // no longer called, or no line: the board shows it
    }
  };
  const over = () => {
    speaking = false;
    waiting.shift();
    next();
  };
  audio.addEventListener("ended", over);
  const look = () => {
    for (const call of place.querySelectorAll("[data-call]")) {
      if (said.has(call.dataset.call)) continue;
      said.add(call.dataset.call);
      waiting.push({ sound: call.dataset.sound });
    }
    sessionStorage.setItem(NAME, JSON.stringify([...said].slice(-KEPT)));
    next();
  };
  off.querySelector("button").addEventListener("click", () => { off.hidden = true; next(); });
  new MutationObserver(look).observe(place, { childList: true });
  look();
})();
