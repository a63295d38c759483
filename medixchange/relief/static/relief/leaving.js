// Signing out, on whichever page, takes off this phone what is kept there to be counted; what waits
// to be sent stays, after asking. Goes with every page that has the site's own button for it, and
// loads offline.js only where a phone keeps something.
"use strict";

(() => {
  const { offline, sure } = document.currentScript.dataset;

  /** Whether this browser has ever kept anything of relief; true where it cannot say. */
  async function keeps() {
    if (!indexedDB.databases) return true;
    return (await indexedDB.databases()).some(({ name }) => name === "relief");
  }

  async function load() {
    if (typeof Relief !== "undefined") return;
    await new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = offline;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
  }

  /** Whether to go on signing out, with all forgotten that may be. */
  async function forgotten() {
    if (!(await keeps())) return true;
    await load();
    const [entries, drafts] = await Promise.all([Relief.waiting(), Relief.all("drafts")]);
    if ((entries.length || drafts.length) && !confirm(sure)) return false;
    await Relief.forget();
    return true;
  }

  for (const form of document.querySelectorAll("form[action$='/account/logout/']")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      // A browser that lets nothing be kept has nothing to forget.
      if (await forgotten().catch(() => true)) form.submit();
    });
  }
})();
