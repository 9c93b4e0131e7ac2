// The voice of the call board: each call is said once, one after another. A browser that was not touched yet may not sound:
// then the board asks to be touched. What was said is remembered, so that a board that is loaded again does not repeat it.
"use strict";

(() => {
  const KEPT = 60;
  const LONGEST_MS = 30000; // a sound that neither ends nor fails must not silence the calls after it
  const NAME = "da-goi";
  const off = document.querySelector("[data-sound-off]");
  const place = document.getElementById("tieng");
  if (!off || !place) return;
  const said = new Set(JSON.parse(sessionStorage.getItem(NAME) ?? "[]"));
  const waiting = [];
  const audio = new Audio();
  let speaking = false;
  let givenUp = null;

  const next = async () => {
    const call = waiting[0];
    if (speaking || !call) return;
    speaking = true;
    givenUp = setTimeout(over, LONGEST_MS, call);
    audio.src = call.sound;
    try {
      await audio.play();
      off.hidden = true;
    } catch (trouble) {
      if (trouble.name !== "NotAllowedError") return over(call); // no longer called, or no line: the board shows it
      if (waiting[0] !== call) return;
      speaking = false;
      clearTimeout(givenUp);
      off.hidden = false;
    }
  };
  const over = (call) => {
    if (waiting[0] !== call) return; // it was over already
    speaking = false;
    clearTimeout(givenUp);
    waiting.shift();
    next();
  };
  audio.addEventListener("ended", () => over(waiting[0]));
  audio.addEventListener("error", () => over(waiting[0])); // also when the line breaks amid the words
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
