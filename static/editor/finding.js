// Things to put into the text, found by typing: works, words, addresses inside the site, and pieces to begin with.
"use strict";
(() => {
  const dialog = document.getElementById("finder");
  if (!desk || !dialog) return;
  const { body, facts } = desk;
  const title = document.getElementById("finder-title");
  const hint = document.getElementById("finder-hint");
  let query = document.getElementById("finder-query");
  const list = document.getElementById("finder-list");
  const status = document.getElementById("finder-status");
  let opener = null;
  let field = body; // where it goes: sources are cited in the summary and the key message too
  let selection = [0, 0];
  let chosen = -1;
  let found = [];
  let request = null;
  let timer = 0;
  let isAwaited = false; // the list is that of an earlier query
  let isWanted = false; // Enter was pressed meanwhile

  // Where the words go.

  const CITATION = /\[@[^[\]\n]*\]/g;

  // A source is cited before the full stop, and beside the others of its sentence.
  function cite(key) {
    const text = field.value;
    let at = selection[1];
    const stop = /[.!?…]["'”’)*_]*[ \t]*$/.exec(text.slice(Math.max(0, at - 12), at));
    if (stop) at -= stop[0].length;
    for (const match of text.matchAll(CITATION)) {
      const end = match.index + match[0].length;
      if (at <= match.index || at > end) continue;
      if (match[0].slice(1, -1).split(/[;,]/).some((work) => work.trim() === `@${key}`)) return go(end, end);
      const works = match[0].indexOf(",") < 0 ? match[0].length - 1 : match[0].indexOf(",");
      return put(match.index + works, match.index + works, `; @${key}`, stop?.[0].length);
    }
    const before = text.slice(0, at);
    const space = before && !/[\s([]$/.test(before) ? " " : "";
    const after = /^[^\s.,;:!?…)\]]/.test(text.slice(at)) ? " " : "";
    put(at, at, `${space}[@${key}]${after}`, stop?.[0].length);
  }

  function link(target, words) {
    const [start, end] = selection;
    const marked = body.value.slice(start, end);
    const shown = marked.trim() && !/[\n[\]]/.test(marked) ? marked : words;
    put(start, shown === marked ? end : start, `[${shown}](${target})`);
  }

  // A piece stands between blank lines, behind the paragraph or card where the caret is.
  function block(text, first) {
    const lines = body.value.split("\n");
    let number = body.value.slice(0, selection[1]).split("\n").length - 1;
    const isBlank = (index) => !(lines[index] ?? "").trim();
    const goesOn = (index) => {
      let next = index + 1;
      while (next < lines.length && isBlank(next)) next += 1;
      return next > index + 1 ? (lines[next] ?? "").startsWith("    ") : next < lines.length;
    };
    if (!isBlank(number)) while (goesOn(number)) number += 1;
    const at = lines.slice(0, number + 1).join("\n").length;
    const above = body.value.slice(0, at).trimEnd().length;
    const rest = body.value.slice(at);
    const below = at + rest.length - rest.trimStart().length;
    put(above, below, `${above ? "\n\n" : ""}${text.trimEnd()}\n${below < body.value.length ? "\n" : ""}`);
    const start = body.value.indexOf(first, above);
    go(start, start + first.length);
  }

  function put(start, end, text, further = 0) {
    desk.replace(start, end, text, field);
    const at = field.selectionEnd + further;
    go(at, at);
  }

  function go(start, end) {
    field.focus();
    field.setSelectionRange(start, end);
  }

  function insert(item) {
    close();
    if (item.cite) cite(item.cite);
    else if (item.link) link(item.link, item.words);
    else block(item.block, item.select);
  }

  // Sections of the text as it stands are found without asking.
  function sectionsHere(words) {
    const sections = [];
    for (const match of body.value.matchAll(/^##[ \t]+(.+?)[ \t]*\{#([a-z0-9-]+)[^}\n]*\}[ \t]*$/gm)) {
      const isFound = words.toLowerCase().split(/\s+/).every((word) => match[1].toLowerCase().includes(word));
      if (isFound) {
        sections.push({ label: match[1], detail: facts.here, link: `#${match[2]}`, words: match[1].split(":")[0] });
      }
    }
    return sections.slice(0, 8);
  }

  // The list.

  function choose(index) {
    chosen = index;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    const option = list.children[index];
    if (option) query.setAttribute("aria-activedescendant", option.id);
    else query.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  function show(items) {
    found = items;
    list.replaceChildren(...items.map((item, index) => {
      const option = document.createElement("li");
      option.id = `found-${index}`;
      option.role = "option";
      for (const [name, words] of [["b", item.label], ["span", item.detail], ["em", item.warning]]) {
        if (!words) continue;
        const part = document.createElement(name);
        part.textContent = words;
        option.append(part, " ");
      }
      option.addEventListener("click", () => insert(item));
      return option;
    }));
    list.hidden = !items.length;
    query.setAttribute("aria-expanded", String(items.length > 0));
    status.textContent = items.length ? facts.found.replace("{number}", items.length) : facts.nothing;
    choose(items.length ? 0 : -1);
  }

  async function ask() {
    request?.abort();
    const mine = request = new AbortController();
    const { kind } = dialog.dataset;
    const words = query.value.trim();
    let items = null;
    try {
      const answer = await fetch(`${facts.find}?${new URLSearchParams({ kind, q: words })}`, { signal: mine.signal });
      if (answer.ok && !answer.redirected) items = (await answer.json()).found;
    } catch {
      // A newer question has taken this one's place, or there is no answer, which is said below.
    }
    if (mine !== request) return;
    isAwaited = false;
    if (items) show(kind === "link" ? [...sectionsHere(words), ...items] : items);
    else {
      show([]);
      status.textContent = facts.noAnswer;
    }
    if (isWanted && found[chosen]) insert(found[chosen]);
    isWanted = false;
  }

  function open(button, where = body) {
    opener = button;
    field = where;
    selection = [field.selectionStart, field.selectionEnd];
    dialog.dataset.kind = button.dataset.find;
    title.textContent = button.dataset.title;
    hint.textContent = button.dataset.hint;
    const marked = field.value.slice(...selection).trim();
    query.value = dialog.dataset.kind === "word" && marked.length < 60 && !marked.includes("\n") ? marked : "";
    show([]);
    status.textContent = "";
    isAwaited = true;
    isWanted = false;
    dialog.showModal();
    query.select();
    ask();
  }

  function close() {
    request?.abort();
    request = null;
    clearTimeout(timer);
    opener = null;
    dialog.close();
  }

  // What was typed here is no step that Ctrl+Z should take back in the text: its field goes, and with it the steps.
  function renew() {
    const fresh = query.cloneNode();
    query.replaceWith(fresh);
    query = fresh;
  }

  dialog.addEventListener("input", (event) => {
    event.stopPropagation(); // it stands in the form, and is none of its fields
    isAwaited = true;
    isWanted = false;
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.target !== query) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      choose((chosen + step + found.length) % found.length);
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      isWanted = isAwaited;
      if (!isAwaited && found[chosen]) insert(found[chosen]);
    }
  });
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    renew();
    if (!opener) return;
    opener = null;
    go(...selection);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-find]");
    if (button) open(button);
  });
  const cited = [body, ...document.querySelectorAll("#id_summary, #id_key_message")];
  desk.form.addEventListener("keydown", (event) => {
    const button = desk.isCommand(event) && document.querySelector(`[data-find][data-key="${CSS.escape(event.key)}"]`);
    if (!button || !cited.includes(event.target)) return;
    event.preventDefault();
    open(button, event.target);
  });
})();
