// The article form with script: a toolbar, a preview that follows as you write, faults that lead to their line, Ctrl+S.
// Without script there is a plain textarea and a button that shows the preview.
"use strict";
(() => {
  const body = document.getElementById("id_body");
  const frame = document.querySelector("iframe[name=preview]");
  const button = document.querySelector("[data-preview]");
  if (!body || !frame || !button) return;
  const form = body.form;

  // The toolbar is worth nothing without script, so it is put in by it.
  body.before(document.getElementById("toolbar").content.cloneNode(true));

  // The preview: the newest text wins, and the place where the reader of the preview is stays.
  let timer = 0;
  let request = null;
  async function show() {
    request?.abort();
    request = new AbortController();
    try {
      const answer = await fetch(button.formAction, {
        method: "POST", body: new FormData(form), signal: request.signal, credentials: "same-origin",
      });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      frame.contentDocument.body.replaceChildren(...page.body.childNodes);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(show, 500);
  });
  button.addEventListener("click", (event) => {
    event.preventDefault();
    show();
  });
  document.querySelector("[data-preview-hint]").hidden = false;

  // A fault "Line 12: ..." leads to its line.
  function goTo(line) {
    const lines = body.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    body.focus();
    body.setSelectionRange(start, start + (lines[line - 1] || "").length);
    body.scrollTop = (line - 3) * parseFloat(getComputedStyle(body).lineHeight);
  }
  for (const item of document.querySelectorAll(".errorlist li")) {
    const line = /^Line (\d+):/.exec(item.textContent.trim());
    if (!line) continue;
    const jump = document.createElement("button");
    jump.type = "button";
    jump.className = "jump";
    jump.textContent = item.textContent.trim();
    jump.addEventListener("click", () => goTo(Number(line[1])));
    item.replaceChildren(jump);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      form.querySelector("[name=_continue]")?.click();
    }
  });
})();
