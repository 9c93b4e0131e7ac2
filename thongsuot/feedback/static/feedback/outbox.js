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

  // {state, …answer}: sent, ask (409), refused (the server says why), other (of another account), waiting (no line, or a fault there).
  const post = async (report, address) => {
    const headers = { Accept: "application/json" };
    try {
      const first = await fetch(address, { headers, cache: "no-store", credentials: "same-origin" });
      if (!first.ok) return { state: "waiting", fault: true };
      const { token, who } = await first.json();
      if (who !== report.who) return { state: "other" };
      const body = new FormData();
      for (const [name, value] of report.fields) if (name !== "csrfmiddlewaretoken") body.append(name, value);
      body.append("csrfmiddlewaretoken", token);
      for (const photo of report.photos) body.append("photos", photo.blob, photo.name);
      const answer = await fetch(address, { method: "POST", headers, body, credentials: "same-origin" });
      if (answer.status === 201) return { state: "sent", ...(await answer.json()) };
      if (answer.status === 409) return { state: "ask", ...(await answer.json()) };
      if ([413, 422, 429].includes(answer.status)) return { state: "refused", ...(await answer.json()) };
      return { state: "waiting", fault: true };
    } catch {
      return { state: "waiting" };
    }
  };

  // Sent at last, or marked with what is wrong. A later sending needs no second look of the person.
  const settle = async (report, answer) => {
    if (answer.state === "sent") {
      await within("sent", "readwrite", (store) => store.put({ key: report.key, number: answer.number, href: answer.href }));
      await remove(report.key);
    } else if (answer.state === "refused" || answer.state === "other") {
      await put({ ...report, state: answer.state, message: answer.message ?? "", problems: answer.problems ?? {} });
    }
  };

  const alone = (act) => (navigator.locks ? navigator.locks.request(LOCK, act) : act());
  const sendOne = (key, address) => alone(async () => {
    const report = await get(key);
    if (!report) return null;
    const answer = await post({ ...report, fields: [...report.fields.filter(([name]) => name !== "knows"), ["knows", "1"]] }, address);
    await settle(report, answer);
    return answer;
  });
  const sendAll = async (address, force = false) => {
    let left = 0;
    for (const report of await all()) {
      if (report.state !== "waiting" && !force) continue;
      const answer = await sendOne(report.key, address);
      if (answer?.state === "waiting") left += 1;
    }
    if (left && self.registration) throw new Error("waiting"); // Background Sync tries again
    return left;
  };

  self.outbox = { put, get, all, remove, sent, forget, post: (report, address) => alone(() => post(report, address)), sendOne, sendAll };
})();
