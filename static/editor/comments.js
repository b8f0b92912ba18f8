// The page of comments with script: words that are selected in the text become the quotation of a new comment on it.
// Without script they are copied and pasted.
"use strict";
(() => {
  let own = "";
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0);
    const inside = (node) => (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest("[data-said]");
    const said = inside(range.startContainer);
    const field = said?.closest("[data-part]").querySelector("[data-quote]");
    if (!field || goesBeyond(range, said)) return;
    if (field.value && field.value !== own) return; // what somebody typed stays
    own = selection.toString().replace(/\s+/g, " ").trim().slice(0, field.maxLength);
    field.value = own;
    field.closest("[data-write]").open = true;
  });

  // Three clicks select a paragraph up to the beginning of what follows it, which may be no text of the section any more.
  function goesBeyond(range, said) {
    const rest = range.cloneRange();
    rest.setStart(said, said.childNodes.length);
    return rest.toString().trim() !== "";
  }
})();
