/* Where one is: each tab and each document has an address, and the browser's back button leads to where one was. */
(() => {
  "use strict";
  const { $, $$, html, keep, send, action, watch, closeSource, reopenSource, address, showDocument } = window.magbot;
  const NAMES = ["ask", "sources", "add", "quality", "about"];
  const bar = () => $("#mb-tabs > .tab-wrapper");
  // On a narrow screen the last ones stand in a menu.
  const tabs = () => (bar() ? $$('[role="tablist"] > [role="tab"], .overflow-dropdown > button', bar()) : []);
  const current = () => NAMES[tabs().findIndex((tab) => tab.matches('[aria-selected="true"], .selected'))] || "ask";
  let moving = false;
  function select(name) {
    if (name === current()) return;
    moving = true;
    tabs()[NAMES.indexOf(name)]?.click();
    moving = false;
  }
  const path = (name) => (name === "ask" ? location.pathname : `?view=${name}`);
  // How far one has read stays with the place that is left.
  const leave = (url, state = {}) => {
    history.replaceState({ ...history.state, mbRead: scrollY }, "");
    history.pushState(state, "", url);
  };
  window.magbot.leave = leave;
  window.magbot.path = path;

  document.addEventListener("click", (event) => {
    const name = NAMES[tabs().indexOf(event.target.closest?.("button"))];
    if (moving || !name || name === current()) return;
    closeSource(true);
    leave(name === "sources" && $(".mb-reader") ? window.magbot.read || path(name) : path(name));
  }, true);

  addEventListener("popstate", () => {
    const { mbPanel, mbRead } = history.state || {};
    const where = address();
    if (where.document) { closeSource(true); showDocument(where); return; }
    if ($(".mb-reader")) send("closedocument");
    const moved = current() !== where.view;
    select(where.view);
    if (mbPanel) requestAnimationFrame(() => reopenSource(mbPanel));
    else closeSource(true);
    if (moved && mbRead !== undefined) requestAnimationFrame(() => scrollTo(0, mbRead));
  });

  // The switch of language leads to the same place on the other page.
  action("[data-switch]", (at) => {
    keep(localStorage, "magbot.language", at.dataset.switch);
    const query = new URLSearchParams(location.search);
    if (query.has("language")) query.set("language", at.dataset.switch);
    const there = new URL(at.getAttribute("href"), location.href);
    at.href = `${there.pathname}${query.size ? `?${query}` : ""}`;
  });

  let arrived = false;
  watch(() => {
    if (!arrived && tabs().length) {
      arrived = true;
      if (!address().document) select(address().view);
    }
    const more = $(".overflow-menu > button", bar() || html);
    const words = $("[data-more-tabs]")?.dataset.moreTabs;
    if (more && words && more.getAttribute("aria-label") !== words) more.setAttribute("aria-label", words);
    const place = current();
    const name = place === "sources" && $(".mb-reader h2") ? $(".mb-reader h2").textContent
      : place === "ask" ? "" : tabs()[NAMES.indexOf(place)]?.textContent;
    const title = name ? `${name} – magbot` : "magbot";
    if (document.title !== title) document.title = title;
  });
})();
