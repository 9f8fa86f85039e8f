/* What the page's scripts share: finding elements, remembering, one listener for all buttons, language and theme.
   HTML comes escaped from the server; the scripts only move it and never build markup from text. */
window.magbot = (() => {
  "use strict";
  const html = document.documentElement;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const keep = (storage, key, value) => {
    try {
      if (value === undefined) return storage.getItem(key);
      if (value === null) storage.removeItem(key);
      else storage.setItem(key, value);
    } catch { /* private mode or full: the page works without memory */ }
    return null;
  };
  const send = (name, detail) => document.dispatchEvent(new CustomEvent(`magbot:${name}`, { detail }));
  // gradio may run these scripts before or after the document is complete.
  const ready = (act) =>
    document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", act) : act();
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // ---------- language and theme, before anything is drawn
  html.lang = window.magbotLanguage;
  const wanted = keep(localStorage, "magbot.language");
  if (wanted && wanted !== window.magbotLanguage) {
    const there = wanted === "en" ? "en/" : "../";
    location.replace(there + location.search + location.hash);
  }
  const dark = () => {
    const chosen = keep(localStorage, "magbot.theme");
    return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  };
  const paint = () => {
    html.classList.toggle("mb-dark", dark());
    document.body?.classList.toggle("dark", dark());
  };
  paint();
  ready(paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);

  // ---------- buttons, and what changes in the page
  const actions = [
    ["[data-theme]", () => { keep(localStorage, "magbot.theme", dark() ? "light" : "dark"); paint(); }],
  ];
  const action = (selector, act) => actions.push([selector, act]);
  document.addEventListener("click", (event) => {
    for (const [selector, act] of actions) {
      const at = event.target.closest?.(selector);
      if (at) { act(at, event); return; }
    }
  });
  const watchers = [];
  const watch = (act) => watchers.push(act);
  ready(() => {
    let due = false;
    new MutationObserver(() => {
      if (due) return;
      due = true;
      queueMicrotask(() => { due = false; watchers.forEach((act) => act()); });
    }).observe(document.body, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["data-store", "data-done", "data-turn", "aria-selected"],
    });
  });

  return { html, $, $$, keep, send, ready, calm, action, watch, server: null };
})();
