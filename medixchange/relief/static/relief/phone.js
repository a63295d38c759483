// The first page of receiving on a phone: what waits to be sent, what is to be counted, and whether
// there is a line. Everything shown is what the phone has kept.
"use strict";

(() => {
  const { say, number, day, time, list, part, way } = Saying;
  const place = document.querySelector("[data-relief]");
  const one = (name, root = document) => root.querySelector(`[data-${name}]`);
  Relief.configure(place.dataset);

  const isUse = (entry) => entry.document.kind === "use";

  function alarm(text) {
    const box = one("alert");
    box.hidden = !text;
    box.textContent = text;
  }

  async function show() {
    const [entries, lists, drafts, sent, member, fetched, places] = await Promise.all([
      Relief.waiting(), Relief.all("lists"), Relief.all("drafts"), Relief.all("sent"),
      Relief.get("meta", "member"), Relief.get("meta", "fetched"), Relief.get("meta", "places"),
    ]);
    showOutbox(entries, member?.value);
    showLists(lists, drafts, entries, member?.value, fetched?.value);
    showPlaces(places?.value ?? [], entries);
    one("sent-section").hidden = !sent.length;
    one("sent").replaceChildren(...sent.sort((a, b) => b.at - a.at).slice(0, 20).map((done) => {
      const element = document.createElement("li");
      const link = document.createElement("a");
      link.href = done.address;
      link.textContent = `${done.number} (${done.reference})`;
      const told = document.createElement("ul");
      list(told, [...done.told, ...(done.cases.length ? [say("cases", { cases: done.cases.join(", ") })] : [])]);
      element.append(link, told);
      return element;
    }));
    one("sign-out").hidden = !member;
  }

  function showOutbox(entries, member) {
    const shelf = one("outbox");
    one("send").hidden = !entries.length;
    if (!entries.length) { list(shelf, [say("none-waits")]); return; }
    shelf.replaceChildren(...entries.map((entry) => {
      const element = part("entry");
      element.querySelector("h3").textContent = `${Relief.about(entry)} · ${entry.to}`;
      element.querySelector(".meta").textContent = say(isUse(entry) ? "used-at" : "counted-at", { time: time(entry.at) });
      const state = element.querySelector(".state");
      const refused = entry.state === "refused";
      state.textContent = refused ? `⚠ ${say("needs-you")}`
        : entry.number ? say("photos-wait", entry)
        : member && member.id !== entry.member.id ? say("waits-other", entry.member) : `◷ ${say("waits")}`;
      state.dataset.state = entry.state;
      list(element.querySelector(".problems"), entry.problems);
      element.querySelector(".actions").hidden = !refused;
      one("right", element).addEventListener("click", () => putRight(entry));
      one("again", element).addEventListener("click", async () => {
        await Relief.put("outbox", { ...entry, state: "waiting", problems: [] });
        await send();
      });
      one("delete", element).addEventListener("click", async () => {
        if (!confirm(say(isUse(entry) ? "delete-use-sure" : "delete-sure"))) return;
        await Relief.drop("outbox", entry.key);
        await show();
      });
      return element;
    }));
  }

  async function putRight(entry) {
    const { reference, place: code } = entry.document;
    if (await Relief.get("drafts", entry.draft.id)) {
      alarm(isUse(entry) ? say("use-stands", { place: entry.to }) : say("draft-stands", { reference }));
      return;
    }
    await Relief.reopen(entry.key);
    const { page, use } = place.dataset;
    location.href = `${isUse(entry) ? use : page}#${encodeURIComponent(isUse(entry) ? code : reference)}`;
  }

  function showPlaces(places, entries) {
    const stocked = places.filter((ward) => ward.items.length);
    one("use-section").hidden = !stocked.length;
    one("places-here").replaceChildren(...stocked.map((ward) => {
      const element = part("sheet");
      const link = element.querySelector("a");
      link.href = `${place.dataset.use}#${encodeURIComponent(ward.code)}`;
      link.textContent = ward.name;
      element.querySelector(".meta").textContent = Relief.left(ward, entries)
        .map((item) => `${item.name} · ${number(item.usable)} ${item.unit}`).join(", ");
      return element;
    }));
  }

  function showLists(lists, drafts, entries, member, fetched) {
    one("fetched").textContent = fetched ? say("fetched", { time: time(fetched.at) }) : lists.length ? "" : say("never-fetched");
    const shelf = one("lists-here");
    if (!lists.length) { list(shelf, fetched ? [say("none-to-count")] : []); return; }
    const begun = new Set(drafts.filter((draft) => draft.id.startsWith(`${member?.id}:`)).map((draft) => draft.sheet?.reference));
    lists.sort((a, b) => (a.expected_on || "9").localeCompare(b.expected_on || "9"));
    shelf.replaceChildren(...lists.map((sheet) => {
      const element = part("sheet");
      const link = element.querySelector("a");
      link.href = `${place.dataset.page}#${encodeURIComponent(sheet.reference)}`;
      link.textContent = sheet.reference;
      const [from, state] = element.querySelectorAll(".meta");
      from.textContent = way(sheet);
      const left = Relief.openLines(sheet, entries);
      const open = left.filter((line) => line.open).length;
      const missing = left.filter((line) => !line.open && line.missing).length;
      state.textContent = [
        say("lines-open", { n: number(open) }),
        missing && say("said-missing", { n: number(missing) }),
        sheet.expected_on && say("expected", { date: day(sheet.expected_on) }),
        sheet.transport,
        begun.has(sheet.reference) && say("begun"),
      ].filter(Boolean).join(" · ");
      return element;
    }));
  }

  function lineIs(line) {
    const words = { ok: "line", none: "no-line" };
    one("line-says").textContent = say(words[line] ?? line);
    one("sign-in").hidden = line !== "signed-out";
  }

  async function send() {
    alarm("");
    const { line } = await Relief.sync();
    lineIs(line);
    await show();
    return line;
  }

  async function refresh() {
    const line = await send();
    if (line === "ok") lineIs(await Relief.refresh());
    await show();
  }

  async function signOut() {
    const [entries, drafts] = await Promise.all([Relief.waiting(), Relief.all("drafts")]);
    if ((entries.length || drafts.length) && !confirm(say("leave-sure"))) return;
    await Relief.forget();
    const { address, home } = one("sign-out").dataset;
    try {
      const hello = await fetch(place.dataset.sync, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (hello.ok) {
        const body = new URLSearchParams({ csrfmiddlewaretoken: (await hello.json()).token });
        await fetch(address, { method: "POST", body });
      }
      location.href = home;
    } catch {
      lineIs("none");
      await show();
    }
  }

  one("send").addEventListener("click", refresh);
  one("refresh").addEventListener("click", refresh);
  one("sign-out").addEventListener("click", signOut);
  new BroadcastChannel("relief").onmessage = show;
  self.addEventListener("online", refresh);
  self.addEventListener("offline", () => lineIs("none"));
  setInterval(async () => (await Relief.waiting()).some(({ state }) => state === "waiting") && refresh(), 20000);
  navigator.serviceWorker?.register(place.dataset.worker, { scope: "/relief/" }).catch(() => {});
  show().then(refresh);
})();
