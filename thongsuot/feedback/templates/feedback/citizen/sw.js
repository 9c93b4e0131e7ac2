{#- The service worker of /phan-anh/. It keeps the page of a report, as nobody in particular gets it, and the files that page needs. Nothing else. -#}
"use strict";

importScripts("{{ static("feedback/outbox.js") }}");

const PAGE = "{{ url("feedback:report") }}";
const FILES = [{% for one in assets %}"{{ static(one) }}"{% if not loop.last %}, {% endif %}{% endfor %}];
const KEPT = "thongsuot-phan-anh-1";
const HALF_A_DAY_MS = 12 * 3600 * 1000;

// Without cookies: no name, no account, no token.
const keepPage = async (kept) => {
  const page = await fetch(`${PAGE}?giu=1`, { credentials: "omit", cache: "no-store" });
  if (page.ok) await kept.put(PAGE, page);
};

const keepAll = async () => {
  const kept = await caches.open(KEPT);
  await kept.addAll(FILES);
  for (const old of await kept.keys()) if (![PAGE, ...FILES].includes(new URL(old.url).pathname)) await kept.delete(old);
  await keepPage(kept);
};

self.addEventListener("install", (event) => event.waitUntil(keepAll().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const old = async () => {
  const page = await caches.match(PAGE, { cacheName: KEPT });
  return !page || Date.now() - Date.parse(page.headers.get("Date") ?? 0) > HALF_A_DAY_MS;
};

// The line first, always; what is kept answers only when there is none.
self.addEventListener("fetch", (event) => {
  const asked = new URL(event.request.url);
  const page = event.request.mode === "navigate" && asked.pathname === PAGE;
  if (event.request.method !== "GET" || asked.origin !== location.origin || !(page || FILES.includes(asked.pathname))) return;
  event.respondWith((async () => {
    try {
      const answer = await fetch(event.request);
      if (page && await old()) event.waitUntil(keepAll().catch(() => {}));
      return answer;
    } catch {
      return (await caches.match(asked.pathname, { cacheName: KEPT })) ?? Response.error();
    }
  })());
});

// Background Sync, where a browser has it: also when the page was closed meanwhile.
self.addEventListener("sync", (event) => {
  if (event.tag === "gui-phan-anh") event.waitUntil(self.outbox.sendAll(PAGE));
});
