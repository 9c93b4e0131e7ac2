// "Use my location": fills the two fields and sends the form. Without this file, or without a location, people type.
"use strict";

(() => {
  const form = document.querySelector("form[data-here]");
  const button = form?.querySelector("[data-here-button]");
  if (!button || !navigator.geolocation) return;
  const say = form.querySelector("[data-here-say]");
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    say.textContent = "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lat.value = coords.latitude.toFixed(5);
        form.elements.lon.value = coords.longitude.toFixed(5);
        form.requestSubmit();
      },
      () => {
        button.disabled = false;
        say.textContent = say.dataset.hereSay;
      },
      { enableHighAccuracy: true, timeout: 10000, maximumAge: 60000 },
    );
  });
})();
