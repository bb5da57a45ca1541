/* The message being written: its length and how it looks on the phone, at once. The server's count is the truth.

   data-bytes-room="id"  names an element that tells what the server adds: data-room-most, data-room-added, data-places;
                         data-room-unit="letters" counts letters, as a mail is counted
   data-bytes-of="id"    shows "34 / 40바이트" of a field whose data-bytes-most is 40
   rect[data-meter-of="id"]  grows with it
   data-preview-of="id"  shows the field's text; #{name} is filled from data-sample (JSON) of the .preview
   data-insert="#{이름}" data-into="id"  writes at the cursor */
"use strict";

(() => {
  // EUC-KR as the carriers count it: one byte for ASCII, two for everything else.
  function bytes(text) {
    let sum = 0;
    for (const character of text.replace(/\r\n/g, "\n")) sum += character.codePointAt(0) < 128 ? 1 : 2;
    return sum;
  }

  function letters(text) {
    return [...text.replace(/\r\n/g, "\n")].length;
  }

  function unit(field) {
    return document.getElementById(field.dataset.bytesRoom ?? "")?.dataset.roomUnit === "letters" ? "자" : "바이트";
  }

  function sample(element) {
    try {
      return JSON.parse(element.closest(".preview")?.dataset.sample ?? "{}");
    } catch {
      return {};
    }
  }

  // What the server adds to the text and the longest value of each place stand on the field's room.
  function measured(field) {
    const room = document.getElementById(field.dataset.bytesRoom ?? "");
    if (!room) return { most: Number(field.dataset.bytesMost), used: bytes(field.value) };
    const places = JSON.parse(room.dataset.places);
    const size = room.dataset.roomUnit === "letters" ? letters : bytes;
    let used = 0;
    const rest = field.value.replace(/#\{([^}]*)\}/g, (whole, name) => {
      if (!(name in places)) return whole;
      used += places[name];
      return "";
    });
    used += size(rest);
    if (field.matches("textarea")) return { most: Number(room.dataset.roomMost), used: used + Number(room.dataset.roomAdded) };
    return { most: Number(field.dataset.bytesMost), used };
  }

  function show(field) {
    const { most, used } = measured(field);
    for (const count of document.querySelectorAll(`[data-bytes-of="${field.id}"]`)) {
      count.textContent = `${used.toLocaleString("ko-KR")} / ${most.toLocaleString("ko-KR")}${unit(field)}`;
      count.classList.toggle("is-over", used > most);
    }
    for (const bar of document.querySelectorAll(`[data-meter-of="${field.id}"]`)) {
      bar.setAttribute("width", `${Math.min((used / most) * 100, 100)}%`);
      bar.setAttribute("class", used > most ? "meter-over" : "meter-now");
    }
    for (const place of document.querySelectorAll(`[data-preview-of="${field.id}"]`)) {
      const values = sample(place);
      place.textContent = field.value.replace(/#\{([^}]*)\}/g, (whole, name) => values[name] ?? whole);
    }
  }

  function showAll() {
    document.querySelectorAll("[data-bytes-most]").forEach(show);
  }

  document.addEventListener("input", (event) => {
    if (event.target instanceof Element && event.target.matches("[data-bytes-most]")) show(event.target);
  });
  document.addEventListener("change", (event) => {
    const from = event.target instanceof Element ? document.querySelector(`[data-choice-of="${event.target.id}"]`) : null;
    if (from) from.textContent = event.target.selectedOptions?.[0]?.dataset.shown ?? event.target.value;
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-insert]") : null;
    const field = button ? document.getElementById(button.dataset.into) : null;
    if (!field) return;
    field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("htmx:after:swap", showAll);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", showAll);
  else showAll();
})();
