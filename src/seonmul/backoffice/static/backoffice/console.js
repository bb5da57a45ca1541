/* The console's keyboard. Plain script, deferred; without it every link and button still works.

   aria-keyshortcuts="A"   one letter presses that button or link, "/" goes into that field
   J, K                    open the next and the previous of the list that waits
   data-fill="#reason"     writes the button's words into that field
   dialog[data-open]       is open from the beginning
   Ctrl+Enter              sends the form that is being typed in */
"use strict";

(() => {
  const TYPED_IN = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

  function step(by) {
    const rows = [...document.querySelectorAll(".waiting")];
    if (!rows.length) return;
    const now = rows.findIndex((row) => row.hasAttribute("aria-current"));
    const next = now < 0 ? 0 : Math.min(Math.max(now + by, 0), rows.length - 1);
    if (next !== now) rows[next].click();
  }

  function press(key) {
    const wanted = [...document.querySelectorAll("[aria-keyshortcuts]")].find(
      (one) => one.getAttribute("aria-keyshortcuts").toLowerCase() === key && !one.disabled && one.offsetParent,
    );
    if (!wanted) return false;
    if (wanted.matches(TYPED_IN)) {
      wanted.focus();
      wanted.select();
    } else wanted.click();
    return true;
  }

  document.addEventListener("keydown", (event) => {
    const inField = event.target instanceof Element && event.target.matches(TYPED_IN);
    if (inField && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.target.form?.requestSubmit();
      return;
    }
    if (inField && event.key === "Escape" && !document.querySelector("dialog[open]")) event.target.blur();
    if (inField || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (document.querySelector("dialog[open]")) return;
    // a Korean keyboard sends ㅁ for the A key: the place of the key counts
    const key = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key.toLowerCase();
    if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (!press(key)) return;
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-fill]") : null;
    const field = button && document.querySelector(button.dataset.fill);
    if (!field) return;
    field.value = button.textContent.trim();
    field.focus();
  });

  // a dialog opens with the cursor where one writes
  document.addEventListener("click", (event) => {
    const opener = event.target instanceof Element ? event.target.closest("[data-dialog]") : null;
    if (opener) document.querySelector(`${opener.dataset.dialog} textarea`)?.focus();
  });

  document.querySelector("dialog[data-open]")?.showModal();
  document.querySelector(".waiting[aria-current]")?.scrollIntoView({ block: "nearest" });
})();
