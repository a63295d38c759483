// Signing out takes what is to be counted off this phone; what waits to be sent stays. Goes with
// offline.js on pages that have the site's own button for it.
"use strict";

for (const form of document.querySelectorAll("form[action$='/account/logout/']")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const [entries, drafts] = await Promise.all([Relief.waiting(), Relief.all("drafts")]).catch(() => [[], []]);
    if ((entries.length || drafts.length) && !confirm(Saying.say("leave-sure"))) return;
    await Relief.forget().catch(() => {});
    form.submit();
  });
}
