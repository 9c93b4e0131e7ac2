// "Where I am": fills the two fields and sends the form. Without this file, or without a location, people type or choose a place.
// data-here-digits: as exactly as that many decimals of a degree, where more is not needed; without it five.
"use strict";

(() => {
  const form = document.querySelector("form[data-here]");
  const button = form?.querySelector("[data-here-button]");
  if (!button || !navigator.geolocation) return;
  const say = form.querySelector("[data-here-say]");
  const rough = form.dataset.hereDigits;
  form.hidden = button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    say.textContent = "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lat.value = coords.latitude.toFixed(Number(rough ?? 5));
        form.elements.lon.value = coords.longitude.toFixed(Number(rough ?? 5));
        form.requestSubmit();
      },
      () => {
        button.disabled = false;
        say.textContent = say.dataset.hereSay;
      },
      { enableHighAccuracy: !rough, timeout: 10000, maximumAge: rough ? 300000 : 60000 },
    );
  });
})();
