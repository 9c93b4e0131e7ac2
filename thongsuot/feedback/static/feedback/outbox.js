// Reports that wait for the line: kept in this browser with their pictures until the server has them, then taken away. Used by the
// page and by the service worker. The key of a report is sent each time: the server makes one ticket of it, however often it comes.
"use strict";

(() => {
  const NAME = "thongsuot-phan-anh";
  const LOCK = "thongsuot-gui-phan-anh";

  const opened = () => new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => { asked.result.createObjectStore("reports", { keyPath: "key" }); asked.result.createObjectStore("sent", { keyPath: "key" }); };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
  const within = async (store, mode, act) => {
    const base = await opened();
    try {
      return await new Promise((done, failed) => {
        const work = base.transaction(store, mode);
        const asked = act(work.objectStore(store));
        work.oncomplete = () => done(asked.result);
        work.onerror = work.onabort = () => failed(work.error);
      });
    } finally {
      base.close();
    }
  };
  const put = (report) => within("reports", "readwrite", (store) => store.put(report));
  const get = (key) => within("reports", "readonly", (store) => store.get(key));
  const all = () => within("reports", "readonly", (store) => store.getAll());
  const remove = (key) => within("reports", "readwrite", (store) => store.delete(key));
  const sent = () => within("sent", "readonly", (store) => store.getAll());
  const forget = (key) => within("sent", "readwrite", (store) => store.delete(key));

  // The link of what was sent waits a day for the window that wrote it. What is refused and nobody's account is kept thirty days: a
  // window that was closed comes back to mend nothing.
  const DAY_MS = 86_400_000;
  const sweep = async () => {
    const older = (days) => ({ at }) => !(Date.now() - at < days * DAY_MS);
    for (const { key } of (await sent()).filter(older(1))) await forget(key);
    for (const { key } of (await all()).filter((one) => one.state === "refused" && !one.who).filter(older(30))) await remove(key);
  };

  // {state, …answer}: sent, ask (409), refused (for good: by what the server says, or by its status alone), other (`who` is here
  // instead), waiting (no line, or a fault that passes; `until`: too many came from here, it is taken from then on).
  const PASSES = [408, 425];
  const TOO_MANY = 429;
  const TOO_MANY_S = 600; // where nobody says how long
  const words = async (answer) => {
    try {
      return await answer.json();
    } catch {
      return {}; // a page, of this server or of one before it
    }
  };
  const turned = async (answer) => {
    if (answer.status < 400 || answer.status >= 500 || PASSES.includes(answer.status)) return { state: "waiting", fault: true };
    const { message = "", problems = {} } = await words(answer);
    if (answer.status === TOO_MANY) {
      const seconds = Math.min(Number(answer.headers.get("Retry-After")) || TOO_MANY_S, DAY_MS / 1000);
      return { state: "waiting", message, until: Date.now() + seconds * 1000 };
    }
    return { state: "refused", status: answer.status, message, problems };
  };
  const post = async (report, address) => {
    const headers = { Accept: "application/json" };
    try {
      const first = await fetch(address, { headers, cache: "no-store", credentials: "same-origin" });
      if (!first.ok) return await turned(first);
      const { token, who } = await first.json();
      if (who !== report.who) return { state: "other", who };
      const body = new FormData();
      for (const [name, value] of report.fields) if (name !== "csrfmiddlewaretoken") body.append(name, value);
      body.append("csrfmiddlewaretoken", token);
      for (const photo of report.photos) body.append("photos", photo.blob, photo.name);
      const answer = await fetch(address, { method: "POST", headers, body, credentials: "same-origin" });
      if (answer.status === 201) return { state: "sent", ...(await answer.json()) };
      if (answer.status === 409) return { state: "ask", ...(await answer.json()) };
      return await turned(answer);
    } catch {
      return { state: "waiting" };
    }
  };

  // Sent at last, or marked with what is wrong. What is sent is told to whoever wrote it, and to nobody else.
  const settle = async (report, answer) => {
    if (answer.state === "sent") {
      const { key, who } = report;
      await within("sent", "readwrite", (store) => store.put({ key, who, at: Date.now(), number: answer.number, href: answer.href }));
      await remove(key);
    } else if (answer.state === "refused") {
      await put({ ...report, state: "refused", status: answer.status, message: answer.message, problems: answer.problems });
    } else if (answer.state === "waiting" && (report.state !== "waiting" || answer.until)) {
      const { until, message } = answer;
      await put({ ...report, state: "waiting", until, message });
    }
  };

  const locks = navigator.locks;
  const alone = (act) => (locks ? locks.request(LOCK, act) : act());
  // What somebody is sending or mending is not sent by another hand meanwhile; the browser lets go when their page closes, whatever
  // closed it.
  const hold = (key) => {
    let free;
    const freed = new Promise((done) => { free = done; });
    locks?.request(`${LOCK}-${key}`, () => freed);
    return free;
  };
  const held = async (key) => {
    if (!locks) return false;
    const known = await locks.query();
    return [...known.held, ...known.pending].some(({ name }) => name === `${LOCK}-${key}`);
  };
  const take = (key) => alone(async () => {
    const report = await get(key);
    return report && !await held(key) ? { report, free: hold(key) } : null;
  });
  // A later sending needs no second look of the person.
  const sendOne = (key, address) => alone(async () => {
    const report = await get(key);
    if (!report || await held(key)) return null;
    const answer = await post({ ...report, fields: [...report.fields.filter(([name]) => name !== "knows"), ["knows", "1"]] }, address);
    await settle(report, answer);
    return answer;
  });
  // {left, who}: how many wait still; who is here, where the server said that it is another than the writer. `who`: of them alone.
  const sendAll = async (address, who) => {
    const told = { left: 0 };
    for (const report of await all()) {
      if (report.state === "refused" || (who !== undefined && report.who !== who)) continue;
      const answer = report.until > Date.now() ? null : await sendOne(report.key, address);
      if (!answer || answer.state === "waiting") told.left += 1;
      if (answer?.state === "other") told.who = answer.who;
    }
    if (told.left && self.registration) throw new Error("waiting"); // Background Sync tries again
    return told;
  };

  self.outbox = { put, all, remove, sent, forget, sweep, hold, take, post: (report, address) => alone(() => post(report, address)), sendOne, sendAll };
})();
