/* Names as one types: in the bar things to go to, in a question's form names to fill in. All else on these pages works without scripts. */
(() => {
  "use strict";
  const WAIT = 120; // milliseconds after a key: between two of a quick typist
  const later = (act) => { let timer; return (...given) => { clearTimeout(timer); timer = setTimeout(() => act(...given), WAIT); }; };
  const names = async (parameters) => {
    const answer = await fetch("/names?" + new URLSearchParams(parameters));
    return answer.ok ? answer.json() : [];
  };

  const box = document.getElementById("q"), list = document.getElementById("hits"), told = document.getElementById("told");
  let at = -1, asked = 0;
  const items = () => [...list.children];
  const shut = () => { list.hidden = true; at = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  const mark = (place) => {
    const all = items();
    if (!all.length) return;
    at = (place + all.length) % all.length;
    all.forEach((item, n) => item.setAttribute("aria-selected", String(n === at)));
    all[at].scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", all[at].id);
  };
  const show = (found) => {
    list.replaceChildren(...found.map((hit, n) => {
      const item = document.createElement("li"), small = document.createElement("small");
      item.id = `hit-${n}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.dataset.href = hit.href;
      small.textContent = [hit.kind, hit.also].filter(Boolean).join(" · ");
      item.append(hit.label, " ", small);
      return item;
    }));
    at = -1;
    box.removeAttribute("aria-activedescendant");
    list.hidden = !found.length;
    box.setAttribute("aria-expanded", String(Boolean(found.length)));
    told.textContent = found.length ? `${found.length} names` : "No name holds that.";
  };
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-controls", "hits");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-autocomplete", "list");
  box.addEventListener("input", later(async () => {
    const words = box.value.trim(), mine = ++asked;
    if (!words) { shut(); return; }
    const found = await names({ q: words });
    if (mine === asked) show(found); // an answer that comes late is to words that are gone
  }));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) { event.preventDefault(); shut(); return; }
    if (list.hidden) return;
    if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark(at < 0 ? -1 : at - 1); }
    if (event.key === "Enter" && at >= 0) { event.preventDefault(); location.href = items()[at].dataset.href; }
  });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the box keeps the focus, and the list stays for the click
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) location.href = item.dataset.href;
  });
  box.addEventListener("blur", shut);

  for (const input of document.querySelectorAll("input[data-kind]")) {
    let mine = 0;
    input.addEventListener("input", later(async () => {
      const turn = ++mine, found = await names({ kind: input.dataset.kind, q: input.value });
      if (turn !== mine) return;
      document.getElementById(input.getAttribute("list")).replaceChildren(...found.map((name) => new Option(name, name)));
    }));
  }

  /* A mark that runs over the border of a paragraph is in pieces; the address names the first. What it says comes into view beside it. */
  const beside = () => {
    const here = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const led = here && here.matches("mark") && here.querySelector(".n");
    if (!here) return;
    here.scrollIntoView({ block: "center" });
    if (led) document.querySelector(led.getAttribute("href"))?.scrollIntoView({ block: "nearest" });
  };
  addEventListener("hashchange", beside);
  beside();
})();
