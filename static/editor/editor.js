// The keys of the article form, its toolbar, faults that lead to their line, and the place where somebody wrote, found again
// after a save.
"use strict";
(() => {
  if (!desk) return;
  const { body, form, isCommand } = desk;

  // The toolbar is worth nothing without script, so it is put in by it.
  body.before(document.getElementById("toolbar").content.cloneNode(true));
  const tools = { b: "md-bold", i: "md-italic", k: "md-link" };
  body.addEventListener("keydown", (event) => {
    const tool = isCommand(event) && tools[event.key.toLowerCase()];
    if (!tool) return;
    event.preventDefault();
    document.querySelector(tool).click();
  });
  document.addEventListener("keydown", (event) => {
    if (!isCommand(event) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) form.querySelector("[name=_continue]")?.click();
  });

  // A fault "Line 12: ..." leads to its line.
  for (const item of document.querySelectorAll(".errorlist li")) {
    const line = /^Line (\d+):/.exec(item.textContent.trim());
    if (!line) continue;
    const jump = document.createElement("a");
    jump.href = `#line-${line[1]}`;
    jump.textContent = item.textContent.trim();
    item.replaceChildren(jump);
  }
  document.getElementById("faults")?.focus();

  // A skeleton is typed in, so that it can be taken back; without script its link opens the form anew.
  const offer = document.querySelector("[data-skeleton]");
  offer?.addEventListener("click", (event) => {
    event.preventDefault();
    const end = body.value.trimEnd().length;
    desk.replace(end, body.value.length, `${end ? "\n\n" : ""}${offer.dataset.skeleton}`);
    body.setSelectionRange(end, end);
    body.scrollTop = 0;
  });

  // Saving a draft opens the form anew. Whoever wrote goes on where they were, and hears that it is saved.
  const PLACE = "desk:place";
  form.addEventListener("submit", (event) => {
    const field = form.contains(document.activeElement) ? document.activeElement : body;
    if (event.submitter?.name !== "_continue") return;
    const isText = field === body || field.type === "text";
    const place = {
      id: field.id, start: isText ? field.selectionStart : 0, end: isText ? field.selectionEnd : 0, isText,
      top: body.scrollTop, page: scrollY, at: Date.now(),
    };
    try {
      sessionStorage.setItem(PLACE, JSON.stringify(place));
    } catch {
      // Then the form opens at its top.
    }
  });
  function takePlace() {
    try {
      const place = JSON.parse(sessionStorage.getItem(PLACE));
      sessionStorage.removeItem(PLACE);
      return place && Date.now() - place.at < 60_000 ? place : null;
    } catch {
      return null;
    }
  }
  const place = takePlace();
  const said = document.querySelector(".messagelist .success");
  if (place && said && !document.getElementById("faults")) {
    const field = document.getElementById(place.id) || body;
    field.closest("details")?.setAttribute("open", "");
    field.focus({ preventScroll: true });
    if (place.isText) field.setSelectionRange?.(place.start, place.end);
    body.scrollTop = place.top;
    addEventListener("load", () => {
      scrollTo({ top: place.page, behavior: "instant" });
      document.getElementById("kept-status").textContent = said.textContent.trim();
    });
  }
})();
