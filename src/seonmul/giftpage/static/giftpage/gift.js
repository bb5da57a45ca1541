/* A link to a folded part unfolds it; browsers that do so by themselves do it once more for nothing.
   The screen stays awake while the voucher is looked at, where the phone can do that. */
"use strict";

(() => {
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
})();
