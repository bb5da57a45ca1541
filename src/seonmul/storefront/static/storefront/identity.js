/* Opens the provider's window: [data-identity] with data-request (what its function takes) and data-back (where to go
   with the answer). What the browser says there only makes the server ask the provider. */
"use strict";

(() => {
  const button = document.querySelector("[data-identity]");
  const failed = document.getElementById("identity-failed");
  if (!button) return;

  button.addEventListener("click", async () => {
    failed.hidden = true;
    button.setAttribute("aria-busy", "true");
    try {
      const told = await window.PortOne.requestIdentityVerification(JSON.parse(button.dataset.request));
      // on a phone the browser has gone there already, and nothing comes
      if (!told) return;
      const back = new URL(button.dataset.back, window.location.href);
      back.searchParams.set("identityVerificationId", told.identityVerificationId);
      if (told.code) back.searchParams.set("code", told.code);
      window.location.assign(back);
    } catch {
      failed.hidden = false;
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
})();
