"use strict";
/* The page's data in; a network to look at, click through and search out. Every name is set as text, never as markup. */
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const page = read("page");
  const spots = read("nodes");
  const arrows = read("edges").map((arrow, id) => ({ ...arrow, id }));
  const details = page.details;
  const $ = (id) => document.getElementById(id);
  const panel = $("panel"), list = $("list"), search = $("search");

  const degree = details.map(() => 0);
  const near = details.map(() => new Set());
  const touching = details.map(() => []);
  for (const arrow of arrows) {
    for (const [one, other] of [[arrow.from, arrow.to], [arrow.to, arrow.from]]) {
      near[one].add(other);
      if (one !== other || arrow.from === one) touching[one].push(arrow);
      degree[one] += 1;
    }
  }
  let active = -1, opener = null, shownMatches = [], wasPartial = false; // where the keyboard is, where it came from, what the search left, whether names were those of a day
  const view = makeView(page, spots, details, arrows, degree, near);
  const paint = makePainter(view);
  const { colour, hue, isReadable, isHidden, isLit } = paint;

  /* ---- the network ---- */
  const twoWay = new Set(arrows.map((arrow) => `${arrow.from}>${arrow.to}`));
  const look = (arrow) => {
    const isOff = view.lit !== null && !isLit(arrow);
    return {
      id: arrow.id,
      width: (arrow.kind === "money" ? 2.6 : arrow.kind === "deal" ? 1.6 : 1.2) * (isLit(arrow) ? 1.35 : 1),
      color: { color: colour[arrow.kind], highlight: colour[arrow.kind], hover: colour[arrow.kind], opacity: isOff ? 0.14 : 1 },
      hidden: !view.isShown(arrow),
    };
  };
  const asNode = ({ id, x, y }) => ({ id, x, y, shape: "custom", ctxRenderer: paint.node, hidden: isHidden(id) });
  const asEdge = (arrow) => ({
    from: arrow.from,
    to: arrow.to,
    smooth: twoWay.has(`${arrow.to}>${arrow.from}`) && arrow.from !== arrow.to ? { enabled: true, type: "curvedCW", roundness: 0.16 } : false,
    ...look(arrow),
  });
  const nodes = new vis.DataSet(spots.filter(({ id }) => view.isPlaced(id)).map(asNode));
  const edges = new vis.DataSet(arrows.filter(view.hasEnds).map(asEdge));
  const redress = () => { paint.forgetWords(); edges.update(arrows.filter(view.hasEnds).map(look)); };
  const options = {
    ...read("options"),
    edges: {
      arrows: { to: { enabled: true, scaleFactor: 0.55 } },
      hoverWidth: 0.6,
      selectionWidth: 0,
      arrowStrikethrough: false,
    },
    nodes: { chosen: false },
  };
  options.interaction = { ...options.interaction, selectConnectedEdges: false, tooltipDelay: 200 };
  const network = view.network = new vis.Network($("network"), { nodes, edges }, options);
  Object.assign(view, { nodes, edges });
  for (const spot of spots) if (view.isPlaced(spot.id)) view.size(spot);
  $("network").querySelector(".vis-network").tabIndex = -1; // the list of nodes is the keyboard's way in
  network.on("afterDrawing", paint.front);
  network.on("dragEnd", ({ nodes: moved }) => {
    for (const [id, spot] of Object.entries(network.getPositions(moved))) Object.assign(spots[id], spot);
    paint.forgetWords();
  });

  // vis fits to the nodes' own boxes, which know nothing of the labels below them.
  const frame = () => {
    const shown = spots.filter(({ id }) => !isHidden(id));
    if (!shown.length) return null;
    const edge = { left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity };
    for (const spot of shown) {
      const half = Math.max(spot.w / 2, 60);
      edge.left = Math.min(edge.left, spot.x - half);
      edge.right = Math.max(edge.right, spot.x + half);
      edge.top = Math.min(edge.top, spot.y - spot.h / 2);
      edge.bottom = Math.max(edge.bottom, spot.y + spot.h / 2 + 36);
    }
    return edge;
  };
  const fit = () => {
    const edge = frame(), area = $("network");
    if (!edge) return;
    const covered = panel.hidden || innerWidth <= 760 ? 0 : panel.offsetWidth + 14;
    const wide = (area.clientWidth - covered - 56) / (edge.right - edge.left), high = (area.clientHeight - 110) / (edge.bottom - edge.top);
    const scale = Math.max(0.02, Math.min(1.25, wide, high));
    network.moveTo({ position: { x: (edge.left + edge.right + covered / scale) / 2, y: (edge.top + edge.bottom) / 2 }, scale });
  };

  const part = makePart(view, { asNode, asEdge, redress, find: () => find(), fit });
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
  const lead = (id) => {
    const room = panel.hidden || innerWidth <= 760 ? 0 : panel.offsetWidth / 2;
    const scale = Math.max(network.getScale(), 0.75);
    const position = { x: spots[id].x + room / scale, y: spots[id].y };
    network.moveTo({ position, scale, animation: isCalm.matches ? false : { duration: 320, easingFunction: "easeInOutQuad" } });
  };

  const light = (ids, centre, arrow) => {
    view.lit = ids && Object.assign(new Set(ids), { centre, arrow });
    redress();
    network.redraw();
  };

  /* ---- small builders: text in, elements out ---- */
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children.filter((child) => child !== null));
    return element;
  };
  const icon = (kind) => {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg"), path = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", "glyph");
    svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", page.looks[kind].path);
    path.setAttribute("fill", hue(kind));
    path.dataset.kind = kind;
    svg.append(path);
    return svg;
  };

  /* ---- the panel ---- */
  const MANY = 40; // rows and sentences shown at once; a large company has thousands
  /* A quote that is the whole sentence says nothing more by being marked: there the names and words of what is shown are. */
  const spoken = (ids, facts) => [...ids.flatMap((id) => [details[id].label, ...details[id].names]), ...facts.map(([, said]) => said)]
    .filter((word) => word && word.length > 1 && !/^[0-9,.]+$/.test(word)).sort((a, b) => b.length - a.length);
  const marked = (text, words) => {
    const parts = [], small = text.toLowerCase();
    for (let at = 0; at < text.length;) {
      const next = words.map((word) => [small.indexOf(word.toLowerCase(), at), word.length]).filter(([found]) => found >= 0)
        .sort((a, b) => a[0] - b[0] || b[1] - a[1])[0];
      if (!next || small.length !== text.length) { parts.push(text.slice(at)); break; }
      parts.push(text.slice(at, next[0]), make("mark", {}, text.slice(next[0], next[0] + next[1])));
      at = next[0] + next[1];
    }
    return parts;
  };
  const sentences = (words) => {
    const order = new Map();
    const number = (ref) => order.get(ref) ?? order.set(ref, order.size + 1).get(ref);
    const refs = (all) => {
      const box = make("span", { className: "refs" });
      for (const ref of all.slice(0, 6)) {
        const n = number(ref);
        const button = make("button", { type: "button", className: "ref", textContent: n, onclick: () => show(n) });
        button.setAttribute("aria-label", `Sentence ${n}`);
        box.append(button);
      }
      all.slice(6).forEach(number);
      return box;
    };
    const show = (n) => {
      while (!$(`sentence-${n}`) && $("more-sentences")) $("more-sentences").click();
      for (const item of panel.querySelectorAll("#sentences li")) item.classList.toggle("lit", item.id === `sentence-${n}`);
      $(`sentence-${n}`).scrollIntoView({ block: "nearest", behavior: isCalm.matches ? "auto" : "smooth" });
    };
    const item = ([ref, n]) => {
      const support = page.supports[ref], quote = make("blockquote");
      if (support.mark) {
        const [start, end] = support.mark, letters = Array.from(support.sentence); // code points, as Python counts
        if (start === 0 && end === letters.length) quote.append(...marked(support.sentence, words));
        else quote.append(letters.slice(0, start).join(""), make("mark", {}, letters.slice(start, end).join("")), letters.slice(end).join(""));
      } else {
        quote.append(support.sentence);
        if (support.quote && support.quote !== support.sentence) quote.append(" — ", make("mark", {}, support.quote));
      }
      const source = [support.title, support.file, support.date, support.section, support.rules.join(", "), support.derivation === "Stated" ? "" : support.derivation.toLowerCase()];
      return make("li", { id: `sentence-${n}`, tabIndex: -1 },
        make("span", { className: "n", ariaHidden: "true" }, String(n)), quote,
        make("p", { className: "source" }, source.filter(Boolean).join(" · ")));
    };
    const section = () => {
      const all = [...order], items = make("ol", { id: "sentences" });
      if (!all.length) return [make("p", { className: "none" }, "No sentence is recorded for it.")];
      const add = () => items.append(...all.splice(0, MANY).map(item));
      add();
      const more = all.length ? make("button", { type: "button", id: "more-sentences", className: "more", onclick() { add(); if (!all.length) this.remove(); } }, "Show more sentences") : null;
      return [make("h3", {}, "Sentences"), items, ...(more ? [more] : [])];
    };
    return { refs, section };
  };

  const open = (kind, title, inner, from) => {
    const close = make("button", { type: "button", id: "close", onclick: shut }, "×");
    close.setAttribute("aria-label", "Close the panel");
    panel.replaceChildren(close, kind, make("h2", { id: "panel-title" }, title), ...inner);
    if (panel.hidden) opener = from ?? null;
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.focus({ preventScroll: true });
  };
  const shut = (staysPut) => {
    if (panel.hidden) return;
    panel.hidden = true;
    network.unselectAll();
    light(null);
    if (staysPut !== true) (opener ?? list).focus({ preventScroll: true });
  };

  const link = (id) => make("button", { type: "button", className: "go", onclick: () => openNode(id) }, view.labelOf(id));
  const rows = (groups) => {
    const table = make("dl"), all = [...groups];
    const add = () => {
      for (const [words, items] of all.splice(0, MANY)) {
        const first = items.splice(0, MANY), cell = make("dd", {}, ...first);
        if (items.length) cell.append(make("button", { type: "button", className: "more", onclick() { this.replaceWith(...items); } }, `${items.length} more`));
        table.append(make("dt", {}, words), cell);
      }
    };
    while (all.length) add();
    return table;
  };
  const gather = (pairs) => {
    const groups = new Map();
    for (const [words, item] of pairs) groups.has(words) ? groups.get(words).push(item) : groups.set(words, [item]);
    return groups;
  };

  /* ---- more and less of the picture ---- */
  const tools = (id) => {
    const button = (words, name, onclick) => {
      const made = make("button", { type: "button", onclick }, words);
      made.setAttribute("aria-label", name);
      return made;
    };
    const near = (hops) => button(String(hops), `Show only what is within ${hops} step${hops > 1 ? "s" : ""} of this node`, () => {
      part.focus(id, hops);
      openNode(id);
      fit();
    });
    const hide = button("Hide", "Hide this node", () => { part.hide(id); shut(); });
    return make("div", { className: "tools" }, make("span", {}, "Only what is within"), ...[1, 2, 3].map(near), make("span", {}, "steps"), hide);
  };
  const slider = $("day");
  const setDay = () => {
    const words = part.setDay(Number(slider.value));
    $("day-said").textContent = words;
    slider.setAttribute("aria-valuetext", words);
    shut(true);
  };
  slider?.addEventListener("input", setDay);
  $("all").addEventListener("click", () => {
    for (const each of legend.querySelectorAll("button")) each.setAttribute("aria-pressed", "true");
    part.showAll();
    if (slider) {
      slider.value = slider.max;
      setDay();
    }
    list.focus({ preventScroll: true }); // the button that was used is gone
  });
  $("png").addEventListener("click", () => part.save(colour.page));

  const openNode = (id, from) => {
    part.reveal(id);
    const node = details[id], known = (refs) => refs.filter((ref) => view.isKnown(page.supports[ref].date));
    const told = node.facts.map(([words, said, refs]) => [words, said, known(refs), refs]).filter(([, , now, refs]) => now.length || !refs.length);
    const cite = sentences(spoken([id, ...near[id]], told));
    const facts = told.map(([words, said, refs]) => [words, make("div", {}, said, cite.refs(refs))]);
    const relations = touching[id].flatMap((arrow) => arrow.relations).filter(({ since }) => view.isKnown(since)).map((relation) => {
      const isSubject = relation.s === id;
      return [isSubject ? relation.forward : relation.inverse, make("div", {}, link(isSubject ? relation.o : relation.s), cite.refs(known(relation.refs)))];
    });
    const inner = [tools(id)];
    if (node.names.length) inner.push(make("p", { className: "names" }, `Also ${node.names.join(", ")}`));
    if (facts.length) inner.push(make("h3", {}, "Facts"), rows(gather(facts)));
    if (relations.length) inner.push(make("h3", {}, "Relations"), rows(gather(relations)));
    inner.push(...cite.section(), make("p", { className: "iri" }, node.iri));
    if (page.links && node.iri.startsWith(page.links[0])) {
      const href = page.links[1] + node.iri.slice(page.links[0].length).split("/").map(encodeURIComponent).join("/");
      inner.unshift(make("p", {}, make("a", { href, target: "_top" }, "Open its page")));
    }
    open(make("p", { className: "kind" }, icon(node.kind), page.looks[node.kind].words), view.labelOf(id), inner, from);
    network.selectNodes([id], false);
    light([id, ...near[id]], id);
    mark(id);
    lead(id);
  };

  const openArrow = (arrow) => {
    const cite = sentences(spoken([arrow.from, arrow.to], []));
    const facts = arrow.relations.filter(({ since }) => view.isKnown(since)).map((relation) => make("p", {}, link(relation.s), ` ${relation.forward} `, link(relation.o), cite.refs(relation.refs)));
    const title = `${details[arrow.from].label} → ${details[arrow.to].label}`;
    open(make("p", { className: "kind" }, "Relation"), title, [...facts, ...cite.section()]);
    network.setSelection({ nodes: [], edges: [arrow.id] }, { highlightEdges: false });
    light([arrow.from, arrow.to], undefined, arrow.id);
  };

  /* ---- the legend ---- */
  const legend = $("legend");
  for (const [kind, looks] of Object.entries(page.looks).sort(([a], [b]) => order(a) - order(b))) {
    const button = make("button", { type: "button", onclick: () => toggle(kind, button) }, icon(kind), looks.words, make("span", { className: "count" }, looks.count.toLocaleString("en")));
    button.setAttribute("aria-pressed", "true");
    button.dataset.kind = kind;
    legend.append(make("li", {}, button));
  }
  function order(kind) { return details.findIndex((node) => node.kind === kind); }
  function toggle(kind, button) {
    view.hiddenKinds.has(kind) ? view.hiddenKinds.delete(kind) : view.hiddenKinds.add(kind);
    button.setAttribute("aria-pressed", String(!view.hiddenKinds.has(kind)));
    part.refilter();
  }

  /* ---- the list and the search ---- */
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const sought = details.map((node) => fold([node.label, ...node.names].join("\n")));
  const items = details.map((node, id) => {
    const item = make("li", { id: `node-${id}`, title: node.label }, icon(node.kind), make("span", {}, node.label));
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.setAttribute("aria-label", `${node.label}, ${page.looks[node.kind].words}`);
    item.addEventListener("click", () => openNode(id, list));
    return item;
  });
  list.append(...items);
  function find() {
    const wanted = fold(search.value.trim());
    // what is not in the picture yet is found by its name alone
    shownMatches = details.map((_, id) => id).filter((id) => (wanted && !view.isPlaced(id) ? view.isKnown(details[id].since) && !view.hiddenKinds.has(details[id].kind) : !isHidden(id)) && sought[id].includes(wanted));
    for (const id of view.day || wasPartial ? shownMatches : []) items[id].querySelector("span").textContent = view.labelOf(id);
    wasPartial = view.day !== "";
    if (wanted) {
      // a name that is, or starts with, what was typed comes before one that only has it inside
      const rank = (id) => (sought[id].split("\n").some((name) => name === wanted) ? 0 : sought[id].split("\n").some((name) => name.startsWith(wanted)) ? 1 : 2);
      shownMatches.sort((a, b) => rank(a) - rank(b) || a - b);
    }
    const shown = new Set(shownMatches);
    items.forEach((item, id) => { item.hidden = !shown.has(id); });
    list.append(...shownMatches.map((id) => items[id]));
    $("found").textContent = wanted ? `${shownMatches.length.toLocaleString("en")} found` : "";
    if (!shown.has(active)) mark(-1);
  }
  function mark(id) {
    if (active >= 0) items[active].setAttribute("aria-selected", "false");
    active = id;
    if (id < 0) { list.removeAttribute("aria-activedescendant"); return; }
    items[id].setAttribute("aria-selected", "true");
    list.setAttribute("aria-activedescendant", items[id].id);
    const at = items[id].getBoundingClientRect(), box = list.getBoundingClientRect(); // by hand: scrollIntoView would move a page around this one too
    if (!items[id].hidden) list.scrollTop += Math.min(0, at.top - box.top) + Math.max(0, at.bottom - box.bottom);
  }
  const step = (by) => {
    if (!shownMatches.length) return;
    const place = shownMatches.indexOf(active);
    const next = place < 0 ? (by > 0 ? 0 : shownMatches.length - 1) : place + by;
    mark(shownMatches[Math.max(0, Math.min(shownMatches.length - 1, next))]);
  };
  search.addEventListener("input", find);
  search.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); list.focus(); if (active < 0) step(1); }
    if (event.key === "Enter" && shownMatches.length) openNode(shownMatches[0], search);
  });
  list.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    if (event.key in moves) { event.preventDefault(); step(moves[event.key]); }
    if ((event.key === "Enter" || event.key === " ") && active >= 0) { event.preventDefault(); openNode(active, list); }
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) { event.preventDefault(); shut(); } });

  /* ---- the mouse ---- */
  const labelAt = ({ x, y }) => spots.findIndex((spot) => {
    const kind = details[spot.id].kind;
    if (isHidden(spot.id) || page.looks[kind].card || !isReadable()) return false;
    const all = spot.label.split("\n"), half = Math.max(...all.map((line) => line.length)) * 3.6;
    return Math.abs(x - spot.x) <= half && y > spot.y && y < spot.y + spot.h / 2 + all.length * paint.LINE;
  });
  network.on("click", (event) => {
    const onLabel = event.nodes.length ? -1 : labelAt(event.pointer.canvas);
    if (event.nodes.length) openNode(event.nodes[0]);
    else if (onLabel >= 0) openNode(onLabel);
    else if (event.edges.length) openArrow(arrows[event.edges[0]]);
    else shut();
  });
  for (const [signal, cursor] of [["hoverNode", "pointer"], ["blurNode", ""], ["hoverEdge", "pointer"], ["blurEdge", ""]]) {
    network.on(signal, () => { $("network").style.cursor = cursor; });
  }
  $("zoom").addEventListener("click", ({ target }) => {
    const way = target.dataset.zoom;
    if (way === "fit") fit();
    else if (way) network.moveTo({ scale: network.getScale() * (way === "in" ? 1.3 : 1 / 1.3) });
  });
  paint.darkness.addEventListener("change", () => {
    paint.takeColours();
    for (const path of document.querySelectorAll("path[data-kind]")) path.setAttribute("fill", hue(path.dataset.kind));
    redress();
    network.redraw();
  });

  find();
  fit();
  addEventListener("resize", () => { if (panel.hidden) requestAnimationFrame(fit); });
  if (page.focus !== null) {
    network.selectNodes([page.focus], false);
    mark(page.focus);
  }
  document.documentElement.dataset.ready = "true";
})();
