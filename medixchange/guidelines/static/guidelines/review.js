// Keys for the reviewer: A approves, R returns with a reason, N goes to the next.
"use strict";
const rows = [...document.querySelectorAll(".reviewing")];
let at = 0;
const go = (to) => {
  at = Math.max(0, Math.min(to, rows.length - 1));
  rows.forEach((row, number) => row.classList.toggle("open", number === at));
  rows[at]?.scrollIntoView({ block: "center" });
  rows[at]?.focus({ preventScroll: true });
};
document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
  const row = rows[at];
  if (!row) return;
  const key = event.key.toLowerCase();
  if (key === "n") go(at + 1);
  else if (key === "p") go(at - 1);
  else if (key === "a") row.querySelector("button[value=approve]")?.click();
  else if (key === "r") {
    const fold = row.querySelector("details.return");
    if (fold) { fold.open = true; fold.querySelector("input").focus(); event.preventDefault(); }
  }
});
rows.forEach((row, number) => row.addEventListener("focusin", () => {
  at = number;
  rows.forEach((other) => other.classList.toggle("open", other === row));
}));
