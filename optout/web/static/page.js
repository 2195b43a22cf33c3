/* What a page cannot say in HTML: nothing personal stays on the screen longer than it may. */
(() => {
  "use strict";
  const here = document.body.dataset.here;
  const idle = Number(document.body.dataset.idle) * 1000;
  let used = Date.now();  // when somebody opened or last wrote in this screen
  let said = used;  // when the folder last heard of it
  const left = "/left";  // to go there by itself does not count as somebody who is here
  const again = (address) => { document.body.hidden = true; location.replace(address); };

  // Back to a page that the browser kept whole: it may be locked since, so it is asked for anew.
  addEventListener("pageshow", (event) => { if (event.persisted) again(here); });

  // A computer that slept: its timers stood still, the clock on the wall did not.
  // And a folder that was locked in another window takes its screens along.
  const isShut = async () => (await fetch("/still-open", { redirect: "manual" })).status !== 204;
  const look = async () => {
    if (Date.now() - used > idle) again(left);
    else if ("open" in document.body.dataset && await isShut().catch(() => false)) again(left);
  };
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);

  // Who writes a long answer is here, though no form is sent meanwhile. Only a person's own keys
  // and clicks count: a screen that lies open says nothing.
  document.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    used = Date.now();
    if (used - said < idle / 30) return;
    said = used;
    fetch("/still-here", { method: "POST", redirect: "manual" }).catch(() => {});
  });

  // What is new is gone through from its beginning, by ear or by keys; nobody is taken from where
  // they are, and what was said before a question does not scroll out of sight.
  document.addEventListener("htmx:load", () => {
    if (document.activeElement !== document.body) return;
    const line = document.querySelector(".now [autofocus]");
    if (line) line.focus();
    else document.querySelector(".now")?.focus({ preventScroll: true });
  });
})();
