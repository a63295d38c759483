// Answers as one types: waits until the typing pauses, asks one thing at a time, and keeps the
// address right. Without this script the same form loads the page.
"use strict";
(() => {
  const form = document.getElementById("search");
  const box = document.getElementById("q");
  const answers = document.getElementById("answers");
  const said = document.getElementById("said");
  if (!form?.dataset.results || !box || !answers) return;
  const PAUSE = 250;
  const wide = matchMedia("(min-width: 60rem)");
  let timer = 0;
  let asking = null;
  let shown = parameters(false);

  // What the form asks for, as the address says it; page and button are left out.
  function parameters(submitted) {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (name === "language" && value === document.documentElement.lang) continue;
      const text = name === "q" ? value.trim().replace(/\s+/g, " ") : value;
      if (text) data.append(name, text);
    }
    if (submitted) data.append("go", "1");
    return data.toString();
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(() => show(parameters(false), "replace"), PAUSE);
  }

  async function show(wanted, how) {
    clearTimeout(timer);
    if (wanted === shown && how === "replace") return;
    asking?.abort();
    const mine = (asking = new AbortController());
    answers.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${form.dataset.results}?${wanted}`, { signal: mine.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const html = await answer.text();
      if (mine !== asking) return;
      replace(html);
      shown = wanted.replace(/&?go=1$/, "");
      const here = location.pathname + (shown ? `?${shown}` : "");
      if (how === "push" && here !== location.pathname + location.search) {
        history.pushState(null, "", here);
      } else if (how !== "keep") {
        history.replaceState(null, "", here);
      }
      tell(document.getElementById("count")?.textContent ?? "");
    } catch (error) {
      if (error.name === "AbortError") return;
      tell(form.dataset.trouble, true);
    } finally {
      if (mine === asking) {
        asking = null;
        answers.removeAttribute("aria-busy");
      }
    }
  }

  function replace(html) {
    const focused = answers.contains(document.activeElement) ? document.activeElement.id : "";
    const open = document.getElementById("narrow")?.open;
    answers.innerHTML = html;
    unfold(open);
    if (focused) (document.getElementById(focused) ?? box).focus({ preventScroll: true });
  }

  // Where there is room beside the answers, what to narrow them by is open.
  function unfold(open) {
    const narrow = document.getElementById("narrow");
    if (narrow) narrow.open = open ?? wide.matches;
  }

  function tell(text, trouble = false) {
    said.textContent = text;
    said.classList.toggle("hidden", !trouble);
  }

  box.addEventListener("input", (event) => {
    if (!event.isComposing) later();
  });
  box.addEventListener("compositionend", later);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(parameters(event.submitter?.name === "go" || !event.submitter), "push");
  });
  answers.addEventListener("change", (event) => {
    if (event.target.form === form) show(parameters(false), "push");
  });
  addEventListener("popstate", () => {
    const data = new URLSearchParams(location.search);
    box.value = data.get("q") ?? "";
    show(data.toString(), "keep");
  });

  // "/" goes to the box, arrows through the answers, Enter opens, Escape comes back and clears.
  const links = () => [...answers.querySelectorAll(".answers h3 a")];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = document.activeElement;
    const found = links();
    const place = found.indexOf(at);
    if (event.key === "/" && !at.matches("input, select, textarea, [contenteditable]")) {
      box.focus();
      box.select();
    } else if (event.key === "ArrowDown" && (at === box || place >= 0)) {
      if (found.length === 0) return;
      found[Math.min(place + 1, found.length - 1)].focus();
    } else if (event.key === "ArrowUp" && place >= 0) {
      (place === 0 ? box : found[place - 1]).focus();
    } else if (event.key === "Escape" && place >= 0) {
      box.focus();
    } else if (event.key === "Escape" && at === box && box.value) {
      box.value = "";
      show(parameters(false), "replace");
    } else {
      return;
    }
    event.preventDefault();
  });

  // A page that was sent off with the button says so in its address once, not when loaded again.
  if (new URLSearchParams(location.search).has("go")) {
    history.replaceState(null, "", location.pathname + (shown ? `?${shown}` : ""));
  }
  unfold();
})();
