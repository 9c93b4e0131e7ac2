// Small comforts on pages that work without them: keys, picking rows, saving as one types, menus that close. No page needs this file.
"use strict";

(() => {
  const QUIET_MS = 2000;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const visible = (element) => element.getClientRects().length > 0;
  const takesText = (element) => element.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select, [contenteditable]");

  // --- After a refused form the summary takes the focus, so that it is read out first ---
  // Where a part of the page was swapped, the reader goes on from the same place.
  const focusSummary = (root) => {
    const place = root.querySelector("[data-focus]");
    place?.focus();
    place?.scrollIntoView({ block: "nearest" });
  };

  // --- Keys: data-key on a button or link presses it, on a field goes there. Letters only where nobody types ---
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape") return closeMenus();
    const letter = event.key.length === 1;
    if (letter && (takesText(event.target) || document.documentElement.dataset.keys === "off")) return;
    const wanted = event.key.toUpperCase();
    const target = all("[data-key]").find((one) => one.dataset.key.toUpperCase() === wanted && visible(one));
    if (target) {
      event.preventDefault();
      if (takesText(target)) { target.focus(); target.select?.(); } else target.click();
    } else if (letter) walk(event, wanted);
  });

  // --- Tables to pick from: J and K walk, X picks, / searches ---
  const rowOf = (element) => element.closest("[data-pick] tbody tr");
  const walk = (event, key) => {
    const rows = all("[data-pick] tbody tr").filter(visible);
    const here = rows.indexOf(rowOf(document.activeElement));
    if (key === "J" || key === "K") {
      const next = rows[Math.min(rows.length - 1, Math.max(0, here + (key === "J" ? 1 : here < 0 ? 1 : -1)))];
      (next?.querySelector("a") ?? next?.querySelector("input"))?.focus();
    } else if (key === "X" && here >= 0) {
      rows[here].querySelector(".pick input")?.click();
    } else if (key === "/") {
      const field = all("input[type=search]").find(visible);
      if (!field) return;
      field.focus();
    } else return;
    event.preventDefault();
  };

  const boxes = (table) => all("tbody .pick input", table);
  const count = (table) => {
    const every = boxes(table);
    const picked = every.filter((box) => box.checked).length;
    const head = table.querySelector("[data-pick-all] input");
    if (head) { head.checked = picked > 0 && picked === every.length; head.indeterminate = picked > 0 && picked < every.length; }
    const form = table.closest("form") ?? document;
    for (const say of all("[data-picked]", form)) {
      say.textContent = picked ? say.dataset.picked.replace("%s", picked) : say.dataset.pickedNone;
    }
  };
  const preparePicking = (root) => {
    for (const table of all("table[data-pick]", root)) {
      for (const head of all("[data-pick-all]", table)) head.hidden = false;
      count(table);
    }
  };
  document.addEventListener("change", (event) => {
    const table = event.target.closest?.("table[data-pick]");
    if (!table) return;
    if (event.target.closest("[data-pick-all]")) for (const box of boxes(table)) box.checked = event.target.checked;
    count(table);
  });

  // --- Menus close on Escape, on a click elsewhere and when the focus leaves ---
  const closeMenus = (except) => {
    for (const menu of all("details.menu[open]")) {
      if (except && menu.contains(except)) continue;
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside && !except) menu.querySelector("summary").focus();
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("focusin", (event) => closeMenus(event.target));

  // --- One press sends once; going back makes the form usable again ---
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    else { form.dataset.sent = "1"; setTimeout(() => delete form.dataset.sent, 5000); }
  });
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => delete form.dataset.sent));
  document.addEventListener("htmx:afterRequest", (event) => delete event.target.closest?.("form")?.dataset.sent);

  // --- Saving as one types: never files, never when the page is being sent anyway ---
  const timers = new WeakMap();
  const save = async (form) => {
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    const say = form.querySelector("[data-autosave-say]") ?? document.querySelector("[data-autosave-say]");
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: fields, headers: { "X-Autosave": "1" } });
      const type = answer.headers.get("Content-Type") ?? "";
      if (say && answer.ok && type.startsWith("text/plain")) say.textContent = await answer.text();
    } catch {
      // The network is away: the next change tries again, and the button still sends everything.
    }
  };
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form[data-autosave]");
    if (!form) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => save(form), QUIET_MS));
  });
  document.addEventListener("submit", (event) => clearTimeout(timers.get(event.target)));

  const prepare = (root) => { preparePicking(root); focusSummary(root); };
  prepare(document);
  document.addEventListener("htmx:afterSwap", (event) => prepare(event.target));
})();
