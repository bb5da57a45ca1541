// Stands in for PortOne's browser script: the same functions, the sandbox's windows.
(() => {
  const base = new URL(".", document.currentScript.src);
  const isPhone = () => /Mobi/.test(navigator.userAgent) || window.matchMedia("(max-width: 600px)").matches;

  const mode = (request) => {
    const wished = request.windowType && request.windowType[isPhone() ? "mobile" : "pc"];
    if (wished) return wished;
    return request.redirectUrl ? "REDIRECTION" : "POPUP";
  };

  const addressOf = (page, fields, request, isRedirection) => {
    const address = new URL(page, base);
    for (const name of fields) if (request[name]) address.searchParams.set(name, request[name]);
    if (isRedirection) address.searchParams.set("redirectUrl", request.redirectUrl);
    else address.searchParams.set("origin", window.location.origin);
    return address;
  };

  // Open a window and wait for its answer; one that was closed answers `cancelled`.
  const popup = (address, cancelled) => new Promise((resolve) => {
    const opened = window.open(address, "_blank", "popup,width=460,height=720");
    if (!opened) {
      resolve({ ...cancelled, code: "POPUP_BLOCKED", message: "팝업이 차단되었습니다." });
      return;
    }
    const done = (result) => {
      window.removeEventListener("message", hear);
      window.clearInterval(watch);
      resolve(result);
    };
    const hear = (event) => {
      if (event.source === opened && event.origin === base.origin) done(event.data);
    };
    const watch = window.setInterval(() => { if (opened.closed) done(cancelled); }, 300);
    window.addEventListener("message", hear);
  });

  const requestIdentityVerification = (request) => {
    const needed = ["storeId", "channelKey", "identityVerificationId"];
    const missing = needed.filter((name) => !request[name]);
    if (missing.length) return Promise.reject(new Error(`missing: ${missing.join(", ")}`));
    const isRedirection = mode(request) === "REDIRECTION";
    if (isRedirection && !request.redirectUrl) return Promise.reject(new Error("missing: redirectUrl"));
    const address = addressOf("identity", [...needed, "customData"], request, isRedirection);
    if (isRedirection) {
      window.location.assign(address);
      return new Promise(() => {});
    }
    return popup(address, {
      transactionType: "IDENTITY_VERIFICATION",
      identityVerificationId: request.identityVerificationId,
      code: "WINDOW_CLOSED",
      message: "사용자가 창을 닫았습니다.",
    });
  };

  window.PortOne = { requestIdentityVerification };
})();
