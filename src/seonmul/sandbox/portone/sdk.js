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
  const popup = (address, cancelled, name = "_blank", load = () => {}) => new Promise((resolve) => {
    const opened = window.open(address, name, "popup,width=460,height=720");
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
    load();
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

  // What is asked for goes by a form, so that no address shows it.
  const send = (page, fields, target) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = new URL(page, base);
    form.target = target;
    form.hidden = true;
    for (const [name, value] of Object.entries(fields)) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
    form.remove();
  };

  const requestPayment = (request) => {
    const needed = ["storeId", "channelKey", "paymentId", "orderName", "totalAmount", "currency", "payMethod"];
    const missing = needed.filter((name) => request[name] === undefined || request[name] === "");
    if (missing.length) return Promise.reject(new Error(`missing: ${missing.join(", ")}`));
    const isRedirection = request.forceRedirect || mode(request) === "REDIRECTION";
    if (isRedirection && !request.redirectUrl) return Promise.reject(new Error("missing: redirectUrl"));
    const fields = { request: JSON.stringify(request) };
    if (isRedirection) {
      send("pay/open", { ...fields, redirectUrl: request.redirectUrl }, "_self");
      return new Promise(() => {});
    }
    const name = `portone-${request.paymentId}`;
    return popup("", {
      transactionType: "PAYMENT",
      txId: "",
      paymentId: request.paymentId,
      code: "WINDOW_CLOSED",
      message: "사용자가 창을 닫았습니다.",
    }, name, () => send("pay/open", { ...fields, origin: window.location.origin }, name));
  };

  window.PortOne = { requestIdentityVerification, requestPayment };
})();
