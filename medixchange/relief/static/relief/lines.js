// The lines of a packing list on the counting page: folded by item, each opened where it is counted.
// Made when they are looked at: a list of a thousand lines opens as fast as one of ten.
"use strict";

const OUTCOMES = ["accepted", "damaged", "missing", "quarantined"];

/**
 * What the lines of a sheet look like and do. `draft.lines` holds what was typed, by the line's key;
 * `changed` is called after every change.
 */
function countingLines({ root, sheet, items, draft, changed }) {
  const { say, number, day, whole, part } = Saying;
  const shown = new Map();
  const byKey = new Map(sheet.lines.map((line) => [line.key, line]));
  const groups = new Map();
  for (const line of sheet.lines) {
    if (!groups.has(line.item)) groups.set(line.item, { lines: [], element: null });
    groups.get(line.item).lines.push(line);
  }

  const figures = (key) => {
    const typed = draft.lines[key] ?? {};
    return Object.fromEntries(OUTCOMES.map((outcome) => [outcome, whole(typed[outcome])]));
  };
  const total = (key) => Object.values(figures(key)).reduce((all, value) => all + value, 0);
  const isCounted = (key) => total(key) !== 0;
  /** What may still come of a line: what is open, and what a case says is missing. */
  const room = (line) => line.open + line.missing;

  function state(line) {
    const found = figures(line.key);
    const sum = total(line.key);
    const unit = items.get(line.item)?.unit ?? "";
    if (!sum) {
      const missing = line.missing ? say("said-missing", { n: number(line.missing) }) : "";
      if (!line.open) return { mark: missing ? "!" : "✓", text: missing || say("done-before"), kind: "before" };
      const open = `${number(line.open)} ${unit} · ${say("not-counted")}`;
      return { mark: "○", text: missing ? `${open} · ${missing}` : open, kind: "open" };
    }
    if (found.accepted === room(line) && sum === room(line)) {
      return { mark: "✓", text: `${number(sum)} ${unit} · ${say("all-here")}`, kind: "done" };
    }
    const parts = OUTCOMES.filter((outcome) => found[outcome])
      .map((outcome) => `${number(found[outcome])} ${say(outcome)}`);
    if (sum < line.open) parts.push(say("still-open", { n: number(line.open - sum) }));
    if (sum > room(line)) parts.push(say("more-than-listed", { n: number(sum - room(line)) }));
    return { mark: sum < line.open ? "◐" : "⚠", text: parts.join(" · "), kind: "differs" };
  }

  function put(element, { mark, text, kind }) {
    element.textContent = `${mark} ${text}`;
    element.dataset.kind = kind;
  }

  function groupState(group) {
    const unit = items.get(group.lines[0].item)?.unit ?? "";
    const open = group.lines.reduce((all, line) => all + room(line), 0);
    const found = group.lines.reduce((all, line) => all + total(line.key) - figures(line.key).missing, 0);
    const kinds = new Set(group.lines.map((line) => state(line).kind));
    const mark = kinds.has("differs") ? "⚠" : kinds.has("open") ? "○" : "✓";
    return { mark, text: `${say("of", { n: number(found), all: number(open) })} ${unit}`, kind: "group" };
  }

  function update(line) {
    const element = shown.get(line.key);
    if (element) {
      put(element.querySelector(".line-state"), state(line));
      for (const input of element.querySelectorAll(".line-editor input[data-outcome]")) {
        const typed = draft.lines[line.key]?.[input.dataset.outcome] ?? "";
        if (input.value !== typed) input.value = typed;
        input.setAttribute("aria-invalid", String(Number.isNaN(whole(typed))));
      }
      element.querySelector(".as-listed").hidden = !room(line) || isCounted(line.key);
    }
    const group = groups.get(line.item);
    if (group.element) put(group.element.querySelector(".goods-state"), groupState(group));
  }

  function set(line, values) {
    draft.lines[line.key] = { ...draft.lines[line.key], ...values };
    if (!Object.values(draft.lines[line.key]).some((typed) => String(typed).trim())) delete draft.lines[line.key];
    update(line);
    changed();
  }

  function step(line, outcome, by) {
    const found = figures(line.key);
    const value = Math.max(0, (found[outcome] || 0) + by);
    const values = { [outcome]: value ? String(value) : "" };
    // All were here and one of them turns out damaged: then it is one fewer that is good.
    if (by > 0 && outcome !== "accepted" && found.accepted > 0 && total(line.key) === room(line)) {
      values.accepted = found.accepted > 1 ? String(found.accepted - 1) : "";
    }
    set(line, values);
  }

  function editor(line) {
    const rows = OUTCOMES.map((outcome) => {
      const stepper = part("stepper");
      const [label, input] = [stepper.querySelector("label"), stepper.querySelector("input")];
      input.id = label.htmlFor = `line-${line.key}-${outcome}`;
      label.textContent = say(outcome);
      input.dataset.outcome = outcome;
      input.value = draft.lines[line.key]?.[outcome] ?? "";
      input.addEventListener("input", () => set(line, { [outcome]: input.value }));
      for (const [name, by] of [["less", -1], ["more", 1]]) {
        const button = stepper.querySelector(`.${name}`);
        button.setAttribute("aria-label", `${say(outcome)}: ${button.getAttribute("aria-label")}`);
        button.addEventListener("click", () => step(line, outcome, by));
      }
      return stepper;
    });
    const remark = part("remark");
    const field = remark.querySelector("input");
    field.id = remark.querySelector("label").htmlFor = `line-${line.key}-remark`;
    field.value = draft.lines[line.key]?.remark ?? "";
    field.addEventListener("input", () => set(line, { remark: field.value }));
    return [...rows, remark];
  }

  function row(line) {
    const element = part("line");
    const button = element.querySelector(".line-open");
    const box = document.createElement("b");
    box.textContent = say("box", { n: line.number });
    const lot = document.createElement("bdi");
    lot.textContent = line.lot_number ? say("lot", { lot: line.lot_number }) : say("no-lot");
    const expires = line.expires_on ? ` · ${say("expires", { date: day(line.expires_on) })}` : "";
    element.querySelector(".line-name").append(box, " · ", lot, expires);
    button.addEventListener("click", () => unfold(line, button.getAttribute("aria-expanded") !== "true"));
    element.querySelector(".as-listed").addEventListener("click", () => {
      asListed(line);
      button.focus();
    });
    shown.set(line.key, element);
    update(line);
    return element;
  }

  function unfold(line, open) {
    const element = shown.get(line.key);
    const [button, place] = [element.querySelector(".line-open"), element.querySelector(".line-editor")];
    if (open && !place.firstChild) place.append(...editor(line));
    place.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  }

  const asListed = (line) =>
    set(line, { accepted: String(room(line)), damaged: "", missing: "", quarantined: "" });

  function fill(group) {
    const list = group.element.querySelector(".lines");
    if (!list.firstChild) list.append(...group.lines.map(row));
  }

  /** Unfold a line, go to it, and put the cursor where it is counted. */
  function goTo(key) {
    const line = byKey.get(key);
    const group = groups.get(line.item);
    fill(group);
    group.element.open = true;
    unfold(line, true);
    const element = shown.get(key);
    element.scrollIntoView({ block: "center" });
    element.querySelector("input[data-outcome=accepted]").focus({ preventScroll: true });
  }

  for (const [code, group] of groups) {
    const item = items.get(code);
    group.element = part("item");
    const name = group.element.querySelector(".goods-name");
    name.textContent = item?.name ?? code;
    if (item) Object.assign(name, { lang: item.lang, dir: item.dir });
    put(group.element.querySelector(".goods-state"), groupState(group));
    group.element.addEventListener("toggle", () => fill(group));
    root.append(group.element);
  }
  if (sheet.lines.length <= 30) for (const group of groups.values()) { fill(group); group.element.open = true; }

  return {
    figures, total, isCounted, room, asListed, goTo,
    /** Put back what a line said before, or nothing. */
    restore(line, before) {
      draft.lines[line.key] = { accepted: "", damaged: "", missing: "", quarantined: "", ...before };
      set(line, {});
    },
  };
}
