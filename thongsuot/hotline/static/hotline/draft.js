// What an operator has typed of a ticket stays in this tab while they look something up beside it; it is gone with the ticket, with
// the next call, with the desk when no call is in hand, and with the tab. Without this file a form keeps what it is sent.
"use strict";

(() => {
  const KEY = "hotline";
  const form = document.querySelector("form[data-draft]");
  if (!form) return sessionStorage.removeItem(KEY);
  history.replaceState(null, "", location.href); // drawn for a form that was sent: gone back to or loaded anew it is not sent again
  const fields = () => [...form.elements].filter((one) => one.name && one.type !== "hidden" && one.type !== "submit");
  const ticks = (one) => one.type === "checkbox" || one.type === "radio";
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  if (kept?.of === form.dataset.draft) {
    for (const one of fields()) {
      const values = kept.said[one.name];
      if (!values) continue;
      if (ticks(one)) one.checked = values.includes(one.value);
      else one.value = values[0] ?? "";
    }
  } else sessionStorage.removeItem(KEY);
  form.addEventListener("input", () => {
    const said = {};
    for (const one of fields()) {
      said[one.name] ??= [];
      if (!ticks(one) || one.checked) said[one.name].push(one.value);
    }
    sessionStorage.setItem(KEY, JSON.stringify({ of: form.dataset.draft, said }));
  });
})();
