// Keeps the pages of receiving and their files, so that they open without a line, and sends what
// was counted when there is one again. Keeps no other page and no answer of the server.
"use strict";
importScripts("{{ offline|escapejs }}");

const KEPT = {{ settings|safe }};
Relief.configure(KEPT);

// A line that drops is worse than none: after this many milliseconds the kept page is shown.
const PATIENCE = 5000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(KEPT.name);
    await cache.addAll([...KEPT.files, ...KEPT.pages].map((path) => new Request(path, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("relief-") && name !== KEPT.name) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (KEPT.files.includes(url.pathname)) {
    event.respondWith(kept(url.pathname).then((found) => found ?? fetch(request)));
  } else if (request.mode === "navigate" && KEPT.pages.includes(url.pathname)) {
    event.respondWith(inTime(request).catch(async () => (await kept(url.pathname)) ?? Response.error()));
  } else if (request.mode === "navigate") {
    const reference = receiving(url.pathname);
    // The same consignment on the page that needs no line.
    if (reference) {
      const other = `${self.location.origin}${KEPT.pages[1]}#${reference}`;
      event.respondWith(inTime(request).catch(() => Response.redirect(other)));
    }
  }
});

const kept = (path) => caches.match(path, { cacheName: KEPT.name, ignoreVary: true });

function inTime(request) {
  return Promise.race([
    fetch(request),
    new Promise((_, late) => setTimeout(() => late(new Error("late")), PATIENCE)),
  ]);
}

function receiving(path) {
  const [before, after] = KEPT.receive.split("REFERENCE");
  if (!path.startsWith(before) || !path.endsWith(after)) return "";
  const reference = path.slice(before.length, path.length - after.length);
  return reference.includes("/") ? "" : reference;
}

self.addEventListener("sync", (event) => {
  if (event.tag === "relief-outbox") {
    event.waitUntil(Relief.sync().then(({ line }) => {
      // Told so, the browser tries again later.
      if (line === "none" || line === "trouble") throw new Error(line);
      // What is open, and what is left, has changed with what was sent.
      if (line === "ok") return Relief.refresh();
    }));
  }
});
