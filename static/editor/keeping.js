// What is typed is kept in this browser until it is saved: after a crash, and after a session that ran out, it is offered again.
// Each opening of a form keeps its own text, so that two windows never write over each other.
"use strict";
(() => {
  if (!desk) return;
  const { facts, form } = desk;
  const DAYS = 30;
  const ROOT = "desk:kept:";
  const mine = `${ROOT}${facts.account}:${facts.article}:${Date.now()}`;
  const status = document.getElementById("kept-status");
  const notices = document.getElementById("kept-notices");
  const fields = [...form.elements].filter((field) => field.name && !["hidden", "submit", "button"].includes(field.type));
  const base = document.getElementById("id_based_on");
  let isSending = false;
  let timer = 0;

  // Values. The body counts to the last sign; in other fields the server changes white space.
  const saved = (field) => field.options
    ? ([...field.options].find((option) => option.defaultSelected) || field.options[0])?.value
    : field.defaultValue;
  const plain = (name, text) => name === "body" ? text : text.trim().split(/\s+/).join(" ");
  const values = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const isChanged = () => facts.refused === "yes" || fields.some((field) => field.value !== saved(field));

  function isSame(record) {
    const isOlder = record.base !== (base?.value ?? "");
    return fields.every(({ name, value }) => {
      if (!(name in record.values)) return true;
      // What was said of a change is said once it is saved, and the next change begins without it.
      if (isOlder && (name === "note" || name === "significance")) return true;
      return plain(name, record.values[name]) === plain(name, value);
    });
  }

  // The store may be full, or forbidden.
  function read(key) {
    try {
      const record = JSON.parse(localStorage.getItem(key));
      return record && typeof record.values === "object" && record.values && Number.isFinite(record.at) ? record : null;
    } catch {
      return null;
    }
  }
  function write(key, record) {
    try {
      localStorage.setItem(key, JSON.stringify(record));
      return true;
    } catch {
      return false;
    }
  }
  function forget(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Then there is nothing to forget.
    }
  }
  function keys(start) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(start));
    } catch {
      return [];
    }
  }

  function time(at, options) {
    const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
    return new Date(at).toLocaleString(language, { hour: "2-digit", minute: "2-digit", ...options });
  }
  function say(words) {
    if (status.textContent !== words) status.textContent = words; // once a minute at most, so that nobody is talked over
  }

  function keep(wasSent = false) {
    clearTimeout(timer);
    timer = 0;
    if (!isChanged()) {
      forget(mine);
      say("");
    } else if (write(mine, { at: Date.now(), base: base?.value ?? "", values: values(), wasSent })) {
      say(facts.kept.replace("{time}", time(Date.now())));
    } else {
      say(facts.notKept);
    }
  }
  form.addEventListener("input", () => {
    isSending = false;
    timer ||= setTimeout(() => keep(), 800);
  });
  function keepNow() {
    if (timer) keep();
  }
  addEventListener("pagehide", keepNow);
  document.addEventListener("visibilitychange", keepNow);

  form.addEventListener("submit", () => {
    isSending = true;
    keep(true);
  });
  addEventListener("beforeunload", (event) => {
    keepNow();
    if (!isSending && isChanged()) event.preventDefault();
  });

  // What was kept before.
  function fill(record) {
    for (const field of fields) if (field.name in record.values) field.value = record.values[field.name];
    if (base && record.base) base.value = record.base; // an older one is met by the check for a save in between
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function done(box, words, undo) {
    const said = document.getElementById("kept-done").content.cloneNode(true);
    said.querySelector("span").textContent = words;
    const button = said.querySelector("button");
    button.addEventListener("click", undo);
    box.replaceChildren(said);
    button.focus();
  }

  function offer(key, record) {
    const box = document.createElement("section");
    box.className = "kept";
    const before = { values: values(), base: base?.value ?? "" };
    const show = () => {
      const notice = document.getElementById("kept-notice").content.cloneNode(true);
      const when = time(record.at, { day: "numeric", month: "long", year: "numeric" });
      box.setAttribute("aria-label", facts.keptTitle);
      notice.querySelector("[data-when]").textContent = when;
      notice.querySelector("[data-base]").hidden = !record.base;
      notice.querySelector("[data-base] b").textContent = record.base;
      const isOlder = record.base && record.base !== before.base;
      notice.querySelector("[data-older]").hidden = !isOlder || record.wasSent;
      notice.querySelector("[data-sent]").hidden = !isOlder || !record.wasSent;
      notice.querySelector("[data-bring]").addEventListener("click", () => {
        Object.assign(before, { values: values(), base: base?.value ?? "" });
        forget(key);
        fill(record);
        keep();
        done(box, facts.broughtBack, () => undo(() => fill(before)));
      });
      notice.querySelector("[data-throw]").addEventListener("click", () => {
        forget(key);
        done(box, facts.thrownAway, () => undo(() => {}));
      });
      box.replaceChildren(notice);
    };
    const undo = (act) => {
      act();
      write(key, record);
      keep();
      show();
      box.querySelector("button").focus();
    };
    show();
    notices.append(box);
  }

  function look() {
    const oldest = Date.now() - DAYS * 24 * 60 * 60 * 1000;
    for (const key of keys(ROOT)) if ((read(key)?.at ?? 0) < oldest) forget(key);
    const found = keys(`${ROOT}${facts.account}:`).map((key) => [key, read(key)]).sort((a, b) => b[1].at - a[1].at);
    for (const [key, record] of found) {
      const article = key.split(":")[3];
      const isHere = article === facts.article;
      // A text that stands in the form was saved, or came back with its faults and is kept anew below.
      if ((isHere || article === "new") && isSame(record)) forget(key);
      else if (isHere) offer(key, record);
    }
  }
  look();
  if (notices.children.length) {
    // A page that is loaded again may open below the notice.
    const link = document.createElement("a");
    link.href = "#kept-notices";
    link.textContent = facts.keptTitle;
    status.replaceChildren(link);
  }
  if (facts.refused === "yes") keep();
})();
