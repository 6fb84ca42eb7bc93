// What HTML alone cannot do. Every page works without it.
"use strict";

(() => {
  const region = (from) => from.querySelector("[data-region]");
  const rows = () => [...document.querySelectorAll("[data-rows] tr[data-id]")];
  const typing = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  let asked = 0;

  // Gets a page of our own and puts its region into this page. The page is parsed as a document of its own: nothing in
  // it runs. Whatever goes wrong, the browser goes there itself.
  function show(address, push) {
    const turn = ++asked;
    const here = region(document);
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    here.setAttribute("aria-busy", "true");
    request.onload = () => {
      if (turn !== asked) return;
      const next = request.status === 200 && request.response && region(request.response);
      if (!next) { location.assign(address); return; }
      const focused = document.activeElement && document.activeElement.id;
      here.replaceWith(document.importNode(next, true));
      document.title = request.response.title;
      if (push) history.pushState({ part: true }, "", address);
      const again = focused && document.getElementById(focused);
      if (again) again.focus();
      else region(document).focus({ preventScroll: true });
      refresh();
    };
    request.onerror = () => location.assign(address);
    request.send();
  }

  function ownAddress(address) {
    const url = new URL(address, location.href);
    return url.origin === location.origin && url.pathname === location.pathname ? url : null;
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    const copy = target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        copy.textContent = copy.dataset.done;
        document.getElementById("say").textContent = copy.dataset.done;
      }, () => {});
      return;
    }
    const link = target.closest("[data-part] a[href], a[data-part][href]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const url = link && plain && region(document) && !link.hasAttribute("download") && ownAddress(link.href);
    if (!url) return;
    event.preventDefault();
    show(url.pathname + url.search, true);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "get" || !form.closest("[data-part]") || !region(document)) return;
    const url = ownAddress(form.action);
    if (!url) return;
    event.preventDefault();
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
    show(`${url.pathname}?${query}`, true);
  });

  addEventListener("popstate", () => { if (region(document)) show(location.pathname + location.search, false); });

  // How many rows are selected, and the box that selects all.
  function refresh() {
    const boxes = rows().map((row) => row.querySelector("input[type=checkbox]")).filter(Boolean);
    const picked = boxes.filter((box) => box.checked).length;
    for (const place of document.querySelectorAll("[data-selected]")) place.textContent = String(picked);
    for (const all of document.querySelectorAll("[data-all]")) {
      all.closest("[hidden]")?.removeAttribute("hidden");
      all.checked = picked > 0 && picked === boxes.length;
      all.indeterminate = picked > 0 && picked < boxes.length;
    }
    for (const place of document.querySelectorAll("[data-when-selected]")) {
      if (picked > 0) place.setAttribute("open", "");
    }
    for (const button of document.querySelectorAll("button[data-copy][hidden]")) button.removeAttribute("hidden");
  }

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!(box instanceof HTMLInputElement)) return;
    if (box.matches("[data-all]")) {
      for (const row of rows()) {
        const one = row.querySelector("input[type=checkbox]");
        if (one) one.checked = box.checked;
      }
    }
    if (box.type === "checkbox") refresh();
    // Only the fields that the chosen act asks for.
    if (box.matches("[data-shows]")) fields(box.form);
  });

  function fields(form) {
    const chosen = form && form.querySelector("[data-shows]:checked");
    if (!chosen) return;
    const shown = chosen.dataset.shows.split(" ");
    for (const field of form.querySelectorAll("[data-field]")) {
      field.hidden = !shown.includes(field.dataset.field);
      for (const input of field.querySelectorAll("input, select, textarea")) input.disabled = field.hidden;
    }
  }

  // The row that the keyboard is at.
  function step(by) {
    const all = rows();
    if (all.length === 0) return;
    const at = all.findIndex((row) => row.classList.contains("here"));
    const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
    for (const row of all) row.classList.toggle("here", row === next);
    next.querySelector("a[href]")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(target)) return;
    const keys = document.getElementById("keys");
    if (keys && keys.open) return;
    const row = () => rows().find((one) => one.classList.contains("here"));
    const acts = {
      "/": () => document.querySelector("[data-search]")?.focus(),
      "?": () => keys?.showModal(),
      j: () => step(1),
      k: () => step(-1),
      x: () => row()?.querySelector("input[type=checkbox]")?.click(),
    };
    const act = acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  for (const chosen of document.querySelectorAll("[data-shows]:checked")) fields(chosen.form);
  refresh();
})();
