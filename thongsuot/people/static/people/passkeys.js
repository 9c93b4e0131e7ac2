// Passkeys: shows their buttons where the browser knows them, and says in words when something went wrong.
// The ceremony itself is allauth's (mfa/js/webauthn.js).
(() => {
  "use strict";

  document.addEventListener("DOMContentLoaded", () => {
    if (!window.PublicKeyCredential) return;
    for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
    for (const part of document.querySelectorAll("[data-passkey-none]")) part.hidden = true;
  });

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const part of document.querySelectorAll("[data-passkey-trouble]")) part.hidden = false;
  });
})();
