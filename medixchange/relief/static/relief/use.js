// What was used at a place, recorded on the phone and sent by offline.js, with a line or without.
"use strict";

(() => {
  const { say, number, whole, time } = Saying;
  const settings = document.querySelector("[data-relief]");
  const one = (name) => document.querySelector(`[data-${name}]`);
  Relief.configure(settings.dataset);

  let place, member, draft;

  async function start() {
    const code = decodeURIComponent(location.hash.slice(1));
    const [places, who] = await Promise.all([Relief.get("meta", "places"), Relief.get("meta", "member")]);
    place = places?.value.find((row) => row.code === code);
    member = who?.value;
    if (!place || !member) {
      one("absent").textContent = say("no-stock");
      one("absent").hidden = false;
      return;
    }
    one("where").textContent = place.name;
    const id = `${member.id}:use:${place.code}`;
    // One that was refused and is to be put right keeps its key, so that it is posted once at most.
    draft = (await Relief.get("drafts", id)) ?? { id, key: crypto.randomUUID() };
    one("form").addEventListener("submit", save);
    await show();
    one("item-of").value = draft.item ?? "";
    one("quantity").value = draft.quantity ?? "";
    // Only now: whoever types before would lose it.
    one("form").hidden = false;
    new BroadcastChannel("relief").onmessage = show;
  }

  async function show() {
    const [entries, places] = await Promise.all([Relief.waiting(), Relief.get("meta", "places")]);
    place = places?.value.find((row) => row.code === place.code) ?? place;
    const chosen = one("item-of").value;
    const empty = one("item-of").options[0];
    one("item-of").replaceChildren(empty, ...Relief.left(place, entries).map((item) => {
      const option = new Option(`${item.name} · ${number(item.usable)} ${item.unit}`, item.code);
      option.lang = item.lang;
      return option;
    }));
    one("item-of").value = chosen;
    const sent = (await Relief.all("sent")).filter((row) => row.place === place.code);
    one("done").replaceChildren(
      ...entries.filter((entry) => entry.document.place === place.code).reverse().map(waits),
      ...sent.sort((a, b) => b.at - a.at).map(done),
    );
  }

  function told(what, meta, link) {
    const element = document.createElement("li");
    const [name, state] = [document.createElement("p"), document.createElement("p")];
    name.textContent = what;
    state.className = "meta";
    state.textContent = meta;
    if (link) {
      const page = document.createElement("a");
      page.href = link;
      page.textContent = say("there");
      state.append(" ", page);
    }
    element.append(name, state);
    return element;
  }

  const waits = (entry) => entry.state === "refused"
    ? told(entry.what, `⚠ ${say("needs-you")} ${entry.problems.map((problem) => problem.what).join(" ")}`, settings.dataset.phone)
    : told(entry.what, `◷ ${say("waits")} ${say("used-at", { time: time(entry.at) })}`);
  const done = (row) => told(row.reference, say("sent", row));

  function alarm(text) {
    one("alert").hidden = !text;
    one("alert").textContent = text;
  }

  async function save(event) {
    event.preventDefault();
    const item = place.items.find((row) => row.code === one("item-of").value);
    const quantity = whole(one("quantity").value);
    alarm(quantity > 0 ? "" : say("bad-number", { what: one("quantity").value }));
    if (!item || !(quantity > 0)) return;
    // Put right later, it is still of the moment when it was used.
    const { key, happened_at = new Date().toISOString() } = draft;
    const entry = {
      key, member, photos: [], to: place.name, at: Date.parse(happened_at),
      what: `${item.name} · ${number(quantity)} ${item.unit}`,
      document: { kind: "use", key, place: place.code, item: item.code, quantity, happened_at },
      draft: { id: draft.id, key, item: item.code, quantity, happened_at },
    };
    try {
      await Relief.keep(entry);
    } catch {
      alarm(say("not-kept"));
      return;
    }
    draft = { id: draft.id, key: crypto.randomUUID() };
    one("item-of").value = "";
    one("quantity").value = "";
    await show();
    await send();
  }

  async function send() {
    const { line } = await Relief.sync();
    if (line === "ok") await Relief.refresh();
    one("line-says").textContent = say({ ok: "line", none: "no-line" }[line] ?? line);
    one("sign-in").hidden = line !== "signed-out";
    if (place) await show();
  }

  self.addEventListener("online", send);
  setInterval(async () => (await Relief.waiting()).some(({ state }) => state === "waiting") && send(), 20000);
  navigator.serviceWorker?.register(settings.dataset.worker, { scope: "/relief/" }).catch(() => {});
  start().then(send);
})();
