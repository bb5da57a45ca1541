// The answer goes to the page that opened this window, and to no other origin.
const answer = document.getElementById("answer");
if (window.opener) window.opener.postMessage(JSON.parse(answer.dataset.result), answer.dataset.origin);
window.close();
