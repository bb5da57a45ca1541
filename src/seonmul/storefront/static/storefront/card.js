/* Opens the provider's card window: [data-card-window] with data-request (what its function takes). Its answer is sent
   by #card-back; what the browser says there only makes the server ask the provider. While the window is open,
   #card-watch does not load the page again under it. */
"use strict";

(() => {
  let isOpen = false;

  document.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-card-window]") : null;
    if (!button || isOpen) return;
    const failed = document.getElementById("card-failed");
    failed.hidden = true;
    isOpen = true;
    button.setAttribute("aria-busy", "true");
    try {
      const told = await window.PortOne.requestPayment(JSON.parse(button.dataset.request));
      // on a phone the browser has gone there already, and nothing comes
      if (!told) return;
      const form = document.getElementById("card-back");
      form.elements.code.value = told.code ?? "";
      form.elements.message.value = told.message ?? "";
      form.action = `${form.action.split("?")[0]}?${button.dataset.query}`;
      form.submit();
    } catch {
      failed.hidden = false;
    } finally {
      isOpen = false;
      button.removeAttribute("aria-busy");
    }
  });

  document.addEventListener("htmx:before:request", (event) => {
    const asks = event.detail?.ctx?.sourceElement ?? event.target;
    if (isOpen && asks instanceof Element && asks.id === "card-watch") event.preventDefault();
  });
})();
