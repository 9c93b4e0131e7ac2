// The page of a report made quick: find the category as one types, see pictures before they go, send without losing anything when the
// line is away. Without this file the same form is sent by its button.
"use strict";

(() => {
  const form = document.querySelector("[data-report]");
  if (!form) return;
  const script = document.currentScript ?? document.querySelector("script[data-worker]");
  const box = window.outbox;
  const $ = (selector, root = document) => root.querySelector(selector);
  const say = (name, value = "") => $("template[data-sayings]").content.querySelector(`[data-name="${name}"]`)?.textContent.replace("%s", value);
  const make = (tag, className, words = "") => Object.assign(document.createElement(tag), { className, textContent: words });
  const press = (words, act, kind = "btn--quiet") => {
    const button = Object.assign(make("button", `btn ${kind}`, words), { type: "button" });
    button.addEventListener("click", act);
    return button;
  };
  const address = location.pathname;
  const freshKey = () => [...crypto.getRandomValues(new Uint8Array(18))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  for (const one of document.querySelectorAll("[data-script-only]")) one.hidden = false;
  // A page that was kept, or comes back by the Back button, begins a report of its own.
  form.elements.key.value = freshKey();
  window.addEventListener("pageshow", (event) => { if (event.persisted) form.elements.key.value = freshKey(); });

  // The page that the service worker keeps knows nobody: who was logged in last time, as a digest, says whose report it will be.
  const WHO = "thongsuot-phan-anh-ai";
  const whose = () => {
    try {
      if ("kept" in form.dataset) return localStorage.getItem(WHO) ?? "";
      if (form.dataset.who) localStorage.setItem(WHO, form.dataset.who); else localStorage.removeItem(WHO);
    } catch {
      // No store: then nothing waits either.
    }
    return form.dataset.who;
  };
  let who = whose();
  // Of nobody in particular, and of an account while there is no line to tell who sits here, only what this window wrote is shown.
  const HERE = "thongsuot-phan-anh-o-day";
  const here = () => {
    try {
      return JSON.parse(sessionStorage.getItem(HERE) ?? "[]");
    } catch {
      return [];
    }
  };
  const wroteHere = (key) => {
    try {
      sessionStorage.setItem(HERE, JSON.stringify([...here(), key]));
    } catch {
      // Then an account is shown it once there is a line, and nobody else ever: it is sent all the same.
    }
  };
  const theirs = (one) => (one.who ?? "") === who && ((who && !("kept" in form.dataset)) || here().includes(one.key));

  // --- The category: looked for, or guessed from the words ---
  const key = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").replace(/[^0-9a-z]+/g, " ").trim();
  const rows = [...$("[data-categories]").content.children].map((one) => ({
    code: one.dataset.code, name: one.textContent, text: ` ${key(one.dataset.text)} ${one.dataset.keywords.replaceAll("|", " ")} `,
    keywords: one.dataset.keywords.split("|").filter(Boolean),
  }));
  const category = form.elements.category;
  const guesses = $("[data-guesses]");
  const offer = (title, found) => {
    guesses.replaceChildren(make("span", "", title), ...found.map((row) => press(row.name, () => choose(row.code), "btn--second")));
    guesses.hidden = !title;
  };
  const choose = (code) => {
    category.value = code;
    category.dispatchEvent(new Event("change", { bubbles: true }));
    offer("", []);
    $("[data-find]").value = "";
    category.focus();
  };
  $("[data-find]").addEventListener("input", (event) => {
    const words = key(event.target.value).split(" ").filter(Boolean);
    if (!words.length) return offer("", []);
    const found = rows.filter((row) => words.every((word) => row.text.includes(` ${word}`))).slice(0, 6);
    offer(found.length ? say("found") : say("none"), found);
  });
  $("[data-find]").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    $("button", guesses)?.click();
  });
  form.elements.words.addEventListener("change", () => {
    if (category.value) return;
    const words = ` ${key(form.elements.words.value)} `;
    const weigh = (row) => row.keywords.filter((one) => words.includes(` ${one} `)).reduce((sum, one) => sum + one.length, 0);
    const found = rows.map((row) => ({ ...row, weight: weigh(row) })).filter((row) => row.weight).sort((a, b) => b.weight - a.weight);
    offer(found.length ? say("guess") : "", found.slice(0, 3));
  });
  category.addEventListener("change", () => {
    const asks = $(`template[data-questions="${CSS.escape(category.value)}"]`);
    $("[data-asked]").replaceChildren(...(asks ? [asks.content.cloneNode(true)] : []));
  });

  // --- Pictures ---
  const most = Number(form.dataset.most);
  const list = $("[data-photos]");
  const photosSay = $("[data-photos-say]");
  const picker = form.elements.photos;
  picker.accept = "image/*";
  let photos = [];
  const drawPhotos = async () => {
    const drawn = await Promise.all(photos.map(async (photo) => {
      const row = make("li", "");
      const name = make("span", "");
      name.append(await window.pictures.drawSmall(photo.blob), ` ${photo.name}`);
      const button = press(say("remove"), () => { photos = photos.filter((one) => one !== photo); drawPhotos(); });
      button.append(make("span", "vh", ` ${photo.name}`));
      row.append(name, button);
      return row;
    }));
    list.replaceChildren(...drawn);
    list.hidden = !photos.length;
  };
  const add = async (files) => {
    const wrong = [];
    photosSay.textContent = say("reading");
    for (const file of files) {
      if (photos.length >= most) { wrong.push(say("many", most)); break; }
      try {
        photos.push(await window.pictures.prepared(file));
      } catch (trouble) {
        wrong.push(say(trouble.message === "large" ? "large" : "unread", file.name));
      }
    }
    photosSay.textContent = wrong.join(" ");
    await drawPhotos();
  };
  let adding = Promise.resolve();
  for (const input of [picker, $("[data-camera]")]) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      adding = adding.then(() => add(files));
      input.value = "";
    });
  }

  // --- Sending ---
  const button = $(".btn--big span", form);
  const problemsAt = $("[data-problems]");
  const tell = (message, problems = {}) => {
    for (const one of form.querySelectorAll("[data-wrong]")) one.remove();
    for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
    problemsAt.replaceChildren();
    if (!message) return;
    const note = Object.assign(make("div", "errors"), { tabIndex: -1 });
    note.setAttribute("role", "alert");
    const lines = make("ul", "");
    for (const [id, words] of Object.entries(problems)) {
      const line = make("li", "");
      line.append(Object.assign(make("a", "", words), { href: `#${id}` }));
      lines.append(line);
      const field = document.getElementById(id);
      field?.setAttribute("aria-invalid", "true");
      const wrong = make("span", "error", words);
      wrong.dataset.wrong = "";
      field?.before(wrong);
      for (let fold = field?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    }
    const shownMessage = lines.children.length ? say("problems") : message;
    note.append(make("h2", "", shownMessage), lines);
    problemsAt.append(note);
    note.focus();
  };
  const reset = () => {
    mending?.free();
    mending = null;
    form.reset();
    photos = [];
    drawPhotos();
    $("[data-asked]").replaceChildren();
    $("[data-before]").replaceChildren();
    form.elements.key.value = freshKey();
  };
  const written = () => ({
    key: form.elements.key.value,
    who,
    at: Date.now(),
    state: "waiting",
    fields: [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken"),
    photos,
  });
  let sending = false;
  let mending = null; // {report, free}: as it was kept, and how to let go of it
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    tell("");
    await adding;
    const report = written();
    const mended = mending?.report.key === report.key;
    const before = button.textContent;
    button.textContent = say("sending");
    let kept = true;
    const free = mended ? () => {} : box.hold(report.key);
    wroteHere(report.key);
    try {
      await box.put(report); // before it is sent: a page that is closed in between sends it again
    } catch {
      kept = false;
    }
    const answer = await box.post(report, address);
    free();
    button.textContent = before;
    sending = false;
    if (answer.state === "sent") {
      await box.remove(report.key).catch(() => {});
      reset();
      location.assign(answer.href);
      return;
    }
    if (answer.state === "waiting") {
      if (!kept) return tell(answer.message || say("unkept"));
      if (answer.until) await box.put({ ...report, until: answer.until, message: answer.message }).catch(() => {});
      reset();
      await drawOutbox(answer.fault ? say("fault") : "");
      again(FIRST_MS);
      $("[data-outbox]").scrollIntoView({ block: "center" });
      return;
    }
    // What is being mended stays kept until it is sent, with what is wrong now; a new one stands in the form alone.
    if (!mended) await box.remove(report.key).catch(() => {});
    else if (answer.state === "refused") await box.put({ ...report, ...answer }).catch(() => {});
    if (answer.state === "ask") {
      const place = $("[data-before]");
      place.innerHTML = answer.html;
      place.focus();
    } else tell(answer.state === "other" ? say(report.who ? "other" : "nobody") : reason(answer), answer.problems);
  });

  // --- What waits ---
  // Only where the browser itself promises to send later may the page be closed.
  const promised = async () => {
    try {
      const registration = await navigator.serviceWorker.getRegistration();
      await registration.sync.register("gui-phan-anh");
      return true;
    } catch {
      return false; // no Background Sync: this page, or the next one, sends
    }
  };
  const reason = ({ status, message, problems }) =>
    [message || say(`status-${status}`) || say("status", status), ...Object.values(problems ?? {})].join(" ");
  const mend = async (key) => {
    if (form.elements.words.value.trim() || photos.length) return tell(say("busy"));
    const taken = await box.take(key);
    if (!taken) return drawOutbox(); // sent meanwhile, or in another window
    reset();
    mending = taken;
    const report = taken.report;
    const fields = new Map();
    for (const [name, value] of report.fields) fields.set(name, [...(fields.get(name) ?? []), value]);
    category.value = fields.get("category")?.[0] ?? "";
    category.dispatchEvent(new Event("change", { bubbles: true }));
    for (const [name, values] of fields) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
        if (field.type === "file") continue;
        if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
        else field.value = values[0];
        if (name === "latitude" || name === "longitude") field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    photos = [...report.photos];
    await drawPhotos();
    await drawOutbox();
    tell(report.state === "refused" ? reason(report) : "", report.problems);
    if (report.state !== "refused") form.elements.words.focus();
  };
  const rowOf = (report) => {
    const row = make("li", "");
    const words = (report.fields.find(([name]) => name === "words")?.[1] ?? "").slice(0, 80);
    const told = make("div", "", words);
    const small = make("span", "soft small", ` ${new Date(report.at).toLocaleString("vi-VN")}, ${say("photos", report.photos.length)}`);
    told.append(make("br", ""), small);
    const acts = make("span", "row");
    row.append(told, acts);
    if (mending?.report.key === report.key) {
      told.append(make("br", ""), make("span", "small", say("mending")));
      acts.append(press(say("stop"), async () => { reset(); tell(""); await drawOutbox(); again(1000); }));
      return row;
    }
    if (report.state === "refused") told.append(make("br", ""), make("span", "error", `${say("refused")} ${reason(report)}`));
    else if (report.until) told.append(make("br", ""), make("span", "small", [report.message, say("later")].filter(Boolean).join(" ")));
    acts.append(
      press(say(report.state === "refused" ? "mend" : "look"), () => mend(report.key)),
      press(say("again"), async () => { await box.sendOne(report.key, address); await drawOutbox(); again(FIRST_MS); }),
      press(say("delete"), async () => { await box.remove(report.key); await drawOutbox(); }),
    );
    return row;
  };
  const arrived = []; // told on this page as long as it is open; nothing of it stays in this browser
  let drawn = "";
  const draw = async (more) => {
    const place = $("[data-outbox]");
    const [all, sent] = await Promise.all([box.all(), box.sent()]);
    for (const one of sent.filter(theirs)) {
      arrived.push(one);
      await box.forget(one.key);
    }
    await box.sweep();
    const elsewhere = sent.filter((one) => (one.who ?? "") === who && !theirs(one)).length;
    const unsent = all.filter(theirs);
    const gone = arrived.filter(theirs);
    const waits = unsent.some((one) => one.state !== "refused");
    const note = waits && [more, say(await promised() ? "kept" : "open")].filter(Boolean).join(" ");
    // Drawn anew only when something changed: whoever stands on one of its buttons stays there.
    const now = JSON.stringify([unsent, gone, elsewhere, all.map((one) => one.state), note, mending?.report.key]);
    if (now === drawn) return;
    drawn = now;
    place.replaceChildren();
    for (const one of gone) {
      const said = make("p", "note note--ok");
      said.append(make("b", "", say("sent", one.number)), " ", Object.assign(make("a", "", say("follow")), { href: one.href }));
      place.append(said);
    }
    if (unsent.length) {
      const list = make("ul", "rows panel");
      list.append(...unsent.map(rowOf));
      place.append(make("p", "h3", say(waits ? "waiting" : "unsent", unsent.length)), ...(note ? [make("p", "small", note)] : []), list);
    }
    // Of others: those that will be sent, and those that nobody sends any more as they are.
    const foreign = all.filter((one) => !theirs(one));
    for (const [name, states] of [["others", (one) => one.state !== "refused"], ["others-refused", (one) => one.state === "refused"]]) {
      const count = foreign.filter(states).length;
      if (count) place.append(make("p", "small soft", say(name, count)));
    }
    if (elsewhere) place.append(make("p", "small soft", say("elsewhere", elsewhere)));
    place.hidden = !place.children.length;
  };
  let drawing = Promise.resolve();
  const drawOutbox = (more = "") => (drawing = drawing.catch(() => {}).then(() => draw(more)));

  // While something waits it is tried again: when the line is back, when the page is looked at, else ever more seldom.
  const FIRST_MS = 15_000;
  const LONGEST_MS = 600_000;
  let timer = 0;
  const again = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => sendWaiting(Math.min(Math.max(wait, FIRST_MS / 2) * 2, LONGEST_MS)), wait);
  };
  const sendWaiting = async (next = FIRST_MS) => {
    if (mending && !navigator.locks) return again(next); // nothing else would keep it from being sent meanwhile
    try {
      const told = await box.sendAll(address, who);
      who = told.who ?? who;
      await drawOutbox();
      if (told.left) again(next);
    } catch {
      // No store in this browser: nothing can wait in it.
    }
  };
  window.addEventListener("online", () => sendWaiting());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) sendWaiting(); });
  sendWaiting();

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(script.dataset.worker, { scope: script.dataset.scope }).catch(() => {});
  }
})();
