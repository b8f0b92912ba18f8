// What the scripts of the article form share: the form, its text, and the ways to go to a line and to put words in.
// Without script there is a plain textarea, and a button that shows the preview.
"use strict";
const desk = (() => {
  const facts = document.getElementById("desk")?.dataset;
  const body = document.getElementById("id_body");
  if (!facts || !body) return null;
  const form = body.form;

  function isCommand(event) {
    return (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  }

  // Typing is what the browser can take back with Ctrl+Z; setting the value is not.
  function replace(start, end, text, field = body) {
    field.focus();
    field.setSelectionRange(start, end);
    const command = text ? "insertText" : "delete";
    if (start === end && !text) return;
    if (!document.execCommand(command, false, text)) {
      field.setRangeText(text, start, end, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  // The line is shown where the eye is: a third of the way down the box. Long lines wrap, so that height has to be measured.
  function heightOf(text) {
    const twin = document.createElement("div");
    const style = getComputedStyle(body);
    for (const name of ["font", "lineHeight", "tabSize", "paddingLeft", "paddingRight", "letterSpacing"]) {
      twin.style[name] = style[name];
    }
    Object.assign(twin.style, {
      position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap", overflowWrap: "break-word",
      boxSizing: "border-box", width: `${body.clientWidth}px`, top: "0",
    });
    twin.textContent = text;
    document.body.append(twin);
    const height = twin.offsetHeight;
    twin.remove();
    return height;
  }

  function goToLine(line) {
    const lines = body.value.split("\n");
    const wanted = Math.min(Math.max(line, 1), lines.length);
    const before = lines.slice(0, wanted - 1).join("\n");
    const start = before.length + (wanted > 1 ? 1 : 0);
    body.focus({ preventScroll: true });
    body.setSelectionRange(start, start + lines[wanted - 1].length);
    body.scrollTop = (wanted > 1 ? heightOf(before) : 0) - body.clientHeight / 3;
    body.scrollIntoView({ block: "nearest" });
  }

  function goToField(id) {
    const field = document.getElementById(id);
    field?.closest("details")?.setAttribute("open", "");
    field?.focus();
    return Boolean(field);
  }

  // A line of the whole file, as reports number them, is one of a field or of the text.
  function goToFileLine(line) {
    const starts = facts.layout.split(" ").filter(Boolean).map((part) => part.split(":"));
    const [name, start] = starts.filter(([, first]) => Number(first) <= line).pop() ?? [];
    if (name === "body") goToLine(line - Number(start) + 1);
    return name === "body" || Boolean(name && goToField(`id_${name}`));
  }

  // "#line-12" is a line of the text, "#id_summary" a field: in links of this page, and in addresses from others.
  function follow(target) {
    const line = /^#(file-)?line-(\d{1,6})$/.exec(target);
    if (!line) return /^#id_\w+$/.test(target) && goToField(target.slice(1));
    if (line[1]) return goToFileLine(Number(line[2]));
    goToLine(Number(line[2]));
    return true;
  }
  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("a[href^='#']")?.getAttribute("href");
    if (target && follow(target)) event.preventDefault();
  });
  addEventListener("hashchange", () => follow(location.hash));
  addEventListener("load", () => follow(location.hash));

  return { facts, body, form, isCommand, replace, goToLine };
})();
