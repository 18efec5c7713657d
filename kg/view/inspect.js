"use strict";
/* The page's data in; a text that tells, where it is pointed at, what was read there out. Every value is set as text, never as markup. */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const $ = (id) => document.getElementById(id);
  const card = $("card"), list = $("facts"), search = $("search"), main = document.querySelector("main");
  // What steers, reorders or hides text is shown by its code, as in the text itself.
  const words = data.strings.map((text) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/gu, (char) => `[U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`));
  const word = (number) => words[number];
  const isNarrow = matchMedia("(max-width: 760px)");

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children.filter((child) => child !== null));
    return element;
  };

  /* ---- the data, made handy ---- */
  const marks = data.marks.map(([type, start, end, text, value, by]) => ({ type: word(type), start, end, text: word(text), value: word(value), by: word(by), facts: new Set() }));
  const facts = data.facts.map(([doc, relation, factuality, derivation, anchor, roles, rules], id) => {
    const named = roles.map(([name, ...items]) => ({ name: word(name), items: items.map((item) => (item < 0 ? word(-item - 1) : item)) }));
    const fact = { id, doc, relation: word(relation), factuality: word(factuality), derivation: word(derivation), anchor, roles: named, rules: rules.map(word), evidence: [] };
    for (const item of [anchor, ...named.flatMap((role) => role.items)]) if (typeof item === "number" && item >= 0) marks[item].facts.add(id);
    return fact;
  });
  const evidence = data.evidence.map(([start, end, ...ids], id) => {
    for (const fact of ids) facts[fact].evidence.push(id);
    return { start, end, facts: ids };
  });
  const textOf = (item) => (typeof item === "string" ? item : marks[item].text);
  const said = (item) => (typeof item === "string" || !marks[item].value ? textOf(item) : `${marks[item].text} = ${marks[item].value}`);
  const index = { m: new Map(), e: new Map() }; // from a number to the pieces that it is marked by: a crossing cuts a mark in two
  for (const [name, known] of Object.entries(index)) {
    for (const each of main.querySelectorAll(`[data-${name}]`)) known.set(Number(each.dataset[name]), [...(known.get(Number(each.dataset[name])) ?? []), each]);
  }
  const pieces = (name, id) => index[name].get(Number(id)) ?? [];

  /* ---- the card ---- */
  let pinned = false, shown = null, timer = 0;
  const where = ({ start, end }) => make("span", { className: "where" }, `${start}–${end}`);
  const factBlock = (fact, own) => {
    const rows = make("dl");
    const row = (name, items, words = said) => {
      const cell = make("dd", {}, ...items.flatMap((item, place) => [place ? ", " : null, make("span", { className: item === own ? "own" : "" }, words(item))]));
      rows.append(make("div", {}, make("dt", {}, name), cell));
    };
    if (fact.anchor >= 0) row("anchor", [fact.anchor], textOf); // its reading is what the roles say
    for (const { name, items } of fact.roles) row(name, items);
    const standing = [fact.factuality, fact.derivation].filter(Boolean).map((name) => make("span", { className: `chip ${name}` }, name));
    const rules = fact.rules.flatMap((rule, place) => [place ? ", " : null, make("span", {}, rule)]);
    const places = fact.evidence.map((id) => `${evidence[id].start}–${evidence[id].end}`).join(", ");
    return make("div", { className: "fact" },
      make("p", {}, make("span", { className: "relation" }, fact.relation), ...standing, make("span", { className: "where" }, places)),
      rows, make("p", { className: "rules" }, "by ", ...rules));
  };
  const unreadWords = (element) => {
    const section = element.closest(".section");
    return section.classList.contains("unread") ? `No fact is read from this section: ${section.dataset.label.split("\n")[0]}.` : null;
  };
  const markBlocks = (element) => {
    const id = Number(element.dataset.m), mark = marks[id], own = [...mark.facts];
    const blocks = [
      make("p", { className: "what" }, make("span", { className: `swatch ${element.className.split(" ")[0]}` }), make("strong", {}, mark.text), where(mark)),
      make("p", {}, mark.type, mark.value ? ` = ${mark.value}` : null),
      make("p", { className: "how" }, `found by ${mark.by}`),
    ];
    for (let outer = element.parentElement.closest("b"); outer; outer = outer.parentElement.closest("b")) {
      const around = marks[outer.dataset.m];
      if (outer.dataset.m !== element.dataset.m) blocks.push(make("p", { className: "how" }, `inside the ${around.type} “${around.text}”`));
      own.push(...[...around.facts].filter((fact) => !own.includes(fact)));
    }
    if (!own.length) blocks.push(make("p", { className: "how" }, unreadWords(element) ?? "Takes part in no fact."));
    return [...blocks, ...own.map((fact) => factBlock(facts[fact], id))];
  };
  const evidenceBlocks = (element) => {
    const { facts: ids, ...span } = evidence[element.dataset.e];
    const title = make("strong", {}, ids.length === 1 ? "1 fact in this sentence" : `${ids.length} facts in this sentence`);
    return [make("p", { className: "what" }, title, where(span)), ...ids.map((id) => factBlock(facts[id], null))];
  };
  const sentenceBlocks = (element) => {
    const [start, end] = data.sentences[element.dataset.s];
    const title = make("p", { className: "what" }, make("strong", {}, `Sentence ${Number(element.dataset.s) + 1}`), where({ start, end }));
    return [title, make("p", { className: "how" }, unreadWords(element) ?? "No fact was read here.")];
  };
  const light = (element, ids) => {
    for (const old of main.querySelectorAll(".lit")) old.classList.remove("lit");
    if (!element) return;
    const wanted = element.dataset.e !== undefined ? pieces("e", element.dataset.e) : [];
    for (const piece of wanted) piece.classList.add("lit");
    for (const id of ids) {
      for (const item of [facts[id].anchor, ...facts[id].roles.flatMap((role) => role.items)]) {
        if (typeof item === "number" && item >= 0) for (const piece of pieces("m", item)) piece.classList.add("lit");
      }
    }
  };
  const put = (element) => {
    const scrolled = card.scrollTop;
    fit(element);
    card.scrollTop = scrolled; // measuring its full height has lost it
  };
  const fit = (element) => {
    card.style.maxHeight = "";
    if (isNarrow.matches) return;
    // Below the sentence if there is room, else above: what is pointed at, and the roles around it, stay in sight.
    const seen = (box) => [...box.getClientRects()].filter((rect) => rect.bottom > 0 && rect.top < innerHeight);
    const around = element.tagName === "B" ? element.parentElement.closest("u") : null;
    const rects = seen(element), wide = around ? seen(around) : rects;
    if (!rects.length) return;
    const reach = (all) => [Math.min(...all.map((rect) => rect.top)), Math.max(...all.map((rect) => rect.bottom))];
    let [high, low] = reach(wide);
    if (low - high > 200) [high, low] = reach(rects); // pixels: of a longer sentence the card would be too far away
    const below = innerHeight - low - 20, above = high - 20, height = card.offsetHeight;
    const isBelow = below >= Math.min(height, 220) || below >= above;
    card.style.maxHeight = `${Math.max(isBelow ? below : above, 120)}px`;
    card.style.top = `${isBelow ? low + 8 : Math.max(8, high - 8 - Math.min(height, above))}px`;
    card.style.left = `${Math.max(12, Math.min(rects.length > 1 ? Math.min(...rects.map((rect) => rect.left)) : rects[0].left, innerWidth - card.offsetWidth - 16))}px`;
  };
  const show = (element, isPinned = false) => {
    clearTimeout(timer);
    if (element === shown && isPinned === pinned) return;
    const { m, e } = element.dataset;
    const blocks = m !== undefined ? markBlocks(element) : e !== undefined ? evidenceBlocks(element) : sentenceBlocks(element);
    const close = make("button", { type: "button", id: "close", onclick: () => { const from = shown; hide(); from?.focus({ preventScroll: true }); } }, "×");
    close.setAttribute("aria-label", "Close");
    [shown, pinned] = [element, isPinned];
    card.replaceChildren(close, ...blocks);
    card.classList.toggle("pinned", pinned);
    card.hidden = false;
    card.scrollTop = 0;
    put(element);
    light(element, m !== undefined ? [...marks[m].facts] : e !== undefined ? evidence[e].facts : []);
  };
  const hide = () => {
    clearTimeout(timer);
    card.hidden = true;
    [shown, pinned] = [null, false];
    light(null, []);
  };
  const later = (act, wait) => { clearTimeout(timer); timer = setTimeout(act, wait); };

  /* ---- pointing at the text ---- */
  const isOff = (element) => document.body.classList.contains(`off-${element.className.split(" ")[0]}`);
  const target = (element, selector) => {
    if (!element.closest?.(".text")) return null;
    let found = element.closest(selector);
    while (found && found.tagName === "B" && isOff(found)) found = found.parentElement.closest(selector);
    return found;
  };
  main.addEventListener("pointerover", (event) => {
    if (pinned || event.pointerType !== "mouse") return;
    const found = target(event.target, "b, u");
    if (found) later(() => show(found), 70); // ms: a pointer that only passes by opens nothing
    else if (shown) later(hide, 220); // ms: time to reach the card
  });
  document.addEventListener("pointerleave", () => { if (!pinned) later(hide, 220); });
  main.addEventListener("pointerout", (event) => { if (!pinned && !main.contains(event.relatedTarget)) later(hide, 220); });
  card.addEventListener("pointerenter", () => clearTimeout(timer));
  card.addEventListener("pointerleave", (event) => { if (!pinned && event.pointerType === "mouse") later(hide, 220); });
  document.addEventListener("click", (event) => {
    if (card.contains(event.target) || !event.target.isConnected || !document.getSelection().isCollapsed) return;
    const found = target(event.target, "b, u, i");
    if (found) show(found, true);
    else if (pinned && !event.target.closest("#facts, #legend")) hide();
  });
  addEventListener("resize", () => shown && put(shown));
  addEventListener("scroll", () => { if (!shown) return; if (pinned) put(shown); else if (document.activeElement !== shown) hide(); else put(shown); }, { passive: true });

  /* ---- the keyboard ---- */
  let stops = null; // every mark and every sentence with facts, once, in order; gathered when first asked for
  const stopsOf = () => {
    if (stops) return stops;
    const seen = new Set();
    stops = [...main.querySelectorAll(".text b, .text u[tabindex]")].filter((each) => each.tagName === "U" || (!seen.has(each.dataset.m) && seen.add(each.dataset.m)));
    return stops;
  };
  main.addEventListener("focusin", (event) => { if (event.target.matches(".text b, .text u") && event.target.matches(":focus-visible")) show(event.target); });
  main.addEventListener("focusout", (event) => { if (!pinned && shown === event.target) later(hide, 220); });
  main.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !event.target.closest(".text")) return;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const all = stopsOf(), inside = event.target.matches(".text") ? all.findIndex((each) => event.target.contains(each)) - step : all.indexOf(event.target);
      let at = inside + step;
      while (all[at]?.tagName === "B" && isOff(all[at])) at += step;
      if (!all[at]) return;
      all[at].tabIndex = all[at].tagName === "B" ? -1 : 0;
      all[at].focus({ focusVisible: true });
      show(all[at]);
    } else if (event.key === "Enter" && event.target.matches("b, u")) show(event.target, true);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && shown) hide(); });

  /* ---- the facts ---- */
  const title = (fact) => {
    const [subject, predicate, object] = ["subject", "predicate", "object"].map((name) => fact.roles.find((role) => role.name === name)?.items.map(textOf).join(", "));
    return fact.anchor >= 0 ? [marks[fact.anchor].text] : [subject ?? "", make("em", { className: "is" }, ` ${predicate ?? ""} `), object ?? ""];
  };
  const details = (fact) => fact.roles.filter(({ name }) => fact.anchor >= 0 || !["subject", "predicate", "object"].includes(name)).map(({ name, items }) => `${name} ${items.map(textOf).join(", ")}`);
  const rows = [];
  const several = new Set(facts.map((fact) => fact.doc)).size > 1;
  let lastDoc = 0;
  for (const fact of facts) {
    if (several && fact.doc !== lastDoc) list.append(make("li", { className: "of" }, document.querySelector(`#d${fact.doc} h2`).textContent));
    lastDoc = fact.doc;
    const standing = fact.factuality ? make("span", { className: `chip ${fact.factuality}` }, fact.factuality) : null;
    const line = make("span", { className: "line" }, make("span", { className: "relation" }, fact.relation), standing);
    const more = details(fact), words = make("span", { className: "line" }, ...title(fact));
    const button = make("button", { type: "button" }, line, words, more.length ? make("span", { className: "more" }, more.join(" · ")) : null);
    button.dataset.f = fact.id;
    const item = make("li", {}, button);
    list.append(item);
    rows.push({ item, sought: [fact.relation, fact.factuality, fact.derivation, words.textContent, ...more, ...fact.roles.flatMap((role) => role.items.map(said)), ...fact.rules].join("\n").toLowerCase() });
  }
  const find = () => {
    const wanted = search.value.trim().toLowerCase();
    let count = 0;
    for (const { item, sought } of rows) { item.hidden = !sought.includes(wanted); count += item.hidden ? 0 : 1; }
    $("found").textContent = wanted ? `${count} of ${rows.length}` : `${rows.length}`;
  };
  search.addEventListener("input", find);
  find();
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const fact = facts[button.dataset.f], place = pieces("e", fact.evidence[0])[0];
    list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    button.setAttribute("aria-current", "true");
    place.scrollIntoView({ block: "center", behavior: "instant" });
    place.focus({ preventScroll: true });
    show(place, true);
    const block = card.querySelectorAll(".fact")[evidence[fact.evidence[0]].facts.indexOf(fact.id)];
    if (block) card.scrollTop = block.offsetTop - 8;
    light(place, [fact.id]);
  });

  /* ---- the legend and the outline ---- */
  for (const button of document.querySelectorAll("#legend button, #key button")) {
    button.addEventListener("click", () => {
      const isOn = button.getAttribute("aria-pressed") !== "true", type = button.dataset.type;
      button.setAttribute("aria-pressed", String(isOn));
      document.body.classList.toggle(type === "sentences" ? "on-sentences" : `off-${type}`, type === "sentences" ? isOn : !isOn);
    });
  }
  const links = new Map([...document.querySelectorAll("#outline ol a")].map((link) => [link.hash.slice(1), link]));
  const inView = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const { target: section, isIntersecting } of entries) isIntersecting ? inView.add(section) : inView.delete(section);
    const first = [...inView].sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0];
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(first?.id)?.setAttribute("aria-current", "true");
  }, { rootMargin: "-12% 0px -70% 0px" });
  for (const section of document.querySelectorAll(".section[id]")) watch.observe(section);
  if (isNarrow.matches) for (const part of document.querySelectorAll("#side details, #side-facts details")) part.open = false;
  document.documentElement.dataset.ready = "true";
})();
