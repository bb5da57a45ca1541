/* Says how long a texted code is still good: data-until (time), data-left and data-over (sentences). */
"use strict";

(() => {
  const place = document.querySelector("[data-until]");
  if (!place) return;
  const until = Date.parse(place.dataset.until);

  function tell() {
    const seconds = Math.max(0, Math.round((until - Date.now()) / 1000));
    place.textContent = seconds
      ? place.dataset.left.replace("{minutes}", Math.floor(seconds / 60)).replace("{seconds}", seconds % 60)
      : place.dataset.over;
    if (!seconds) clearInterval(timer);
  }

  const timer = setInterval(tell, 1000);
  tell();
})();
