/* Asking and answering: what is sent with a question, what the browser keeps, and what happens when nothing comes. */
(() => {
  "use strict";
  const { $, $$, keep, send, ready, calm, action, watch, html } = window.magbot;
  const STORE = "magbot.conversation";
  // As much of the conversation as the server reads.
  const MAX_MESSAGES = 40;
  const MAX_MESSAGE = 20000;

  const field = () => $("#mb-question textarea, #mb-question input");
  const turns = () => {
    try { return JSON.parse(keep(sessionStorage, STORE) || "[]"); } catch { return []; }
  };
  let pressed = "";
  const ask = (question) => {
    pressed = question;
    send("ask");
    field()?.focus({ preventScroll: true });
  };

  // A finished answer moves up into the part of the page that is not drawn again, so that it stays as it is.
  function settle() {
    const finished = $("#mb-now .mb-turn[data-done=yes]");
    if (!finished) return;
    const place = $("#mb-conversation .mb-welcome").parentElement;
    const kept = finished.cloneNode(true);
    finished.replaceChildren();
    finished.dataset.done = "moved";
    place.append(kept);
  }
  let lastAsked = "";
  window.magbot.failing = () => JSON.stringify({ question: lastAsked, turn: turns().length + 1 });
  window.magbot.asking = (typed = "") => {
    settle();
    const known = turns();
    const history = known
      .flatMap((turn) => [["user", turn.question], ["assistant", turn.answer.text]])
      .map(([role, content]) => ({ role, content: content.slice(0, MAX_MESSAGE) }))
      .slice(-MAX_MESSAGES);
    const question = pressed;
    lastAsked = typed || pressed;
    pressed = "";
    putAway = "";
    $("[data-undone]").hidden = true;
    watchAnswer();
    return JSON.stringify({ question, turn: known.length + 1, history });
  };
  window.magbot.turns = turns;
  window.magbot.kept = () => keep(sessionStorage, STORE) || "";

  // ---------- a slow server and a lost connection
  let slowTimer = 0;
  const waiting = () => $("#mb-now .mb-draft:not([data-done=error])");
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
    if (note.textContent === text) return;
    note.dataset.kind = kind;
    note.textContent = text;
    note.hidden = !text;
  }
  const SLOW_MS = 4000;
  const AGAIN_MS = 3000;
  async function checkConnection() {
    try {
      const reply = await fetch(new URL("/api/health", location.origin), { signal: AbortSignal.timeout(SLOW_MS) });
      if (!reply.ok) throw new Error("not well");
      if (!waiting()) { say("", ""); return; }
      say(line().dataset.slow, "slow");
    } catch {
      say(line()?.dataset.lost || "", "lost");
    }
    slowTimer = setTimeout(checkConnection, AGAIN_MS);
  }
  function watchAnswer() {
    clearTimeout(slowTimer);
    slowTimer = setTimeout(checkConnection, SLOW_MS);
  }
  addEventListener("offline", () => say(line()?.dataset.lost || "", "lost"));
  addEventListener("online", () => { say("", ""); checkConnection(); });

  // ---------- more than the field holds
  function sayFull(at) {
    const full = at.maxLength > 0 && at.value.length >= at.maxLength;
    if (full) say(line().dataset.full, "full");
    else if ($(".mb-note")?.dataset.kind === "full") say("", "");
  }

  // ---------- a question that is not sent yet outlives a reload and a server that comes back
  const UNSENT = "magbot.unsent";
  let knownField = null;
  document.addEventListener("input", (event) => {
    if (event.target !== field()) return;
    keep(sessionStorage, UNSENT, event.target.value || null);
    sayFull(event.target);
  });
  function restoreUnsent() {
    const at = field();
    if (!at || at === knownField) return;
    knownField = at;
    const unsent = keep(sessionStorage, UNSENT);
    if (!unsent || at.value) return;
    at.value = unsent;
    at.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // ---------- what changes while an answer streams
  let shown = 0;
  let finished = "";
  watch(() => {
    restoreUnsent();
    const vault = $("#mb-live [data-store]");
    const known = turns();
    if (vault && Number(vault.dataset.number) === known.length + 1) {
      keep(sessionStorage, STORE, JSON.stringify([...known, JSON.parse(vault.dataset.store)]));
    }
    html.classList.toggle("mb-talking", Boolean($(".mb-turn:not([data-done=moved])")));
    const current = $("#mb-now .mb-turn");
    const number = Number(current?.dataset.turn || 0);
    if (current?.classList.contains("mb-draft") && number !== shown) {
      shown = number;
      keep(sessionStorage, UNSENT, null);
      requestAnimationFrame(() =>
        $("#mb-now .mb-turn")?.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" }));
    }
    // Only when it has just come: what is said later, about a lost connection, must stay.
    const state = current ? `${number} ${current.dataset.done}` : "";
    if (state !== finished && /yes|error/.test(state)) {
      clearTimeout(slowTimer);
      if (current.dataset.done === "error") shown = 0;
      if ($(".mb-note")?.dataset.kind) say("", "");
    }
    finished = state;
  });

  // Until the next question, or a reload, what was put away by mistake can be had back; it is kept in no store.
  let putAway = "";
  function forget() {
    putAway = window.magbot.kept();
    keep(sessionStorage, STORE, null);
    $("[data-undone]").hidden = !putAway;
    $$("#mb-conversation .mb-turn, #mb-now .mb-turn, #mb-live [data-store]").forEach((item) => item.remove());
    shown = 0;
    field()?.focus();
  }

  // ---------- copying, reading aloud, saving
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
    const before = button.dataset.name || button.textContent;
    button.dataset.name = before;
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
    button.textContent = button.dataset.stop;
    button.setAttribute("aria-pressed", "true");
    speaking = { button, stop };
    // One utterance a sentence: long ones are cut off by some browsers.
    const sentences = button.dataset.speak.split("\n").filter(Boolean);
    sentences.forEach((sentence, place) => {
      const speech = new SpeechSynthesisUtterance(sentence);
      speech.lang = button.dataset.lang === "da" ? "da-DK" : "en-GB";
      speech.onerror = () => speaking?.button === button && stop();
      if (place === sentences.length - 1) speech.onend = speech.onerror;
      speechSynthesis.speak(speech);
    });
  }
  async function save(form) {
    const stored = window.magbot.kept();
    if (!stored || !window.magbot.server) return;
    const text = await window.magbot.server.export_conversation({ form, turns: stored });
    const type = { md: "text/markdown", html: "text/html", json: "application/json" }[form];
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    anchor.download = `magbot.${form}`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
  }

  // ---------- what was searched for, to be put right
  function edit(button) {
    const form = document.getElementById(button.getAttribute("aria-controls"));
    form.hidden = !form.hidden;
    button.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) $("input", form).select();
  }
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("[data-again]");
    if (!form) return;
    event.preventDefault();
    const question = $("input", form).value.trim();
    if (!question) return;
    form.hidden = true;
    $(`[aria-controls="${form.id}"]`)?.setAttribute("aria-expanded", "false");
    ask(question);
  });

  action("[data-ask]", (at) => ask(at.dataset.ask));
  action("[data-edit]", edit);
  action("[data-copy]", (at) => copy(at.dataset.copy, at));
  action("[data-copy-link]", (at) => copy(new URL(at.dataset.copyLink, location.origin).href, at));
  action("[data-speak]", speak);
  const fold = (menu) => { menu.open = false; };
  action("[data-export]", (at) => { fold(at.closest("details")); save(at.dataset.export); });
  action("[data-print]", (at) => { fold(at.closest("details")); print(); });
  document.addEventListener("click", (event) =>
    $$("details.mb-exports[open]").filter((menu) => !menu.contains(event.target)).forEach(fold));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("details.mb-exports[open]");
    if (menu) { fold(menu); $("summary", menu).focus(); }
  });
  action("[data-new]", forget);
  action("[data-undo]", () => { keep(sessionStorage, STORE, putAway); location.reload(); });
  action(".mb-skip", (at, event) => { event.preventDefault(); field()?.focus(); });
  ready(() => html.classList.toggle("mb-speaks", "speechSynthesis" in window));
})();
