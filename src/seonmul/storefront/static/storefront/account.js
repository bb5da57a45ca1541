/* Coming in.

   data-reveal           a password field inside gets a button that shows what was typed (data-show, data-hide: its name)
   data-passkey          login, authenticate or add: what its button does with a passkey, through allauth's script;
                         data-credential, data-passwordless: ids of its fields. Hidden where the browser knows none
   data-passkey-error    is shown when a passkey could not be used */
"use strict";

(() => {
  const icon = (name) => {
    const href = document.querySelector("use")?.getAttribute("href")?.split("#")[0];
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", `${href}#${name}`);
    svg.append(use);
    return svg;
  };

  for (const place of document.querySelectorAll("[data-reveal]")) {
    const field = place.querySelector("input[type=password]");
    const eye = document.createElement("button");
    const show = (is) => {
      field.type = is ? "text" : "password";
      eye.setAttribute("aria-label", is ? place.dataset.hide : place.dataset.show);
      eye.replaceChildren(icon(is ? "eye-off" : "eye"));
    };
    eye.type = "button";
    eye.className = "reveal-eye";
    eye.addEventListener("click", () => show(field.type === "password"));
    field.form?.addEventListener("submit", () => show(false));
    show(false);
    place.append(eye);
  }

  /* after all deferred scripts, allauth's among them */
  document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll("[data-passkey]")) {
      const { passkey, credential, passwordless } = button.dataset;
      window.allauth.webauthn.forms[`${passkey}Form`]({
        ids: { [passkey]: button.id, credential, passwordless, data: "js_data" },
      });
      if (window.PublicKeyCredential) button.form.hidden = false;
    }
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const told of document.querySelectorAll("[data-passkey-error]")) told.hidden = false;
  });
})();
