// The counting page: what should be there against what is, signed and kept on this phone at once,
// then sent by offline.js. Where there is a line this takes the place of the plain form; without
// one it is the page itself (phone/count/), with the list the phone has kept.
"use strict";

(() => {
  const { say, number, whole, list, part, lang, time, way } = Saying;
  const place = document.querySelector("[data-relief]");
  const app = document.querySelector("[data-count]");
  const saved = document.querySelector("[data-saved]");
  const one = (name, root = app) => root.querySelector(`[data-${name}]`);
  Relief.configure(place.dataset);

  let sheet, items, member, draft, lines;

  async function start() {
    const here = document.getElementById("receiving-data");
    // A form that was refused shows what is wrong with it.
    if (!here && !place.dataset.page || document.querySelector("[data-plain][data-refused]")) return;
    await (here ? fromPage(JSON.parse(here.textContent)) : fromPhone());
    if (!sheet) return;
    const entries = await Relief.waiting();
    sheet.lines = Relief.openLines(sheet, entries);
    const id = `${member.id}:${sheet.reference}`;
    draft = (await Relief.get("drafts", id)) ?? {
      id, key: crypto.randomUUID(), sheet: { reference: sheet.reference }, lines: {}, more: [], complete: "",
      note: "", photos: [], place: null,
      signatures: {
        receiver: { name: member.name, function: member.function ?? "", strokes: [] },
        giver: { name: "", function: "", organisation: "", strokes: [] },
      },
    };
    build();
    app.hidden = false;
    document.querySelector("[data-plain]")?.remove();
  }

  async function fromPage(data) {
    ({ sheet, member } = data);
    items = new Map(data.catalogue.map((item) => [item.code, item]));
    // Kept at once: the page can be opened again when the line has dropped.
    await Relief.put("lists", sheet);
    await Relief.put("meta", { name: "member", value: member });
    await Relief.put("meta", { name: "catalogue", value: data.catalogue });
  }

  async function fromPhone() {
    const reference = decodeURIComponent(location.hash.slice(1));
    const [found, who, catalogue] = await Promise.all([
      Relief.get("lists", reference), Relief.get("meta", "member"), Relief.get("meta", "catalogue"),
    ]);
    document.querySelector("[data-reference]").textContent = reference || "–";
    if (!found || !who) {
      const absent = document.querySelector("[data-absent]");
      absent.textContent = say("no-list", { reference });
      absent.hidden = false;
      return;
    }
    [sheet, member] = [found, who.value];
    items = new Map((catalogue?.value ?? []).map((item) => [item.code, item]));
    document.querySelector("[data-way]").textContent = way(sheet);
  }

  // -- Keeping ---------------------------------------------------------------------------------------

  let timer = 0;
  let begun = false;
  function changed() {
    begun = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 150);
    tally();
  }

  async function keep() {
    clearTimeout(timer);
    if (!begun || !draft) return;
    begun = false;
    try {
      await Relief.put("drafts", structuredClone(draft));
      one("kept").textContent = say("kept");
    } catch {
      one("kept").textContent = say("not-kept");
    }
  }
  document.addEventListener("visibilitychange", keep);
  self.addEventListener("pagehide", keep);

  // -- The page --------------------------------------------------------------------------------------

  function build() {
    lines = countingLines({ root: one("items"), sheet, items, draft, changed });
    for (const row of draft.more) addMore(row);
    one("add-more").addEventListener("click", () => {
      addMore({}, true).querySelector(".more-item").focus();
    });
    for (const radio of one("complete").querySelectorAll("input")) {
      radio.checked = radio.value === draft.complete;
      radio.addEventListener("change", () => { draft.complete = radio.value; changed(); });
    }
    evidence({ root: app, sheet, draft, changed, alarm: problems });
    one("save").addEventListener("click", save);
    one("undo").addEventListener("click", undo);
    app.addEventListener("scan", scanned);
    tally();
  }

  function bind(field, of, name) {
    field.value = of[name] ?? "";
    field.addEventListener("input", () => { of[name] = field.value; changed(); });
  }

  let rows = 0;
  function addMore(row, isNew = false) {
    if (isNew) draft.more.push(row);
    const element = part("more-row");
    const select = element.querySelector(".more-item");
    for (const item of items.values()) {
      const option = new Option(`${item.name} (${item.unit})`, item.code);
      option.lang = item.lang;
      select.append(option);
    }
    rows += 1;
    for (const field of element.querySelectorAll("input, select")) {
      const name = field.className.replace("more-", "");
      field.id = `more-${rows}-${name}`;
      field.previousElementSibling.htmlFor = field.id;
      bind(field, row, name);
    }
    element.querySelector(".more-off").addEventListener("click", () => {
      draft.more.splice(draft.more.indexOf(row), 1);
      element.remove();
      changed();
      one("add-more").focus();
    });
    one("more").append(element);
    return element;
  }

  // -- Scanning --------------------------------------------------------------------------------------

  let undone = [];
  function scanned(event) {
    event.preventDefault();
    const { read, text } = event.detail;
    event.target.value = "";
    undone = [];
    one("undo").hidden = true;
    one("scan-says").textContent = understood(read, text);
  }

  function understood(read, text) {
    const sscc = read.sscc ?? (read.kind === "box" ? read.reference : "");
    if (sscc) return countBox(sscc, text);
    if (read.kind === "consignment") {
      return read.reference === sheet.reference ? "" : say("other-consignment", { code: read.reference });
    }
    const gtin = read.gtin ?? read.content;
    const lot = (read.lot ?? (gtin ? "" : read.reference) ?? "").toUpperCase();
    const item = gtin ? [...items.values()].find(({ gtins }) => gtins.includes(gtin)) : null;
    if (read.refused || (gtin && !item) || (!gtin && !lot)) return say("no-code", { code: text });
    const hits = sheet.lines.filter((line) =>
      (!item || line.item === item.code) && (!lot || line.lot_number === lot));
    if (hits.length) {
      const next = hits.find((line) => lines.room(line) && !lines.isCounted(line.key)) ?? hits[0];
      lines.goTo(next.key);
      return new Set(hits.map((line) => line.lot)).size > 1 ? say("item-found") : say("lot-found");
    }
    if (!item) return say("no-code", { code: text });
    const element = addMore({ item: item.code, number: lot, expires: read.expires_on ?? "" }, true);
    element.scrollIntoView({ block: "center" });
    element.querySelector(".more-quantity").focus({ preventScroll: true });
    changed();
    return say("lot-unknown");
  }

  function countBox(sscc, text) {
    const inside = sheet.lines.filter((line) => line.sscc === sscc);
    if (!inside.length) return say("no-code", { code: text });
    const todo = inside.filter((line) => lines.room(line) && !lines.isCounted(line.key));
    lines.goTo(inside[0].key);
    if (!todo.length) return say("box-before", { n: inside[0].number });
    undone = todo.map((line) => [line, { ...draft.lines[line.key] }]);
    for (const line of todo) lines.asListed(line);
    one("undo").hidden = false;
    one("scan").focus({ preventScroll: true });
    return say("box-counted", { n: inside[0].number });
  }

  function undo() {
    for (const [line, before] of undone) lines.restore(line, before);
    undone = [];
    one("undo").hidden = true;
    one("scan-says").textContent = "";
    one("scan").focus();
  }

  // -- What will be said -----------------------------------------------------------------------------

  function tally() {
    const open = sheet.lines.filter((line) => line.open || line.missing || lines.isCounted(line.key));
    const counted = open.filter((line) => lines.isCounted(line.key));
    one("progress").textContent = say("lines-counted", { n: number(counted.length), all: number(open.length) });
    const sums = new Map();
    const add = (item, outcome, quantity) => {
      if (quantity > 0) sums.set(`${outcome} ${item}`, (sums.get(`${outcome} ${item}`) ?? 0) + quantity);
    };
    for (const line of open) {
      const found = lines.figures(line.key);
      for (const outcome of ["damaged", "missing", "quarantined"]) add(line.item, outcome, found[outcome]);
      const rest = line.open - lines.total(line.key);
      add(line.item, "excess", -rest - line.missing);
      // What a case says is missing is not reported again.
      if (draft.complete === "yes") add(line.item, "rest", rest);
    }
    for (const row of draft.more) if (row.item) add(row.item, "wrong", whole(row.quantity));
    const sentences = [...sums].map(([key, sum]) => {
      const [outcome, code] = key.split(" ");
      const { name = code, unit = "" } = items.get(code) ?? {};
      const said = { n: `${number(sum)} ${unit}`, item: name };
      if (outcome === "rest") return say("will-miss", said);
      return say("will-differ", { ...said, outcome: say(outcome) });
    });
    if (!sentences.length && counted.length) sentences.push(say("all-as-listed"));
    list(one("differs"), sentences);
  }

  function problems(sentences) {
    const box = one("problems");
    box.hidden = !sentences.length;
    list(box.querySelector("ul"), sentences);
    if (sentences.length) { box.scrollIntoView({ block: "start" }); box.focus({ preventScroll: true }); }
  }

  function wrong() {
    const found = [];
    const { receiver, giver } = draft.signatures;
    const typed = Object.values(draft.lines).flatMap((line) => OUTCOMES.map((outcome) => line[outcome]));
    for (const text of typed) if (Number.isNaN(whole(text))) found.push(say("bad-number", { what: text }));
    for (const row of draft.more) {
      if (Number.isNaN(whole(row.quantity))) found.push(say("bad-number", { what: row.quantity }));
      else if (!row.item || !whole(row.quantity)) found.push(say("choose-item"));
      else if (items.get(row.item)?.expires && !row.expires) found.push(say("needs-expiry"));
    }
    if (!draft.complete) found.push(say("say-complete"));
    if (draft.complete !== "yes" && !typed.some(whole) && !draft.more.length) found.push(say("nothing"));
    if (!receiver.name.trim()) found.push(say("sign"));
    if (!giver.name.trim() && giver.strokes.length) found.push(say("drawn-unnamed"));
    return [...new Set(found)];
  }

  function made() {
    const counts = [];
    for (const line of sheet.lines) {
      const found = lines.figures(line.key);
      const said = OUTCOMES.filter((outcome) => found[outcome] > 0);
      // The remark belongs to what is remarkable.
      const remarkable = said.find((outcome) => outcome !== "accepted") ?? said[0];
      for (const outcome of said) {
        const remark = outcome === remarkable ? draft.lines[line.key].remark ?? "" : "";
        counts.push({ box: line.box, lot: line.lot, outcome, quantity: found[outcome], remark });
      }
    }
    return {
      key: draft.key,
      reference: sheet.reference,
      happened_at: new Date().toISOString(),
      complete: draft.complete === "yes",
      note: draft.note,
      note_language: lang,
      counts,
      more: draft.more.map((row) => ({
        item: row.item, number: row.number ?? "", expires_on: row.expires ?? "",
        quantity: whole(row.quantity), remark: row.remark ?? "",
      })),
      signatures: Object.entries(draft.signatures)
        .filter(([, of]) => of.name.trim())
        .map(([side, of]) => ({ side, ...of, ...draft.place })),
    };
  }

  async function save() {
    const found = wrong();
    problems(found);
    if (found.length) return;
    await keep();
    const entry = {
      key: draft.key, member, to: sheet.to, at: Date.now(), document: made(),
      photos: [...draft.photos], draft: structuredClone(draft),
    };
    try {
      await Relief.keep(entry);
    } catch {
      problems([say("not-kept")]);
      return;
    }
    app.hidden = true;
    draft = null;
    await show(entry.key);
    saved.hidden = false;
    saved.scrollIntoView({ block: "start" });
    saved.focus({ preventScroll: true });
    new BroadcastChannel("relief").onmessage = () => show(entry.key);
    one("right", saved).addEventListener("click", async () => {
      if (await Relief.reopen(entry.key)) location.reload();
    });
    await send(entry.key);
    self.addEventListener("online", () => send(entry.key));
    setInterval(async () => (await Relief.waiting()).length && send(entry.key), 20000);
  }

  async function send(key) {
    const { line } = await Relief.sync();
    await show(key, line);
  }

  /** What has become of a count, in place of the page it was made on. */
  async function show(key, line) {
    const [entry, done] = await Promise.all([Relief.get("outbox", key), Relief.get("sent", key)]);
    const title = one("saved-title", saved);
    const told = [];
    if (done) {
      title.textContent = say("sent", { number: done.number });
      told.push(...done.told);
      if (done.cases.length) told.push(say("cases", { cases: done.cases.join(", ") }));
      one("look", saved).href = done.address;
    } else if (entry?.state === "refused") {
      title.textContent = say("needs-you");
      told.push(...entry.problems);
    } else if (entry) {
      title.textContent = entry.number ? say("photos-wait", entry) : say("waits");
      told.push(say("counted-at", { time: time(entry.at) }));
      if (line === "signed-out" || line === "trouble") told.push(say(line));
    }
    list(one("saved-told", saved), told);
    one("look", saved).hidden = !done;
    one("right", saved).hidden = entry?.state !== "refused";
    one("sign-in", saved).hidden = !(entry && line === "signed-out");
  }

  navigator.serviceWorker?.register(place.dataset.worker, { scope: "/relief/" }).catch(() => {});
  // Without a store of its own (a browser may forbid it) the plain form stays.
  start().catch((error) => { if (!(error instanceof DOMException)) throw error; });
  Relief.sync().catch(() => {});
})();
