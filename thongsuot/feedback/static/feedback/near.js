// "Near me": fills two fields with where the reader is and asks. Without this file, or without a location, a ward is chosen.
"use strict";

(() => {
  const form = document.querySelector("form[data-here]");
  if (!form || !navigator.geolocation) return;
  const button = form.querySelector("[data-here-button]");
  const say = form.querySelector("[data-here-say]");
  form.hidden = button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    say.textContent = "";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        // About a hundred metres: more is not needed, and nobody is sent more.
        form.elements.lat.value = coords.latitude.toFixed(3);
        form.elements.lon.value = coords.longitude.toFixed(3);
        form.requestSubmit();
      },
      () => { button.disabled = false; say.textContent = say.dataset.hereSay; },
      { enableHighAccuracy: false, timeout: 10000, maximumAge: 300000 },
    );
  });
})();
