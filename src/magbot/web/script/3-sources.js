/* A source: the card with its quote on hover and focus, and the panel with its passage on a press. */
(() => {
  "use strict";
  const { $, $$, html, action } = window.magbot;

  // ---------- the source panel
  let opener = null;
  const panel = () => $("#mb-panel");
  const wide = () => matchMedia("(min-width: 68rem)").matches;
  function openSource(id, button, fromHistory = false) {
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
      if (!fromHistory) history.pushState({ ...history.state, mbPanel: id }, "");
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
    // Below the number, so that the statement and its quote can be read together; else above the whole statement.
    const below = at.bottom + 6;
    const room = ($("#mb-dock")?.getBoundingClientRect().top || innerHeight) - 6;
    const over = button.closest("p, li, tr").getBoundingClientRect().top - box.height - 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${below + box.height <= room ? below : over > 8 ? over : Math.max(8, at.top - box.height - 6)}px`;
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
    // An answer scrolls into view when it is done, and focusing a citation may scroll too; as long as the person is
    // still on the number, its card moves along instead of vanishing.
    if (tipFor?.matches(":hover, :focus-visible")) showTip(tipFor);
    else hideTip();
  }, { passive: true, capture: true });

  action(".mb-ref, .mb-source", (at) => { hideTip(); openSource(at.dataset.source, at); });
  action("[data-close]", () => closeSource());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (tipFor) hideTip();
    else if (panel()?.open) { event.preventDefault(); closeSource(); }
  });
  // A dialog that the browser closes by itself (Escape on a phone's keyboard) must leave the same way.
  document.addEventListener("cancel", (event) => {
    if (event.target.id === "mb-panel") { event.preventDefault(); closeSource(); }
  }, true);

  window.magbot.closeSource = closeSource;
  // Back from a document leads to the citation that it was opened from.
  window.magbot.reopenSource = (id) => {
    const button = $(`.mb-ref[data-source="${CSS.escape(id)}"], .mb-source[data-source="${CSS.escape(id)}"]`);
    if (button) openSource(id, button, true);
  };
})();
