// Beside the text, as it is written: what readers will see and what is to be said of it, by one request a pause. The preview is as
// wide as a telephone, or as a desk.
"use strict";
(() => {
  const frame = document.querySelector("iframe[name=preview]");
  const button = document.querySelector("[data-preview]");
  const pane = frame?.closest(".desk");

  // The width, also for those who only look.
  const widths = document.getElementById("widths");
  if (pane && widths) {
    widths.after(widths.content.cloneNode(true));
    const buttons = [...document.querySelectorAll("[data-width]")];
    const choose = (width) => {
      pane.classList.toggle("wide", width === "desktop");
      for (const one of buttons) one.setAttribute("aria-pressed", String(one.dataset.width === width));
    };
    let chosen = "phone";
    try {
      chosen = localStorage.getItem("desk:width") || chosen;
    } catch {
      // The browser remembers nothing.
    }
    choose(chosen);
    for (const one of buttons) {
      one.addEventListener("click", () => {
        choose(one.dataset.width);
        try {
          localStorage.setItem("desk:width", one.dataset.width);
        } catch {
          // It holds until the page is left.
        }
      });
    }
  }

  if (!desk || !frame || !button) return;
  const { facts, form } = desk;
  const report = document.getElementById("report");
  const fault = document.querySelector("[data-preview-fault]");
  let timer = 0;
  let request = null;

  // What somebody opened or closed stays so; who stands in a list keeps their place.
  const wishes = new Map();
  report?.addEventListener("click", (event) => {
    const list = event.target.closest("summary")?.parentElement;
    if (list) wishes.set(list.dataset.keep, !list.open);
  });
  function put(html) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const place = [...report.querySelectorAll("a, summary")].indexOf(document.activeElement);
    for (const list of page.querySelectorAll("details")) list.open = wishes.get(list.dataset.keep) ?? list.open;
    report.replaceChildren(...page.body.childNodes);
    if (place >= 0) [...report.querySelectorAll("a, summary")].at(place)?.focus();
    const words = document.getElementById("report-title");
    if (words) words.hidden = true;
  }

  // The newest text wins.
  async function show() {
    request?.abort();
    const mine = request = new AbortController();
    let found = null;
    try {
      const answer = await fetch(facts.check, {
        method: "POST", body: new FormData(form), signal: mine.signal, credentials: "same-origin",
      });
      if (answer.ok && !answer.redirected) found = await answer.json();
    } catch {
      // No answer: either a newer request has taken this one's place, or the fault is shown below.
    }
    if (mine !== request) return;
    fault.hidden = found !== null;
    if (found === null) return;
    const page = new DOMParser().parseFromString(found.page, "text/html");
    frame.contentDocument.body.replaceChildren(...page.body.childNodes);
    if (report) put(found.report);
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 500);
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    show();
  });
  button.closest("p").hidden = true;
  if (facts.refused === "yes") addEventListener("load", show);
})();
