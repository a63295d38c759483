// The workbench's help: keys, checks and saving while typing, and a store on this device for what
// could not be sent. Without this script the same forms work by loading the page.
"use strict";

const list = document.querySelector(".pairs");
const line = document.querySelector(".line-state");
const store = `medixchange:${location.pathname}`;

const kept = {
  all() {
    try { return JSON.parse(localStorage.getItem(store)) ?? {}; } catch { return {}; }
  },
  write(all) {
    try {
      if (Object.keys(all).length) localStorage.setItem(store, JSON.stringify(all));
      else localStorage.removeItem(store);
    } catch { /* a full or forbidden store: the text is still in the page */ }
  },
  put(segment, entry) { this.write({ ...this.all(), [segment]: entry }); },
  drop(segment, text) {
    const all = this.all();
    if (all[segment]?.text === text) { delete all[segment]; this.write(all); }
  },
};

const say = (what, more = "") => { if (line) line.textContent = (line.dataset[what] ?? "") + more; };
const form = () => document.querySelector("form.editor");
const field = () => form()?.elements.namedItem("text");

async function send(segment, address, entry) {
  const body = new URLSearchParams(entry);
  body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
  const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
  const type = answer.headers.get("Content-Type") ?? "";
  if (!type.includes("json")) throw new Error(String(answer.status));
  const said = await answer.json();
  if (answer.ok && entry.do !== "check") kept.drop(segment, entry.text);
  return said;
}

function entryOf(editor, what) {
  return { text: editor.elements.namedItem("text").value, based_on: editor.elements.namedItem("based_on").value, do: what };
}

// Save and check while typing. Every change is on this device before it is sent anywhere.
let timer = 0;
let sending = Promise.resolve();
function changed() {
  const editor = form();
  kept.put(editor.dataset.segment, { ...entryOf(editor, "draft"), address: editor.action });
  clearTimeout(timer);
  timer = setTimeout(() => save(editor), 700);
}

function save(editor) {
  clearTimeout(timer);
  timer = 0;
  const entry = entryOf(editor, "draft");
  say("saving");
  sending = sending.then(async () => {
    try {
      const said = await send(editor.dataset.segment, editor.action, entry);
      if (said.error) { say("", said.error); return; }
      if (editor.isConnected) editor.querySelector(".live").innerHTML = said.findings;
      say("saved");
    } catch { say("kept"); }
  });
  return sending;
}

async function open(item) {
  const current = document.querySelector(".pair.open");
  if (!item || item === current) return;
  let answer;
  try {
    answer = await fetch(item.dataset.editor);
    if (!answer.ok) throw new Error(String(answer.status));
  } catch {
    say("kept");
    return;
  }
  const html = await answer.text();
  if (current) close(current);
  item.dataset.closed = item.innerHTML;
  item.innerHTML = html;
  item.classList.add("open");
  ready();
  item.scrollIntoView({ block: "center" });
  history.replaceState(null, "", `?at=${item.dataset.segment}`);
}

function close(item) {
  const editor = item.querySelector("form.editor");
  const text = editor.elements.namedItem("text").value;
  item.classList.remove("open");
  if (item.dataset.closed) {
    item.innerHTML = item.dataset.closed;
  } else {
    const link = document.createElement("a");
    link.href = `?at=${item.dataset.segment}#${item.id}`;
    const source = editor.querySelector(".source-text").cloneNode(true);
    const right = document.createElement("span");
    right.innerHTML = '<span class="wording"></span> <span class="quiet pair-state"></span>';
    right.firstChild.lang = editor.elements.namedItem("text").lang;
    right.firstChild.dir = editor.elements.namedItem("text").dir;
    link.append(source, right);
    item.replaceChildren(link);
  }
  const wording = item.querySelector("a > span:last-child .wording");
  if (wording && text.trim()) wording.textContent = text;
}

async function propose() {
  const editor = form();
  const item = editor.closest(".pair");
  const entry = entryOf(editor, "propose");
  clearTimeout(timer);
  timer = 0;
  kept.put(editor.dataset.segment, { ...entry, address: editor.action });
  await sending;
  say("saving");
  let said;
  try {
    said = await send(editor.dataset.segment, editor.action, entry);
  } catch {
    say("kept");
  }
  if (said?.error) { say("", said.error); return; }
  if (said) say("done");
  item.dataset.open = "";
  let next = item.nextElementSibling;
  while (next && !next.dataset.open) next = next.nextElementSibling;
  if (next && said) await open(next);
  const state = item.querySelector(".pair-state");
  if (state && said) state.textContent = said.label;
}

function take(button) {
  field().value = button.dataset.text;
  form().elements.namedItem("based_on").value = button.dataset.id;
  field().focus();
  changed();
}

// Once an editor stands in the page: what this device has kept goes in, and suggestions are asked for.
function ready() {
  const editor = form();
  if (!editor) return;
  const held = kept.all()[editor.dataset.segment];
  if (held && held.text !== field().value) {
    field().value = held.text;
    editor.elements.namedItem("based_on").value = held.based_on ?? "";
    say("restored");
    save(editor);
  }
  field().focus({ preventScroll: true });
  fetch(editor.dataset.suggestions).then(async (answer) => {
    if (answer.ok && editor.isConnected) editor.querySelector(".offered").innerHTML = await answer.text();
  }).catch(() => {});
}

list?.addEventListener("input", (event) => { if (event.target.name === "text") changed(); });
list?.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  const link = event.target.closest(".pair > a");
  if (button?.classList.contains("take")) { event.preventDefault(); take(button); }
  else if (button?.value === "propose") { event.preventDefault(); propose(); }
  else if (button?.value === "draft") { event.preventDefault(); save(form()); }
  else if (link && !event.ctrlKey && !event.metaKey) { event.preventDefault(); open(link.closest(".pair")); }
});
document.addEventListener("keydown", (event) => {
  const editor = form();
  if (!editor) return;
  const item = editor.closest(".pair");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); propose(); }
  else if (event.altKey && event.key === "ArrowDown") { event.preventDefault(); open(item.nextElementSibling); }
  else if (event.altKey && event.key === "ArrowUp") { event.preventDefault(); open(item.previousElementSibling); }
  else if (event.altKey && /^Digit[1-9]$/.test(event.code)) {
    const button = editor.querySelectorAll("button.take")[Number(event.code.slice(5)) - 1];
    if (button) { event.preventDefault(); take(button); }
  }
});

// What an earlier visit or a dropped line left behind is sent as soon as there is a line.
let flushing = false;
async function flush() {
  if (flushing) return;
  flushing = true;
  let sent = 0;
  for (const [segment, entry] of Object.entries(kept.all())) {
    const { address, ...rest } = entry;
    try {
      const said = await send(segment, address, rest);
      if (!said.error) sent += 1;
    } catch { break; }
  }
  flushing = false;
  if (sent && !Object.keys(kept.all()).length) say("sent");
}
window.addEventListener("online", flush);
setInterval(() => { if (Object.keys(kept.all()).length && !timer) flush(); }, 15000);
if (form()) { ready(); document.querySelector(".pair.open").scrollIntoView({ block: "center", behavior: "instant" }); }
if (Object.keys(kept.all()).length) flush();
