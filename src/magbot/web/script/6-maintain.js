/* The tab for adding sources: its parts come from the server, for what they show depends on who may see it. */
(() => {
  "use strict";
  const { $, action, watch, html } = window.magbot;
  const place = () => $("#mb-maintain .mb-maintain-place");
  const query = () => `language=${html.lang === "en" ? "en" : "da"}`;

  async function load(part) {
    const reply = await fetch(`/page/corpus?${query()}`);
    if (!reply.ok) return;
    const fresh = document.createElement("div");
    fresh.innerHTML = await reply.text();
    const old = part && $(part, place());
    if (old) old.replaceWith($(part, fresh));
    else place().replaceChildren(...fresh.childNodes);
  }
  // Loaded when the tab is looked at, not with every visit of the page.
  const seen = new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting) && !$(".mb-maintain", place())) load();
  });
  let watched = null;
  watch(() => {
    const at = place();
    if (at && at !== watched) { watched = at; seen.observe(at); }
  });

  const post = (path, body, method = "POST") => fetch(`/page/${path}`, {
    method, headers: { "Content-Type": "application/json" }, body: body && JSON.stringify(body),
  });

  // ---------- adding, with progress
  function working(name) {
    const row = $("#mb-working").content.firstElementChild.cloneNode(true);
    $(".mb-result-name", row).textContent = name;
    $(".mb-results", place()).prepend(row);
    return row;
  }
  function show(row, text, done, total) {
    $(".mb-by", row).textContent = text;
    const bar = $("progress", row);
    if (total) { bar.max = total; bar.value = done; } else bar.removeAttribute("value");
  }
  // An old-fashioned request: it is the one that tells how much of a file has been sent.
  function stream(row, path, body, type) {
    const said = $(".mb-by", row).dataset;
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      let read = 0;
      let finished = false;
      const lines = () => {
        const end = request.responseText.lastIndexOf("\n") + 1;
        for (const line of request.responseText.slice(read, end).split("\n").filter(Boolean)) {
          const told = JSON.parse(line);
          if (told.html) { row.outerHTML = told.html; finished = true; } else show(row, said.working, told.done, told.total);
        }
        read = end;
      };
      request.upload.onprogress = (event) => show(row, said.sending, event.loaded, event.total);
      request.upload.onload = () => show(row, said.working);
      request.onprogress = () => request.status === 200 && lines();
      request.onloadend = () => {
        if (request.status === 200) lines();
        if (!finished) {
          $("progress", row).remove();
          row.dataset.status = "refused";
          $(".mb-by", row).textContent = said.broken;
        }
        done();
      };
      request.open("POST", path);
      request.setRequestHeader("Content-Type", type);
      show(row, said.working);
      request.send(body);
    });
  }
  async function addFiles(files) {
    const rows = [...files].map((file) => [file, working(file.name)]);
    for (const [file, row] of rows) {
      await stream(row, `/page/documents?${query()}&name=${encodeURIComponent(file.name)}`, file, "application/octet-stream");
      await load(".mb-added");
    }
  }
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-drop] input")) return;
    addFiles(event.target.files);
    event.target.value = "";
  });
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const zone = event.target.closest?.("[data-drop]");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("mb-over", name === "dragover");
      if (name === "drop") addFiles(event.dataTransfer.files);
    });
  }

  // ---------- forms and buttons
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches("[data-link]")) {
      event.preventDefault();
      const url = form.elements.url.value.trim();
      form.reset();
      await stream(working(url), `/page/links?${query()}`, JSON.stringify({ url }), "application/json");
      await load(".mb-added");
    } else if (form.matches("[data-login]")) {
      event.preventDefault();
      const reply = await post("login", { token: form.elements.token.value });
      if (reply.ok) { await load(); $("#mb-maintain input")?.focus(); return; }
      const note = $("[role=alert]", form);
      note.textContent = reply.status === 429 ? form.dataset.tooOften : form.dataset.wrong;
      note.hidden = false;
      form.elements.token.select();
    }
  });
  action("[data-review]", async (at) => {
    await post(`documents/${at.dataset.review}/review`, { reviewed: at.dataset.reviewed === "true" });
    await load(".mb-added");
    $(`[data-review="${at.dataset.review}"]`)?.focus();
  });
  action("[data-remove]", async (at) => {
    if (!confirm(at.dataset.sure)) return;
    await post(`documents/${at.dataset.remove}`, undefined, "DELETE");
    await load(".mb-added");
  });
  action("[data-rebuild]", async (at) => {
    await stream(working(at.textContent), `/page/rebuild?${query()}`, "", "application/json");
  });
  action("[data-logout]", async () => { await post("logout"); await load(); });
})();
