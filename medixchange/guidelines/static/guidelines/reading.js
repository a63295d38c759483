// A passage's mark opens its original in place, so that a slow line need not load the page again.
// Without this script the same link loads the page with the original shown.
"use strict";
document.addEventListener("click", async (event) => {
  const mark = event.target.closest("a.mark");
  if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const passage = mark.closest(".passage");
  const shown = passage.querySelector(":scope > .source");
  event.preventDefault();
  if (shown) {
    shown.hidden = !shown.hidden;
    return;
  }
  const here = mark.closest("article").dataset.here;
  mark.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${here}original/${passage.id}/`);
    if (!answer.ok) throw new Error(answer.statusText);
    passage.insertAdjacentHTML("beforeend", await answer.text());
  } catch {
    location.assign(mark.href);
  } finally {
    mark.removeAttribute("aria-busy");
  }
});
