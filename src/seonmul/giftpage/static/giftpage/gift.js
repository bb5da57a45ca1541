/* A link to a folded part unfolds it; browsers that do so by themselves do it once more for nothing.
   The font comes when the page can be read: on a slow phone it would be half a second in which nothing is seen.
   The screen stays awake while the voucher is looked at, where the phone can do that. What is used shows as used. */
"use strict";

(() => {
  const { font } = document.currentScript.dataset;
  addEventListener("load", () => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = font;
    document.head.append(sheet);
  });

  function unfold(id) {
    const part = id && document.getElementById(id)?.closest("details");
    if (part) part.open = true;
  }

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null;
    if (link) unfold(link.hash.slice(1));
  });
  unfold(location.hash.slice(1));

  async function stayAwake() {
    if (document.visibilityState !== "visible" || !document.querySelector(".gift-code")) return;
    try {
      await navigator.wakeLock?.request("screen");
    } catch {
      // a phone that saves its battery says no: the hint on brightness stands beside the code
    }
  }
  document.addEventListener("visibilitychange", stayAwake);
  stayAwake();

  /* The page lies on a counter: when the voucher is used, or a part of it, it shows so by itself. */
  const main = document.getElementById("main");
  const began = Date.now();
  async function look() {
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(main.dataset.now, { cache: "no-store" });
        if (answer.ok && (await answer.text()) !== main.dataset.mark) return location.reload();
      } catch {
        // no net for a moment: the next look will do
      }
    }
    // often while somebody stands at the counter, rarely on a page that was left open
    setTimeout(look, Date.now() - began < 300_000 ? 3_000 : 30_000);
  }
  if (main?.dataset.now) setTimeout(look, 3_000);
})();
