/* data-add="10000" adds won to the amount field of its form, data-add="" empties it. Shown only with this script. */
"use strict";

(() => {
  const buttons = document.querySelectorAll("[data-add]");
  for (const button of buttons) button.closest("[hidden]")?.removeAttribute("hidden");

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-add]") : null;
    const field = button?.closest("form")?.elements.namedItem("won");
    if (!(field instanceof HTMLInputElement)) return;
    const now = Number(field.value.replace(/\D/g, "")) || 0;
    const won = button.dataset.add ? now + Number(button.dataset.add) : 0;
    field.value = won ? won.toLocaleString("en-US") : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
})();
