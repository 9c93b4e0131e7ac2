// The page of a report made quick: find the category as one types, see pictures before they go, send without losing anything when the
// line is away. Without this file the same form is sent by its button.
"use strict";

(() => {
  const form = document.querySelector("[data-report]");
  if (!form) return;
  const script = document.currentScript ?? document.querySelector("script[data-worker]");
  const box = window.outbox;
  const $ = (selector, root = document) => root.querySelector(selector);
  const say = (name, value = "") => $("template[data-sayings]").content.querySelector(`[data-name=${name}]`).textContent.replace("%s", value);
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
  const who = whose();
  const notTheirs = (report) => say(report.who ? "other" : "nobody");

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
    form.reset();
    photos = [];
    drawPhotos();
    $("[data-asked]").replaceChildren();
    $("[data-before]").replaceChildren();
    form.elements.key.value = freshKey();
    form.dispatchEvent(new CustomEvent("feedback:emptied"));
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
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    tell("");
    await adding;
    const report = written();
    const before = button.textContent;
    button.textContent = say("sending");
    let kept = true;
    try {
      await box.put(report); // before it is sent: a page that is closed in between sends it again
    } catch {
      kept = false;
    }
    const answer = await box.post(report, address);
    button.textContent = before;
    sending = false;
    if (answer.state === "sent") {
      await box.remove(report.key).catch(() => {});
      reset();
      location.assign(answer.href);
      return;
    }
    if (answer.state === "waiting") {
      if (!kept) return tell(say("unkept"));
      reset();
      await drawOutbox(answer.fault ? say("fault") : "");
      later();
      $("[data-outbox]").scrollIntoView({ block: "center" });
      return;
    }
    await box.remove(report.key).catch(() => {});
    if (answer.state === "ask") {
      const place = $("[data-before]");
      place.innerHTML = answer.html;
      place.focus();
    } else tell(answer.state === "other" ? notTheirs(report) : answer.message, answer.problems);
  });

  // --- What waits ---
  const later = async () => {
    try {
      const registration = await navigator.serviceWorker.ready;
      await registration.sync.register("gui-phan-anh");
    } catch {
      // No Background Sync: this page, or the next one, sends.
    }
  };
  const mend = async (report) => {
    reset();
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
    await box.remove(report.key);
    await drawOutbox();
    if (report.message) tell(report.message, report.problems);
    else form.elements.words.focus();
  };
  const rowOf = (report) => {
    const row = make("li", "");
    const words = (report.fields.find(([name]) => name === "words")?.[1] ?? "").slice(0, 80);
    const told = make("div", "", words);
    const small = make("span", "soft small", ` ${new Date(report.at).toLocaleString("vi-VN")}, ${say("photos", report.photos.length)}`);
    told.append(make("br", ""), small);
    if (report.state !== "waiting") {
      const why = report.state === "other" ? notTheirs(report) : [report.message, ...Object.values(report.problems)].join(" ");
      told.append(make("br", ""), make("span", "error", `${say("refused")} ${why}`));
    }
    const acts = make("span", "row");
    acts.append(
      press(report.state === "refused" ? say("mend") : say("look"), () => mend(report)),
      press(say("again"), async () => { await box.sendOne(report.key, address); await drawOutbox(); }),
      press(say("delete"), async () => { await box.remove(report.key); await drawOutbox(); }),
    );
    row.append(told, acts);
    return row;
  };
  const drawOutbox = async (more = "") => {
    const place = $("[data-outbox]");
    const [waiting, gone] = await Promise.all([box.all(), box.sent()]);
    place.replaceChildren();
    for (const one of gone) {
      const note = make("p", "note note--ok");
      note.append(make("b", "", say("sent", one.number)), " ", Object.assign(make("a", "", say("follow")), { href: one.href }));
      place.append(note);
      await box.forget(one.key); // shown: nothing of it stays in this browser
    }
    if (waiting.length) {
      const list = make("ul", "rows panel");
      list.append(...waiting.map(rowOf));
      place.append(make("p", "h3", say("waiting", waiting.length)), make("p", "small", more || say("kept")), list);
    }
    place.hidden = !place.children.length;
  };
  const sendWaiting = async () => {
    try {
      if ((await box.all()).length) await box.sendAll(address);
      await drawOutbox();
    } catch {
      // No store in this browser: nothing can wait in it.
    }
  };
  window.addEventListener("online", sendWaiting);
  sendWaiting();

  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(script.dataset.worker, { scope: script.dataset.scope }).catch(() => {});
  }
})();
