/* Documents: filters, opening one at a quote, and the browser's back button. */
(() => {
  "use strict";
  const { $, $$, send, action, watch, kept } = window.magbot;

  const address = () => {
    const query = new URLSearchParams(location.search);
    const [, start, end] = location.hash.match(/^#(\d+)-(\d+)$/) || [null, "", ""];
    return { document: query.get("document") || "", language: query.get("language") || "", start, end, view: query.get("view") || "ask" };
  };
  window.magbot.address = address;
  // What the server is told when the page is opened.
  window.magbot.atStart = () => JSON.stringify({ turns: kept(), ...address() });

  const openDocument = (data) => {
    window.magbot.closeSource(true);
    send("opendocument", data);
  };
  function followDocument(anchor) {
    const { open, language, start = "", end = "" } = anchor.dataset;
    const query = new URLSearchParams({ document: open, language });
    window.magbot.read = `?${query}${start ? `#${start}-${end}` : ""}`;
    window.magbot.leave(window.magbot.read);
    openDocument({ document: open, language, start, end });
  }
  const closeDocument = () => {
    window.magbot.leave(window.magbot.path("sources"));
    send("closedocument");
    setTimeout(() => $("#mb-listing input")?.focus(), 150);
  };
  window.magbot.showDocument = openDocument;
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

  let marked = null;
  watch(() => {
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
  });

  action("a[data-open]", (at, event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    followDocument(at);
  });
  action("[data-list]", closeDocument);
})();
