/* What happens in the browser: source panel, quote cards, copying, reading aloud, filters, and what a reload keeps.
   HTML comes escaped from the server; this script only moves it and never builds markup from text. */
(() => {
  "use strict";
  const STORE = "magbot.conversation";
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
  // gradio may run this script before or after the document is complete.
  const ready = (act) =>
    document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", act) : act();
  paint();
  ready(paint);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);

  // ---------- what the server is told at the start
  const address = () => {
    const query = new URLSearchParams(location.search);
    const [, start, end] = location.hash.match(/^#(\d+)-(\d+)$/) || [null, "", ""];
    return { document: query.get("document") || "", language: query.get("language") || "", start, end };
  };
  window.magbot = {
    server: null,
    atStart: () => JSON.stringify({ turns: keep(sessionStorage, STORE) || "", ...address() }),
  };

  // ---------- asking
  const field = () => $("#mb-question textarea, #mb-question input");
  let asked = 0;
  let slowTimer = 0;
  const line = () => $("#mb-disclaimer .mb-disclaimer");
  function say(text, kind) {
    const place = line()?.parentElement;
    if (!place) return;
    let note = $(".mb-note", place);
    if (!note) {
      note = document.createElement("p");
      note.className = "mb-note";
      note.setAttribute("role", "alert");
      place.prepend(note);
    }
    note.dataset.kind = kind;
    note.textContent = text;
    note.hidden = !text;
  }
  async function checkConnection() {
    try {
      const reply = await fetch(new URL("/api/health", location.origin), { signal: AbortSignal.timeout(4000) });
      if (!reply.ok) throw new Error("not well");
      say($(".mb-draft:not([data-done=error])") ? line().dataset.slow : "", "slow");
    } catch {
      say(line().dataset.lost, "lost");
      slowTimer = setTimeout(checkConnection, 3000);
      return;
    }
    if ($(".mb-draft:not([data-done=error])")) slowTimer = setTimeout(checkConnection, 3000);
  }
  const watchAnswer = () => {
    clearTimeout(slowTimer);
    slowTimer = setTimeout(checkConnection, 4000);
  };
  addEventListener("offline", () => say(line()?.dataset.lost || "", "lost"));
  addEventListener("online", () => say("", ""));

  function scrollToTurn(number) {
    const turn = $(`.mb-turn[data-turn="${number}"]`);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    turn?.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }

  // ---------- the source panel
  let opener = null;
  const panel = () => $("#mb-panel");
  const wide = () => matchMedia("(min-width: 68rem)").matches;
  function openSource(id, button) {
    const source = document.getElementById(id);
    const dialog = panel();
    if (!source || !dialog) return;
    opener = button.dataset.source ? { id, turn: button.closest(".mb-turn")?.dataset.turn, kind: button.className } : null;
    const body = $("#mb-panel-body");
    body.replaceChildren(...[...source.cloneNode(true).childNodes]);
    body.lang = source.lang;
    const title = $("h2", body);
    if (title) title.id = "mb-panel-title";
    $$("[data-source][aria-current]").forEach((mark) => mark.removeAttribute("aria-current"));
    button.setAttribute("aria-current", "true");
    if (!dialog.open) {
      if (wide()) dialog.show();
      else dialog.showModal();
      history.pushState({ ...history.state, mbPanel: true }, "");
    }
    html.classList.toggle("mb-with-panel", wide());
    $(".mb-close", dialog).focus({ preventScroll: true });
    $("#mb-panel mark")?.scrollIntoView({ block: "nearest" });
  }
  function closeSource(fromHistory = false) {
    const dialog = panel();
    if (!dialog?.open) return;
    dialog.close();
    html.classList.remove("mb-with-panel");
    $$("[data-source][aria-current]").forEach((mark) => mark.removeAttribute("aria-current"));
    if (!fromHistory && history.state?.mbPanel) history.back();
    // Streaming may have drawn the button anew, so it is looked up by what it stands for.
    if (opener) {
      $(`.mb-turn[data-turn="${opener.turn}"] .${opener.kind.split(" ")[0]}[data-source="${opener.id}"]`)?.focus();
    }
  }

  // ---------- the card with the quote
  let tipFor = null;
  function showTip(button) {
    const tip = $("#mb-tip");
    if (!tip || panel()?.open || !matchMedia("(hover: hover)").matches) return;
    const quote = document.createElement("q");
    const from = document.createElement("span");
    quote.textContent = button.dataset.quote;
    from.textContent = button.dataset.from;
    tip.replaceChildren(quote, from);
    tip.hidden = false;
    button.setAttribute("aria-describedby", "mb-tip");
    const at = button.getBoundingClientRect();
    const box = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(at.left + at.width / 2 - box.width / 2, innerWidth - box.width - 8));
    const above = at.top - box.height - 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : at.bottom + 6}px`;
    tipFor = button;
  }
  function hideTip() {
    const tip = $("#mb-tip");
    if (tip) tip.hidden = true;
    tipFor?.removeAttribute("aria-describedby");
    tipFor = null;
  }
  let tipTimer = 0;
  const soonHide = () => { clearTimeout(tipTimer); tipTimer = setTimeout(hideTip, 160); };
  document.addEventListener("mouseover", (event) => {
    const button = event.target.closest?.(".mb-ref");
    if (button) { clearTimeout(tipTimer); showTip(button); }
    else if (event.target.closest?.("#mb-tip")) clearTimeout(tipTimer);
    else if (tipFor) soonHide();
  });
  document.addEventListener("focusin", (event) => {
    const button = event.target.closest?.(".mb-ref");
    if (button?.matches(":focus-visible")) showTip(button);
    else hideTip();
  });
  addEventListener("scroll", () => {
    // Focusing a citation may itself scroll it into view; its card moves along instead of vanishing.
    if (tipFor && tipFor === document.activeElement && tipFor.matches(":focus-visible")) showTip(tipFor);
    else hideTip();
  }, { passive: true, capture: true });

  // ---------- small tools
  async function copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = before; }, 1800);
  }
  let speaking = null;
  function speak(button) {
    speechSynthesis.cancel();
    if (speaking) {
      const same = speaking.button === button;
      speaking.stop();
      if (same) return;
    }
    const words = button.textContent;
    const stop = () => { button.textContent = words; button.setAttribute("aria-pressed", "false"); speaking = null; };
    const speech = new SpeechSynthesisUtterance(button.dataset.speak);
    speech.lang = button.dataset.lang === "da" ? "da-DK" : "en-GB";
    speech.onend = speech.onerror = () => speaking?.button === button && stop();
    button.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    speaking = { button, stop };
    speechSynthesis.speak(speech);
  }
  async function save(form) {
    const stored = keep(sessionStorage, STORE);
    if (!stored || !window.magbot.server) return;
    const text = await window.magbot.server.export_conversation({ form, turns: stored });
    const type = { md: "text/markdown", html: "text/html", json: "application/json" }[form];
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    anchor.download = `magbot.${form}`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
  }

  // ---------- documents
  const openDocument = (data) => {
    closeSource(true);
    send("opendocument", data);
  };
  function followDocument(anchor) {
    const { open, language, start = "", end = "" } = anchor.dataset;
    const query = new URLSearchParams({ document: open, language });
    history.pushState({ mbDocument: true }, "", `?${query}${start ? `#${start}-${end}` : ""}`);
    openDocument({ document: open, language, start, end });
  }
  const closeDocument = () => {
    history.pushState({}, "", location.pathname);
    send("closedocument");
    setTimeout(() => $("#mb-listing input")?.focus(), 150);
  };
  addEventListener("popstate", () => {
    if (panel()?.open) { closeSource(true); return; }
    const where = address();
    if (where.document) openDocument(where);
    else if ($(".mb-reader")) send("closedocument");
  });
  function filter(library) {
    const value = (name) => $(`[data-filter=${name}]`, library).value.trim().toLocaleLowerCase();
    const words = value("text").split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of $$(".mb-documents > li", library)) {
      const fits =
        words.every((word) => row.dataset.text.includes(word)) &&
        (!value("topic") || row.dataset.topic.split(" ").includes(value("topic"))) &&
        ["kind", "level", "year"].every((name) => !value(name) || row.dataset[name] === value(name));
      row.hidden = !fits;
      shown += fits;
    }
    $(".mb-count span", library).textContent = String(shown);
    $(".mb-none", library).hidden = shown > 0;
  }
  document.addEventListener("input", (event) => {
    const library = event.target.closest?.(".mb-library");
    if (library && event.target.dataset.filter) filter(library);
  });

  // ---------- one listener for all buttons
  const actions = [
    [".mb-ref, .mb-source", (at) => { hideTip(); openSource(at.dataset.source, at); }],
    ["[data-close]", () => closeSource()],
    ["[data-ask]", (at) => { send("ask", { question: at.dataset.ask }); field()?.focus({ preventScroll: true }); }],
    ["[data-edit]", (at) => {
      const input = field();
      input.value = at.dataset.edit;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.focus();
    }],
    ["[data-copy]", (at) => copy(at.dataset.copy, at)],
    ["[data-copy-link]", (at) => copy(new URL(at.dataset.copyLink, location.origin).href, at)],
    ["[data-speak]", (at) => speak(at)],
    ["[data-export]", (at) => save(at.dataset.export)],
    ["[data-new]", () => { keep(sessionStorage, STORE, null); send("newconversation"); field()?.focus(); }],
    ["[data-list]", () => closeDocument()],
    ["[data-theme]", () => { keep(localStorage, "magbot.theme", dark() ? "light" : "dark"); paint(); }],
    ["[data-switch]", (at) => keep(localStorage, "magbot.language", at.dataset.switch)],
  ];
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-open]");
    if (link && !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0) {
      event.preventDefault();
      followDocument(link);
      return;
    }
    if (event.target.closest?.(".mb-skip")) {
      event.preventDefault();
      field()?.focus();
    }
    for (const [selector, act] of actions) {
      const at = event.target.closest?.(selector);
      if (at) { act(at, event); return; }
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (tipFor) hideTip();
    else if (panel()?.open) { event.preventDefault(); closeSource(); }
  });
  // A dialog that the browser closes by itself (Escape on a phone's keyboard) must leave the same way.
  document.addEventListener("cancel", (event) => {
    if (event.target.id === "mb-panel") { event.preventDefault(); closeSource(); }
  }, true);

  // ---------- what changes while an answer streams
  function onChange() {
    const vault = $("#mb-live [data-store]");
    if (vault) {
      if (vault.dataset.store !== "[]") keep(sessionStorage, STORE, vault.dataset.store);
      else keep(sessionStorage, STORE, null);
    }
    const turns = $$("#mb-conversation .mb-turn");
    html.classList.toggle("mb-talking", turns.length > 0);
    const last = turns.at(-1);
    const number = Number(last?.dataset.turn || 0);
    if (last?.classList.contains("mb-draft") && number !== asked && !last.dataset.done) {
      asked = number;
      requestAnimationFrame(() => scrollToTurn(number));
      watchAnswer();
    }
    if (last?.dataset.done) {
      clearTimeout(slowTimer);
      if ($(".mb-note")?.dataset.kind) say("", "");
      asked = 0;
    }
  }
  let marked = null;
  function onDocument() {
    const reader = $(".mb-reader");
    if (reader === null) { marked = null; return; }
    const key = reader.textContent.length + location.search + location.hash;
    if (key === marked) return;
    marked = key;
    requestAnimationFrame(() => {
      const at = $("mark", reader);
      (at || $("h2", reader))?.focus({ preventScroll: true });
      if (at) at.scrollIntoView({ block: "center" });
      else scrollTo(0, 0);
    });
  }
  ready(() => {
    let due = false;
    new MutationObserver(() => {
      if (due) return;
      due = true;
      queueMicrotask(() => { due = false; onChange(); onDocument(); });
    }).observe(document.body, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["data-store", "data-done", "data-turn"],
    });
  });
})();
