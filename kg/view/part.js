"use strict";
/* What of the network is in the picture: by class, one by one, by the day of the documents, around a node; `view` is shared with the painter. */
const makeView = (page, spots, details, arrows, degree, near) => {
  const view = {
    page, spots, details, arrows, degree, near, lit: null, network: null, nodes: null, edges: null,
    hiddenKinds: new Set(), hiddenIds: new Set(), focus: null, day: "",
    isPlaced: (id) => spots[id].x !== undefined,
    isKnown: (since) => !view.day || since <= view.day,
    isHidden: (id) => !view.isPlaced(id) || view.hiddenKinds.has(details[id].kind) || view.hiddenIds.has(id)
      || !view.isKnown(details[id].since) || (view.focus !== null && !view.focus.has(id)),
    isShown: (arrow) => view.isKnown(arrow.since) && !view.isHidden(arrow.from) && !view.isHidden(arrow.to),
    isPartial: () => view.hiddenKinds.size > 0 || view.hiddenIds.size > 0 || view.focus !== null || view.day !== "",
    stateOf: (id) => details[id].states.findLast(([date]) => view.isKnown(date)),
    labelOf: (id) => view.stateOf(id)?.[1] ?? details[id].label,
    hasEnds: (arrow) => view.isPlaced(arrow.from) && view.isPlaced(arrow.to),
    // vis-network learns a drawn node's size only on its second drawing, and would aim the first arrows at the wrong border.
    size: (spot) => {
      const { shape } = view.network.body.nodes[spot.id];
      Object.assign(shape, { customSizeWidth: spot.w, customSizeHeight: spot.h, width: spot.w, height: spot.h });
    },
  };
  for (const spot of spots) Object.assign(spot, { last: { label: spot.label, w: spot.w, h: spot.h, open: spot.open } });
  return view;
};

/* asNode and asEdge make what vis-network draws; redress and find bring arrows and list up to date, fit the picture into its place. */
const makePart = (view, { asNode, asEdge, redress, find, fit }) => {
  const { page, spots, details, arrows, degree, near } = view;
  const NEIGHBOURS = 60; // that come into the picture with a node that is sought; the most connected of them
  const HOPPED = 300; // nodes that come into the picture with a focus; more are a thicket
  const strangers = new Set(); // what came into the picture by the search, far from where it would stand had it been laid out with the rest
  let home = null; // where the nodes stood before a focus moved them

  /* Places nodes on rings around a point, six more on each ring than on the one within. */
  const surround = (ids, centre) => {
    for (let ring = 1, at = 0; at < ids.length; ring += 1) {
      const some = ids.slice(at, at + 6 * ring);
      some.forEach((id, place) => {
        const turn = (2 * Math.PI * (place + ring / 2)) / some.length;
        Object.assign(spots[id], { x: Math.round(centre.x + 270 * ring * Math.cos(turn)), y: Math.round(centre.y + 150 * ring * Math.sin(turn)) });
      });
      at += some.length;
    }
  };
  const gap = (count) => Math.ceil((Math.sqrt(9 + 12 * count) - 3) / 6) * 150; // from the centre to the outermost ring, downwards

  const enter = (ids) => {
    const come = new Set(ids);
    view.nodes.add(ids.map((id) => asNode(spots[id])));
    for (const id of ids) view.size(spots[id]);
    view.edges.add(arrows.filter((arrow) => view.hasEnds(arrow) && (come.has(arrow.from) || come.has(arrow.to))).map(asEdge));
    if (view.focus !== null) for (const id of ids) view.focus.add(id);
  };

  /* Brings what the search or a relation leads to into the picture, with its neighbours around it, below all that stands there. */
  const reveal = (id) => {
    if (view.isPlaced(id)) return;
    const lowest = spots.filter((spot) => view.isPlaced(spot.id)).reduce((y, spot) => Math.max(y, spot.y + spot.h), 0);
    const fresh = [...near[id]].filter((other) => !view.isPlaced(other)).sort((a, b) => degree[b] - degree[a] || a - b).slice(0, NEIGHBOURS);
    Object.assign(spots[id], { x: 0, y: lowest + 200 + gap(fresh.length) });
    surround(fresh, spots[id]);
    enter([id, ...fresh]);
    for (const each of [id, ...fresh]) strangers.add(each);
    refilter();
  };

  const refilter = () => {
    for (const spot of spots) {
      const state = view.day ? view.stateOf(spot.id) : null;
      Object.assign(spot, state ? { label: state[2], w: state[3], h: state[4], open: state[5] } : spot.last);
      if (view.isPlaced(spot.id)) view.size(spot);
    }
    view.nodes.update(spots.filter(({ id }) => view.isPlaced(id)).map(({ id, x, y }) => ({ id, x, y, hidden: view.isHidden(id) })));
    redress();
    find();
    document.getElementById("all").hidden = !view.isPartial();
    view.network.redraw();
  };

  /* Lists what lies within so many steps, the nearest first; as of a day only over what is known by then. */
  const within = (id, hops) => {
    const found = new Set([id]);
    for (let border = [id]; hops > 0 && border.length; hops -= 1) {
      border = border.flatMap((each) => [...near[each]]).filter((each) => !found.has(each) && view.isKnown(details[each].since) && found.add(each));
    }
    return [...found];
  };

  const goHome = () => {
    for (const [id, spot] of home ?? []) Object.assign(spots[id], spot);
    home = null;
  };

  /* Leaves only what lies near a node. What has not been in the picture stands around it; what has keeps its place. */
  const focus = (id, hops) => {
    goHome();
    const ids = within(id, hops).slice(0, HOPPED), fresh = ids.filter((each) => !view.isPlaced(each));
    if (fresh.length || ids.some((each) => strangers.has(each))) {
      home = ids.filter(view.isPlaced).map((each) => [each, { x: spots[each].x, y: spots[each].y }]);
      if (!view.isPlaced(id)) Object.assign(spots[id], { x: 0, y: 0 });
      surround(ids.filter((each) => each !== id), spots[id]);
      enter(fresh);
      for (const each of fresh) strangers.add(each);
    }
    view.focus = new Set(ids);
    view.hiddenIds.clear();
    refilter();
  };

  const hide = (id) => {
    view.hiddenIds.add(id);
    refilter();
  };

  /* place counts the days of the documents; at the last, beyond them, everything is known. */
  const setDay = (place) => {
    view.day = page.dates[place] ?? "";
    refilter();
    return view.day ? `as of ${view.day}` : "all documents";
  };

  const showAll = () => {
    goHome();
    Object.assign(view, { focus: null, day: "" });
    view.hiddenIds.clear();
    view.hiddenKinds.clear();
    refilter();
    fit();
  };

  /* Saves the picture as it is seen, on the page's own ground. */
  const save = (ground) => {
    const seen = document.querySelector("#network canvas"), sheet = Object.assign(document.createElement("canvas"), { width: seen.width, height: seen.height });
    const ctx = sheet.getContext("2d");
    ctx.fillStyle = ground;
    ctx.fillRect(0, 0, sheet.width, sheet.height);
    ctx.drawImage(seen, 0, 0);
    sheet.toBlob((blob) => {
      const anchor = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: "network.png" });
      anchor.click();
      setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
    });
  };

  return { reveal, refilter, focus, hide, setDay, showAll, save };
};
