/* The camera reads a code into the field, where the browser knows how (BarcodeDetector). Elsewhere (an iPhone) the page says that
   the digits are typed. */
"use strict";

(() => {
  const button = document.getElementById("till-scan");
  const eye = document.getElementById("till-eye");
  const field = document.getElementById("code");
  const refused = document.getElementById("till-refused");
  if (!button) return;
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) {
    document.getElementById("till-no-camera").hidden = false;
    return;
  }
  button.hidden = false;

  async function look(stream) {
    const detector = new BarcodeDetector({ formats: ["code_128", "qr_code"] });
    while (stream.active) {
      const found = await detector.detect(eye).catch(() => []);
      if (found.length) {
        field.value = found[0].rawValue;
        stop(stream);
        field.form.requestSubmit();
        return;
      }
      await new Promise((next) => setTimeout(next, 150));
    }
  }

  function stop(stream) {
    stream.getTracks().forEach((track) => track.stop());
    eye.hidden = true;
    button.hidden = false;
  }

  button.addEventListener("click", async () => {
    refused.hidden = true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      eye.srcObject = stream;
      eye.hidden = false;
      button.hidden = true;
      await eye.play();
      look(stream);
    } catch {
      // no camera, or not allowed: the digits can be typed
      refused.hidden = false;
      field.focus();
    }
  });
})();
