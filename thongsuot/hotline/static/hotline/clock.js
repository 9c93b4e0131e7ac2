// The clock of a call counts down by itself; without this file the page says the instant, and what was left when it was drawn.
"use strict";

setInterval(() => {
  for (const clock of document.querySelectorAll("[data-until]")) {
    const left = Math.ceil((Date.parse(clock.dataset.until) - Date.now()) / 1000);
    clock.textContent = left > 0 ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : clock.dataset.late;
  }
}, 1000);
