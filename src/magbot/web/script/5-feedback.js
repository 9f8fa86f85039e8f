/* Thumbs up and down below each answer, where the service keeps feedback: the form is in the page only then. */
(() => {
  "use strict";
  const { $, $$, action, watch } = window.magbot;

  watch(() => {
    const form = $("#mb-feedback");
    if (!form) return;
    for (const tools of $$('.mb-turn[data-done="yes"] .mb-tools')) {
      if (!tools.nextElementSibling?.matches(".mb-feedback")) tools.after(form.content.cloneNode(true));
    }
  });
  action("[data-verdict]", (at) => {
    const form = at.closest("form");
    $$("[data-verdict]", form).forEach((button) => button.setAttribute("aria-pressed", String(button === at)));
    $(".mb-reason", form).hidden = false;
    $("textarea", form).focus({ preventScroll: true });
  });
  document.addEventListener("submit", async (event) => {
    const form = event.target.closest?.("[data-feedback]");
    if (!form) return;
    event.preventDefault();
    const turn = window.magbot.turns()[Number(form.closest(".mb-turn").dataset.turn) - 1];
    const said = $("[role=status]", form);
    const body = {
      verdict: $("[aria-pressed=true]", form).dataset.verdict,
      comment: $("textarea", form).value.trim(),
      question: turn.question,
      answer: turn.answer.text,
      language: turn.answer.language,
    };
    try {
      const reply = await fetch("/api/feedback", {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
      });
      if (!reply.ok) throw new Error(reply.statusText);
      said.textContent = said.dataset.thanks;
      $$("div", form).forEach((part) => { part.hidden = true; });
    } catch {
      said.textContent = said.dataset.failed;
    }
  });
})();
