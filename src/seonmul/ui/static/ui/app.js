/* Small behaviours of every page. Plain script, deferred; listens on the document, so that parts which htmx swaps
   in behave as well. Without it every form still works.

   data-toast            goes away by itself after four seconds, unless it is an alert; data-close closes it
   data-copy="text"      copies the text (or that of the element "#id") and says so (data-copied)
   form method=post      is sent once: its button is busy until the answer; data-busy is what it then says;
                         data-again on the form leaves it alone (downloads, whose page stays)
   data-carry="#a, #b"   on a button that leads on: what is typed in those fields of other forms goes with it
   data-dialog="#id"     opens a <dialog>; data-dialog-close inside closes it
   textarea[data-paste="#file"]  a paste above 2,000 characters goes to that file field and the form is sent
   .drop                 takes files that are dropped on it; data-send on its input sends the form at once
   input[data-won]       gets commas while typing
   data-step="1|-1"      changes the number field of its .stepper */
"use strict";

(() => {
  const PASTE_MOST = 2000;
  const TOAST_MS = 4000;
  const on = (name, does, options) => document.addEventListener(name, does, options);
  const near = (event, selector) => (event.target instanceof Element ? event.target.closest(selector) : null);

  /* toasts */
  function leave(toast) {
    toast.classList.add("is-leaving");
    setTimeout(() => toast.remove(), 260);
  }

  function timeToasts() {
    for (const toast of document.querySelectorAll("[data-toast]:not([data-timed])")) {
      toast.dataset.timed = "";
      if (toast.getAttribute("role") !== "alert") setTimeout(() => leave(toast), TOAST_MS);
    }
  }

  function say(text) {
    const place = document.getElementById("toasts");
    if (!place || !text) return;
    const toast = document.createElement("div");
    const words = document.createElement("p");
    toast.className = "toast-item";
    toast.dataset.toast = "";
    words.className = "toast-text";
    words.textContent = text;
    toast.append(words);
    place.append(toast);
    timeToasts();
  }

  /* one form, one sending */
  function busy(button) {
    if (!button) return;
    button.setAttribute("aria-busy", "true");
    if (button.dataset.busy) {
      button.dataset.rest = button.textContent;
      button.textContent = button.dataset.busy;
    }
  }

  function rest(form) {
    delete form.dataset.sending;
    delete form.dataset.leaving;
    for (const button of document.querySelectorAll('[aria-busy="true"]')) {
      if (button.form !== form) continue;
      button.removeAttribute("aria-busy");
      if (button.dataset.rest) button.textContent = button.dataset.rest;
    }
  }

  on("submit", (event) => {
    const form = event.target;
    if (!form.matches("[method=post], [hx-post]") || "again" in form.dataset) return;
    if ("sending" in form.dataset) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sending = "";
    if (event.submitter?.hasAttribute("formaction")) form.dataset.leaving = "";
    const button = event.submitter ?? form.querySelector("[type=submit]");
    setTimeout(() => busy(button)); // afterwards, so that the button's own name and value are sent
  }, true);

  function carry(form, fields) {
    for (const field of document.querySelectorAll(fields)) {
      if (!field.value || field.form === form) continue;
      const carried = document.createElement("input");
      carried.type = "hidden";
      carried.name = field.name;
      carried.value = field.value;
      form.append(carried);
    }
  }

  on("submit", (event) => {
    const fields = event.submitter?.dataset.carry;
    if (fields) carry(event.target, fields);
  });

  // what asks again by itself waits while somebody is asked something in it; a form that leads on is saved by that alone:
  // a save that comes later would undo what the button has done
  on("htmx:before:request", (event) => {
    const from = event.target;
    if (!(from instanceof Element)) return;
    if (from.querySelector("dialog[open]") || "leaving" in from.dataset) event.preventDefault();
  });

  on("htmx:finally:request", (event) => {
    const form = near(event, "form");
    if (form) rest(form);
  });
  on("htmx:error", (event) => {
    const form = near(event, "form");
    if (form) rest(form);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sending]").forEach(rest);
  });

  /* clicks */
  async function copy(button) {
    const wanted = button.dataset.copy;
    const source = wanted.startsWith("#") ? document.querySelector(wanted) : null;
    const text = source ? (source.value ?? source.textContent).trim() : wanted;
    try {
      await navigator.clipboard.writeText(text);
      say(button.dataset.copied ?? "복사했습니다.");
    } catch {
      say(button.dataset.failed ?? "복사하지 못했습니다. 길게 눌러 복사해 주세요.");
    }
  }

  function step(button) {
    const field = button.closest(".stepper")?.querySelector("input");
    if (!field) return;
    if (Number(button.dataset.step) > 0) field.stepUp();
    else field.stepDown();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  on("click", (event) => {
    const close = near(event, "[data-close]");
    if (close) leave(close.closest("[data-toast]"));
    const copied = near(event, "[data-copy]");
    if (copied) copy(copied);
    const stepped = near(event, "[data-step]");
    if (stepped) step(stepped);
    const opener = near(event, "[data-dialog]");
    if (opener) document.querySelector(opener.dataset.dialog)?.showModal();
    const closer = near(event, "[data-dialog-close]");
    if (closer) closer.closest("dialog")?.close();
  });

  /* lists: a large paste never lands in the textarea, 100,000 lines would freeze it */
  function give(input, files) {
    const box = new DataTransfer();
    for (const file of files) box.items.add(file);
    input.files = box.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  on("paste", (event) => {
    const area = near(event, "textarea[data-paste]");
    const text = area ? event.clipboardData?.getData("text/plain") ?? "" : "";
    const input = area ? document.querySelector(area.dataset.paste) : null;
    if (!input || text.length <= PASTE_MOST) return;
    event.preventDefault();
    give(input, [new File([text], "paste.txt", { type: "text/plain" })]);
    if (!("send" in input.dataset)) input.form.requestSubmit();
  });

  on("change", (event) => {
    const input = near(event, "input[type=file]");
    if (!input?.files.length) return;
    const shown = input.form?.querySelector("[data-file-name]");
    if (shown) shown.textContent = input.files[0].name;
    if ("send" in input.dataset) input.form.requestSubmit();
  });

  for (const name of ["dragover", "dragleave", "drop"]) {
    on(name, (event) => {
      const drop = near(event, ".drop");
      if (!drop) return;
      event.preventDefault();
      drop.classList.toggle("is-over", name === "dragover");
      const input = drop.querySelector("input[type=file]");
      if (name === "drop" && input && event.dataTransfer.files.length) give(input, [event.dataTransfer.files[0]]);
    });
  }

  /* amounts */
  on("input", (event) => {
    const field = near(event, "input[data-won]");
    if (!field) return;
    const digits = field.value.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
    field.value = digits.replace(/\B(?=(\d{3})+$)/g, ",");
  });

  function start() {
    timeToasts();
    document.querySelector('[aria-invalid="true"]:not(.tel)')?.focus();
  }
  on("htmx:after:swap", timeToasts);
  if (document.readyState === "loading") on("DOMContentLoaded", start);
  else start();
})();
