// The article form with script: a toolbar and its keys, a preview that follows as you write, faults that lead to their
// line, Ctrl+S.
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
  const tools = { b: "md-bold", i: "md-italic", k: "md-link" };
  body.addEventListener("keydown", (event) => {
    const tool = isCommand(event) && tools[event.key.toLowerCase()];
    if (!tool) return;
    event.preventDefault();
    document.querySelector(tool).click();
  });

  function isCommand(event) {
    return (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  }

  // The preview: the newest text wins, and the place where the reader of the preview is stays.
  const fault = document.querySelector("[data-preview-fault]");
  let timer = 0;
  let request = null;
  async function show() {
    request?.abort();
    const mine = request = new AbortController();
    let text = null;
    try {
      const answer = await fetch(button.formAction, {
        method: "POST", body: new FormData(form), signal: mine.signal, credentials: "same-origin",
      });
      if (answer.ok && !answer.redirected) text = await answer.text();
    } catch {
      // No answer: either a newer request has taken this one's place, or the fault is shown below.
    }
    if (mine !== request) return;
    fault.hidden = text !== null;
    if (text === null) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    frame.contentDocument.body.replaceChildren(...page.body.childNodes);
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
    if (!isCommand(event) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    form.querySelector("[name=_continue]")?.click();
  });
})();
