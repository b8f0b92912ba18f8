"""Count the pieces of hostile text that run script in a real browser.

`executions(browser, pieces, render)` renders each piece, opens it as a page of its own with no content security policy,
does to it what a reader might do (focus, hover, press, click, submit), and returns the indices of the pieces in which
`hit()` was called. `browser` is a Playwright browser (Chromium, sync API).

How it works, and why:

- Every piece has an origin of its own, `http://p<index>.hostile.test`, and `hit()` reports it. So a late call is still
  counted for the right piece, and several tabs can be open at a time, which is what makes it quick.
- No request leaves the browser: the page's own first request is answered here, a later navigation is answered with 204
  (which leaves the page as it is), and everything else is aborted.
- The interaction runs in each frame from an init script. It keeps the browser's own functions before the piece can put
  others in their place, because an element named `querySelectorAll` would hide the document's.
- It would rather say too much than too little: a handler counts if it runs on an event that we make up.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Route
from playwright.sync_api import Error as PlaywrightError

TABS = 12
SETTLE_MS = 60

PAGE = "<!doctype html><html><head><meta charset=utf-8></head><body><main>%s</main></body></html>"
ADDRESS = "http://p%d.hostile.test/"
ORIGIN = re.compile(r"http://p(\d+)\.hostile\.test/?")

INIT_SCRIPT = r"""
(() => {
  "use strict";
  if (Object.hasOwn(window, "hit")) return;
  const atTop = window.top === window;
  const later = window.setTimeout.bind(window);
  const report = atTop ? window.__hostileReport : null;
  const quietly = (f, ...args) => { try { return f(...args); } catch (e) { return undefined; } };
  const bare = (f) => Function.prototype.call.bind(f);
  const query = bare(Document.prototype.querySelectorAll);
  const queryIn = bare(DocumentFragment.prototype.querySelectorAll);
  const getter = (kind, name) => bare(Object.getOwnPropertyDescriptor(kind.prototype, name).get);
  const names = bare(Element.prototype.getAttributeNames);
  const has = bare(Element.prototype.hasAttribute);
  const get = bare(Element.prototype.getAttribute);
  const set = bare(Element.prototype.setAttribute);
  const toggle = bare(Element.prototype.toggleAttribute);
  const localName = getter(Element, "localName");
  const shadow = getter(Element, "shadowRoot");
  const focus = [HTMLElement, SVGElement, MathMLElement].map((kind) => bare(kind.prototype.focus));
  const dispatch = bare(EventTarget.prototype.dispatchEvent);
  const click = bare(HTMLElement.prototype.click);
  const submit = bare(HTMLFormElement.prototype.submit);
  const requestSubmit = bare(HTMLFormElement.prototype.requestSubmit);
  const reset = bare(HTMLFormElement.prototype.reset);
  const ready = getter(Document, "readyState");
  const doc = document;
  let called = false, settle = SETTLE_MS;

  const origin = () => {
    if (/^http/.test(self.origin)) return self.origin;
    const above = location.ancestorOrigins;
    return above.length ? above[above.length - 1] : "";
  };
  // A frame tells the top page, which reports: a frame's own way to the test may not be there yet.
  const HIT = "hostile: hit() was called", HERE = "hostile: this frame is ready";
  const tell = window.postMessage.bind(window.top);
  const hit = function () { called = true; if (atTop) quietly(report, origin()); else quietly(tell, HIT, "*"); };
  if (atTop) window.addEventListener("message", (event) => { if (event.data === HIT) hit(); }, true);
  else quietly(() => window.parent.postMessage(HERE, "*"));
  Object.defineProperty(window, "hit", { value: hit, writable: false, configurable: false });

  const pause = (ms) => new Promise((done) => later(done, ms || 0));
  const loaded = () => new Promise((done) => {
    if (ready(doc) === "complete") return done();
    window.addEventListener("load", () => later(done, 0), { once: true });
    later(done, 3000);
  });

  const EVENTS = {
    FocusEvent: "focus focusin blur focusout",
    PointerEvent: "pointerover pointerenter pointermove pointerdown pointerup pointercancel pointerout pointerleave " +
      "gotpointercapture lostpointercapture auxclick contextmenu",
    MouseEvent: "mouseover mouseenter mousemove mousedown mouseup mouseout mouseleave dblclick",
    WheelEvent: "wheel mousewheel",
    KeyboardEvent: "keydown keypress keyup",
    InputEvent: "beforeinput input",
    CompositionEvent: "compositionstart compositionupdate compositionend",
    ClipboardEvent: "copy cut paste beforecopy beforecut beforepaste",
    DragEvent: "dragstart drag dragenter dragover dragleave drop dragend",
    AnimationEvent: "animationstart animationiteration animationend animationcancel webkitAnimationStart " +
      "webkitAnimationIteration webkitAnimationEnd",
    TransitionEvent: "transitionrun transitionstart transitionend transitioncancel webkitTransitionEnd",
    Event: "touchstart touchmove touchend touchcancel change select selectstart selectionchange invalid search " +
      "toggle beforetoggle beforematch cancel close submit reset formdata scroll scrollend slotchange command load " +
      "error abort beginEvent endEvent repeatEvent start finish bounce play playing pause ended canplay " +
      "canplaythrough loadstart loadeddata loadedmetadata progress suspend stalled waiting emptied durationchange " +
      "timeupdate volumechange ratechange seeked seeking cuechange encrypted waitingforkey enterpictureinpicture " +
      "leavepictureinpicture resize fullscreenchange webkitfullscreenchange show",
  };
  const WINDOW_EVENTS = "focus blur resize scroll hashchange popstate message messageerror pageshow storage offline " +
    "online languagechange beforeprint afterprint error unhandledrejection rejectionhandled " +
    "gamepadconnected gamepaddisconnected pagehide unload beforeunload";
  const MAKERS = [];
  for (const kind of Object.keys(EVENTS)) {
    const Kind = window[kind] || Event;
    for (const name of EVENTS[kind].split(" ")) MAKERS.push([name, Kind]);
  }
  const KNOWN = new Set(MAKERS.map(([name]) => name.toLowerCase()));
  const make = (name, Kind) => new Kind(name, { bubbles: true, cancelable: true, composed: true });

  const everything = () => {
    const found = [], roots = [doc];
    while (roots.length) {
      const root = roots.shift();
      for (const element of (root === doc ? query : queryIn)(root, "*")) {
        found.push(element);
        const inside = shadow(element);
        if (inside) roots.push(inside);
      }
    }
    return found;
  };
  const press = (element) => {
    if (element instanceof HTMLElement) quietly(click, element);
    else quietly(dispatch, element, make("click", MouseEvent));
  };
  const PRESSED = /^(a|area|button|input|summary|label|option|select|textarea|form|svg|math)$/;
  const USABLE = /^(on|.*href$|(form)?action$|tabindex$|contenteditable$|command|popovertarget)/i;
  const pressable = (element) => PRESSED.test(localName(element)) || names(element).some((name) => USABLE.test(name));

  // A sandboxed frame has a process of its own, and what it runs at first may come before this script does. So it is
  // opened once more, as soon as this script is there: every frame says "here" to the one above it.
  const here = new Map();
  window.addEventListener("message", (event) => {
    if (event.data === HERE) here.set(event.source, (here.get(event.source) || 0) + 1);
  }, true);
  const count = (frame) => here.get(frame.contentWindow) || 0;
  const until = async (ms, f) => {
    for (let waited = 0; waited < ms && !called && !f(); waited += 10) await pause(10);
  };
  const again = async (frame) => {
    await until(1000, () => count(frame) > 0);
    const before = count(frame);
    const name = has(frame, "srcdoc") ? "srcdoc" : "src";
    if (called || !before || !has(frame, name)) return;
    set(frame, name, get(frame, name));
    await until(1000, () => count(frame) > before);
    await until(150, () => false);
  };

  const use = async () => {
    const elements = everything();
    const aimed = elements.some((element) => localName(element) === "base" && has(element, "target"));
    if (elements.some((element) => /^(iframe|frame|object|embed)$/.test(localName(element)))) settle *= 4;
    for (const element of elements) {
      if (called) return;
      const local = localName(element);
      if (local === "script" || local === "head" || local === "meta") continue;
      for (const kind of focus) quietly(kind, element, { preventScroll: true });
      if (local === "details" || local === "dialog") toggle(element, "open");
      if (names(element).includes("popover")) quietly(() => { element.showPopover(); element.hidePopover(); });
      for (const [name, Kind] of MAKERS) quietly(() => dispatch(element, make(name, Kind)));
      for (const name of names(element)) {
        if (/^on/i.test(name) && !KNOWN.has(name.slice(2).toLowerCase())) {
          quietly(() => dispatch(element, make(name.slice(2), Event)));
        }
      }
    }
    for (const name of WINDOW_EVENTS.split(" ")) quietly(() => dispatch(window, make(name, Event)));
    // An animation sets its values at the next frame.
    if (elements.some((element) => element instanceof SVGElement)) await until(40, () => false);
    const frames = elements.filter((element) => element instanceof HTMLIFrameElement);
    await Promise.all(frames.map(again));
    // A javascript: address runs in a task of its own, and the next click would put another in its place: so pause.
    for (const element of elements) {
      if (called) return;
      if (!pressable(element)) continue;
      press(element);
      await pause();
      // A window that the piece opens has no hit() yet when it runs a javascript: address, so try the same in this one.
      for (const name of ["target", "formtarget"]) {
        if (called || !(has(element, name) || (aimed && name === "target"))) continue;
        set(element, name, "_self");
        press(element);
        await pause();
      }
      if (called) return;
      if (element instanceof HTMLFormElement) {
        quietly(() => requestSubmit(element));
        await pause();
        quietly(() => submit(element));
        await pause();
        quietly(() => reset(element));
      }
    }
  };

  const run = async () => {
    await loaded();
    if (!called) await pause();
    if (!called) await use();
    for (let waited = 0; waited < settle && !called; waited += 10) await pause(10);
    return "used";
  };
  const done = run();
  if (atTop) Object.defineProperty(window, "__hostileDone", { value: done, writable: false, configurable: false });
})();
""".replace("SETTLE_MS", str(SETTLE_MS))


class _Run:
    """One browser context in which a list of pages is opened, and what was reported from it."""

    def __init__(self, browser: Browser, documents: Sequence[str]) -> None:
        self.documents = documents
        self.hits: set[int] = set()
        self.served: set[int] = set()
        self.unknown: list[str] = []
        self.context: BrowserContext = browser.new_context(accept_downloads=False, service_workers="block")
        self.context.expose_binding("__hostileReport", self._report)
        self.context.add_init_script(INIT_SCRIPT)
        self.context.route("**/*", self._answer)

    def _report(self, source: dict[str, Any], origin: str) -> None:
        match = ORIGIN.fullmatch(origin)
        if match is None:
            self.unknown.append(origin)
        else:
            self.hits.add(int(match[1]))

    def _answer(self, route: Route) -> None:
        request = route.request
        match = ORIGIN.fullmatch(request.url)
        if match and request.resource_type == "document" and request.method == "GET" and int(match[1]) not in self.served:
            index = int(match[1])
            self.served.add(index)
            route.fulfill(
                status=200,
                content_type="text/html; charset=utf-8",
                body=(PAGE % self.documents[index]).encode("utf-8", "replace"),
            )
        elif request.is_navigation_request():
            route.fulfill(status=204)
        else:
            route.abort()

    def open(self, tabs: Sequence[Page], indices: Sequence[int]) -> None:
        for page, index in zip(tabs, indices, strict=False):
            page.goto(ADDRESS % index, wait_until="commit")
        for page, index in zip(tabs, indices, strict=False):
            if not self._used(page) and index not in self.hits:
                raise AssertionError(f"the page could not be used: {self.documents[index]!r}")

    def _used(self, page: Page) -> bool:
        for _attempt in range(3):  # a javascript: address may put another document in the page's place meanwhile
            try:
                return bool(page.evaluate("() => window.__hostileDone") == "used")
            except PlaywrightError as error:
                if "context was destroyed" not in str(error):
                    raise
        return False

    def all(self) -> list[int]:
        try:
            tabs = [self.context.new_page() for _ in range(min(TABS, len(self.documents)))]
            for start in range(0, len(self.documents), TABS):
                self.open(tabs, range(start, min(start + TABS, len(self.documents))))
                for page in self.context.pages:
                    if page not in tabs:
                        page.close()
            for page in tabs:  # what was reported before this is here when it comes back
                page.evaluate("() => 0")
            if self.unknown:
                raise AssertionError(f"hit() was called where no piece can be named: {self.unknown!r}")
            return sorted(self.hits)
        finally:
            self.context.close()


def executions(browser: Browser, pieces: list[str], render: Callable[[str], str]) -> list[int]:
    """The indices of the pieces that call `hit()` once they are rendered, opened and used."""
    return _Run(browser, [render(piece) for piece in pieces]).all()
