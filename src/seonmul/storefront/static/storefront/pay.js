/* Says how long something is still good: [data-until] (time) with data-left and data-over (sentences).
   Keeps what is left for a card while amounts are typed: .pay-means with data-total; the server counts for good. */
"use strict";

(() => {
  function tell() {
    for (const place of document.querySelectorAll("[data-until]")) {
      const seconds = Math.max(0, Math.round((Date.parse(place.dataset.until) - Date.now()) / 1000));
      place.textContent = seconds
        ? place.dataset.left.replace("{minutes}", Math.floor(seconds / 60)).replace("{seconds}", seconds % 60)
        : place.dataset.over;
    }
  }

  setInterval(tell, 1000);
  tell();

  const won = (input) => Number(input?.value.replace(/[^0-9]/g, "") || 0);

  document.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest(".pay-means") : null;
    if (!form) return;
    const total = Number(form.dataset.total);
    const reward = won(form.elements.reward_won);
    const rest = Math.max(0, total - reward - Math.min(won(form.elements.cash_won), Math.max(0, total - reward)));
    const place = document.getElementById("card-rest");
    place.textContent = place.textContent.replace(/[0-9,]+/, rest.toLocaleString("en-US"));
  });
})();
