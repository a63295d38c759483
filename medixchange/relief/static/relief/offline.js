// What a phone keeps of receiving, and how it is sent: lists of what should come, the stock of the
// facilities, counts that were begun, and the outbox of counts and of what was used. Runs in pages
// and in the service worker, so it touches no page.
//
// An entry leaves the outbox only when the server has said what became of it. It carries a key made
// on the phone, so that sending it again after a lost answer posts nothing twice.
"use strict";

const Relief = (() => {
  const STORES = { lists: "reference", drafts: "id", outbox: "key", sent: "key", meta: "name" };
  let at = {};
  let opened = null;

  function database() {
    opened ??= new Promise((done, failed) => {
      const request = indexedDB.open("relief", 1);
      request.onupgradeneeded = () => {
        for (const [name, keyPath] of Object.entries(STORES)) {
          request.result.createObjectStore(name, { keyPath });
        }
      };
      request.onsuccess = () => {
        // Another tab with a newer page wants to change the stores: let it.
        request.result.onversionchange = () => { request.result.close(); opened = null; };
        done(request.result);
      };
      request.onerror = () => { opened = null; failed(request.error); };
    });
    return opened;
  }

  /** Run `work` with the stores of one transaction; done when the browser has kept all of it. */
  async function within(names, mode, work) {
    const base = await database();
    return new Promise((done, failed) => {
      const transaction = base.transaction(names, mode, { durability: "strict" });
      const results = work(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
      transaction.oncomplete = () => done(results?.map?.((request) => request.result));
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
  }

  const all = async (name) => (await within([name], "readonly", (of) => [of[name].getAll()]))[0];
  const get = async (name, key) => (await within([name], "readonly", (of) => [of[name].get(key)]))[0];
  const put = (name, row) => within([name], "readwrite", (of) => { of[name].put(row); });
  const drop = (name, key) => within([name], "readwrite", (of) => { of[name].delete(key); });

  const tell = () => {
    // Every open page of ours shows the outbox as it is.
    const channel = new BroadcastChannel("relief");
    channel.postMessage("outbox");
    channel.close();
  };

  /** One at a time over all pages and the worker, where the browser can. */
  const alone = (work) =>
    self.navigator.locks ? self.navigator.locks.request("relief-outbox", work) : work();

  const waiting = async () => (await all("outbox")).sort((a, b) => a.order - b.order);

  /** Move a finished count, or a use, into the outbox, in one step with the draft it was made of. */
  async function keep(entry) {
    const order = Math.max(0, ...(await all("outbox")).map((row) => row.order)) + 1;
    await within(["outbox", "drafts"], "readwrite", (of) => {
      of.outbox.put({ ...entry, order, state: "waiting", problems: [] });
      of.drafts.delete(entry.draft.id);
    });
    tell();
    // Asks the browser not to clear what is kept when its memory runs short.
    self.navigator.storage?.persist?.().catch(() => {});
    // The browser sends it when there is a line again, even with the page closed.
    const registration = await self.navigator.serviceWorker?.getRegistration?.("/relief/");
    registration?.sync?.register("relief-outbox").catch(() => {});
  }

  /** Take an entry back out of the outbox, to change it: it is a draft again. */
  async function reopen(key) {
    const entry = await get("outbox", key);
    if (!entry || entry.number) return null;
    const draft = entry.draft;
    // What was posted under this key is another count; this one needs a key of its own.
    if (entry.problems.some((problem) => problem.code === "key_used")) draft.key = crypto.randomUUID();
    await within(["outbox", "drafts"], "readwrite", (of) => {
      of.drafts.put(draft);
      of.outbox.delete(key);
    });
    tell();
    return draft;
  }

  async function ask(address, options = {}) {
    const answer = await fetch(address, {
      credentials: "same-origin", cache: "no-store", redirect: "error", ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
    const isJson = (answer.headers.get("Content-Type") ?? "").includes("json");
    return { status: answer.status, body: isJson ? await answer.json() : null };
  }

  /**
   * Send all that waits, in order. Says what it found: { line: "ok" | "none" | "signed-out" |
   * "trouble", other: name of somebody else whose counts wait }.
   */
  const sync = () => alone(async () => {
    const entries = (await waiting()).filter((entry) => entry.state === "waiting");
    let hello;
    try {
      hello = await ask(at.sync);
    } catch {
      return { line: "none" };
    }
    if (hello.status === 401) {
      await signedOut();
      return { line: "signed-out" };
    }
    if (hello.status !== 200 || !hello.body) return { line: "trouble" };
    const { member, token } = hello.body;
    await belongsTo(member);
    const others = entries.filter((entry) => entry.member.id !== member.id);
    const said = { line: "ok", member, other: others[0]?.member.name };
    for (const entry of entries) {
      if (entry.member.id !== member.id) continue;
      try {
        if (!(await sendOne(entry, token))) said.line = "trouble";
      } catch {
        said.line = "none";
      }
      tell();
      // A count may build on the one before it: what could not be sent holds up the rest.
      if (said.line !== "ok") break;
    }
    return said;
  });

  async function sendOne(entry, token) {
    if (!entry.number) {
      const answer = await ask(at.sync, {
        method: "POST",
        headers: { "X-CSRFToken": token, "Content-Type": "application/json" },
        // The phone's own clock, so that the server can put the times right.
        body: JSON.stringify({ now: new Date().toISOString(), documents: [entry.document] }),
      });
      const said = answer.status === 200 ? answer.body?.answers?.[0] : null;
      if (!said) return false;
      if (said.state === "refused") {
        await put("outbox", { ...entry, state: "refused", problems: said.problems });
        return true;
      }
      Object.assign(entry, { number: said.number, address: said.address, told: said.told, cases: said.cases });
      await put("outbox", entry);
    }
    while (entry.photos.length) {
      const form = new FormData();
      form.append("photo", new Blob([entry.photos[0]], { type: "image/jpeg" }), "photo.jpg");
      const answer = await ask(at.photo.replace("NUMBER", entry.number), {
        method: "POST", headers: { "X-CSRFToken": token }, body: form,
      });
      if (answer.status === 422 && answer.body) entry.told = [...entry.told, answer.body.problem];
      else if (answer.status !== 200) return false;
      entry.photos.shift();
      await put("outbox", entry);
    }
    const { key, number, address, told, cases, document } = entry;
    await within(["outbox", "sent"], "readwrite", (of) => {
      of.sent.put({ key, number, address, told, cases, reference: about(entry), place: document.place, at: Date.now() });
      of.outbox.delete(key);
    });
    return true;
  }

  /** What an entry is about, in short. */
  const about = ({ document, what }) => document.reference ?? what;

  /** Lists are one person's: whoever signs in after them on this phone does not see them. */
  async function belongsTo(member) {
    const held = await get("meta", "member");
    if (held && held.value.id !== member.id) {
      await within(["lists", "sent", "meta"], "readwrite", cleared);
    }
    if (held?.value.id !== member.id) await put("meta", { name: "member", value: member });
  }

  /** The session has ended by itself: what is begun can be gone on with, the rest is deleted. */
  async function signedOut() {
    const begun = (await all("drafts")).map((draft) => draft.sheet?.reference);
    if (!begun.length) return within(["lists", "sent", "meta"], "readwrite", cleared);
    for (const { reference } of await all("lists")) {
      if (!begun.includes(reference)) await drop("lists", reference);
    }
  }

  /** Somebody signs out: all is deleted but the outbox, which nobody else can send. */
  const forget = () => within(["lists", "drafts", "sent", "meta"], "readwrite", cleared);

  function cleared(stores) {
    for (const store of Object.values(stores)) store.clear();
  }

  /** Fetch the lists anew, while there is a line. */
  async function refresh() {
    let answer;
    try {
      answer = await ask(at.lists);
    } catch {
      return "none";
    }
    if (answer.status === 401) { await signedOut(); return "signed-out"; }
    if (answer.status !== 200 || !answer.body) return "trouble";
    const { member, catalogue, places, sheets, language } = answer.body;
    await belongsTo(member);
    // A list that a count here was made against stays, though there is nothing more to count: the
    // count may still need somebody.
    const [drafts, entries, held] = await Promise.all([all("drafts"), all("outbox"), all("lists")]);
    const needed = new Set([...drafts.map((draft) => draft.sheet?.reference),
      ...entries.map((entry) => entry.document.reference), ...sheets.map((sheet) => sheet.reference)]);
    await within(["lists", "meta"], "readwrite", (of) => {
      for (const { reference } of held) if (!needed.has(reference)) of.lists.delete(reference);
      for (const sheet of sheets) of.lists.put(sheet);
      of.meta.put({ name: "catalogue", value: catalogue });
      of.meta.put({ name: "places", value: places });
      of.meta.put({ name: "fetched", value: { at: Date.now(), language } });
    });
    tell();
    return "ok";
  }

  /** What is open of each line, counting what waits in the outbox as done. */
  function openLines(sheet, entries) {
    const taken = new Map();
    for (const entry of entries) {
      if (entry.document.reference !== sheet.reference || entry.state === "refused") continue;
      for (const { box, lot, quantity, outcome } of entry.document.counts) {
        const key = `${box}-${lot}`;
        taken.set(key, (taken.get(key) ?? 0) + quantity);
      }
    }
    return sheet.lines.map((line) => {
      const done = taken.get(line.key) ?? 0;
      const beyond = Math.max(0, done - line.open);
      return { ...line, open: Math.max(0, line.open - done), missing: Math.max(0, line.missing - beyond) };
    });
  }

  /** What may be used at a place, less what waits in the outbox as used there. */
  function left(place, entries) {
    const used = (code) => entries
      .filter(({ document, state }) => document.kind === "use" && state !== "refused")
      .filter(({ document }) => document.place === place.code && document.item === code)
      .reduce((sum, { document }) => sum + document.quantity, 0);
    return place.items.map((item) => ({ ...item, usable: Math.max(0, item.usable - used(item.code)) }));
  }

  return {
    configure: (settings) => { at = settings; },
    all, get, put, drop, keep, reopen, sync, refresh, forget, waiting, openLines, left, about,
  };
})();
