"use strict";
/* What there is to draw in; how to draw it on a canvas, out. `view` holds the page's data, the vis network, what is lit and what is hidden. */
const makePainter = (view) => {
  const { page, spots, details, arrows, degree } = view;
  /* ---- colours: from the style sheet, so that light and dark have one source ---- */
  const darkness = matchMedia("(prefers-color-scheme: dark)");
  const colour = {};
  const takeColours = () => {
    const style = getComputedStyle(document.documentElement);
    for (const name of ["page", "surface", "ink", "muted", "line", "soft", "accent", "money", "deal", "science", "moneyInk", "dealInk"]) {
      colour[name] = style.getPropertyValue(`--${name}`).trim();
    }
    colour.font = getComputedStyle(document.body).fontFamily;
  };
  takeColours();
  const hue = (kind) => (darkness.matches ? page.looks[kind].dark : page.looks[kind].light);
  const outlines = Object.fromEntries(Object.entries(page.looks).map(([kind, look]) => [kind, new Path2D(look.path)]));

  /* ---- drawing ---- */
  const LINE = 16;
  const DIM = 0.2;
  const READABLE = 6.2; // pixels of type on the screen below which letters are a grey smear and are left away
  const most = (some) => some.map(({ id }) => id).sort((a, b) => degree[b] - degree[a] || a - b).slice(0, 40);
  const hubs = most(spots);
  const isReadable = () => view.network.getScale() * 13 >= READABLE;
  const isHidden = view.isHidden;
  const isDim = (id) => view.lit !== null && !view.lit.has(id);

  const glyph = (ctx, kind, x, y, side) => {
    ctx.save();
    ctx.translate(x - side / 2, y - side / 2);
    ctx.scale(side / 24, side / 24);
    ctx.fill(outlines[kind], "evenodd");
    ctx.restore();
  };

  // From afar a node is a disc, wider where more arrows meet: cards would cover the arrows between them.
  const disc = (ctx, id, x, y, state) => {
    ctx.beginPath();
    ctx.arc(x, y, 15 + 4 * Math.sqrt(degree[id]), 0, 2 * Math.PI);
    ctx.fillStyle = state.selected ? colour.accent : hue(details[id].kind);
    ctx.fill();
    ctx.lineWidth = 4;
    ctx.strokeStyle = colour.page;
    ctx.stroke();
  };

  const card = (ctx, id, x, y, state) => {
    const spot = spots[id], kind = details[id].kind, isSolid = kind === "Company" && !isDim(id);
    const left = x - spot.w / 2, top = y - spot.h / 2;
    ctx.beginPath();
    ctx.roundRect(left, top, spot.w, spot.h, 10);
    ctx.globalAlpha = 1; // no arrow shines through, not even where the card is dimmed
    ctx.fillStyle = isSolid ? hue(kind) : isDim(id) ? colour.page : colour.surface;
    ctx.fill();
    ctx.globalAlpha = isDim(id) ? DIM : 1;
    if (!isSolid) {
      ctx.globalAlpha *= 0.13;
      ctx.fillStyle = hue(kind);
      ctx.fill();
      ctx.globalAlpha /= 0.13;
    }
    ctx.setLineDash(spot.open ? [5, 4] : []);
    ctx.lineWidth = state.selected ? 3 : 1.5;
    ctx.strokeStyle = state.selected ? colour.accent : hue(kind);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.fillStyle = isSolid ? colour.page : hue(kind);
    glyph(ctx, kind, left + 19, y, 16);
    ctx.textAlign = "left";
    spot.label.split("\n").forEach((line, row, all) => {
      ctx.font = `${row === 0 ? 600 : 400} 13px ${colour.font}`;
      ctx.fillStyle = isSolid ? colour.page : row === 0 ? colour.ink : colour.muted;
      ctx.fillText(line, left + 34, y + (row - (all.length - 1) / 2) * LINE, spot.w - 42);
    });
  };

  const thing = (ctx, id, x, y, state) => {
    const spot = spots[id], kind = details[id].kind;
    if (state.selected || state.hover) {
      ctx.beginPath();
      ctx.arc(x, y, spot.w / 2 + 5, 0, 2 * Math.PI);
      ctx.fillStyle = colour.accent;
      ctx.globalAlpha *= state.selected ? 0.25 : 0.12;
      ctx.fill();
      ctx.globalAlpha /= state.selected ? 0.25 : 0.12;
    }
    ctx.fillStyle = colour.page;
    ctx.beginPath();
    ctx.arc(x, y, spot.w / 2 - 1, 0, 2 * Math.PI);
    ctx.fill();
    ctx.fillStyle = hue(kind);
    glyph(ctx, kind, x, y, 30);
    ctx.textAlign = "center";
    ctx.font = `500 13px ${colour.font}`;
    ctx.lineJoin = "round";
    ctx.lineWidth = 4;
    ctx.strokeStyle = colour.page;
    ctx.fillStyle = colour.ink;
    spot.label.split("\n").forEach((line, row) => {
      const base = y + spot.h / 2 + 8 + row * LINE;
      ctx.strokeText(line, x, base);
      ctx.fillText(line, x, base);
    });
  };

  const draw = ({ ctx, id, x, y, state }) => ({
    drawNode() {
      ctx.globalAlpha = isDim(id) ? DIM : 1;
      ctx.textBaseline = "middle";
      (!isReadable() ? disc : page.looks[details[id].kind].card ? card : thing)(ctx, id, x, y, state);
    },
    nodeDimensions: { width: spots[id].w, height: spots[id].h },
  });

  // From afar, the names of the most connected nodes stand above the picture in the size of the page's own type.
  const drawHubs = (ctx) => {
    const scale = view.network.getScale(), taken = [];
    ctx.save();
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.font = `600 ${12 / scale}px ${colour.font}`;
    ctx.lineWidth = 4 / scale;
    ctx.strokeStyle = colour.page;
    ctx.fillStyle = colour.ink;
    const chosen = view.lit !== null ? [...view.lit].slice(0, 25) : view.isPartial() ? most(spots.filter(({ id }) => !isHidden(id))) : hubs;
    for (const id of chosen) {
      if (isHidden(id)) continue;
      const { x, y } = spots[id];
      const label = view.labelOf(id), name = label.length > 28 ? `${label.slice(0, 27)}…` : label;
      const half = ctx.measureText(name).width / 2, high = 9 / scale;
      if (taken.some(([tx, ty, th]) => Math.abs(tx - x) < th + half && Math.abs(ty - y) < 2 * high)) continue;
      taken.push([x, y, half]);
      ctx.strokeText(name, x, y);
      ctx.fillText(name, x, y);
    }
    ctx.restore();
  };

  const FEW = 160; // arrows up to which every arrow carries its words; beyond, only those of the node that is looked at
  const MANY = 60; // lit arrows beyond which words around one node are a thicket
  const isLit = (arrow) => view.lit !== null && (view.lit.arrow === arrow.id || view.lit.centre === arrow.from || view.lit.centre === arrow.to);

  // The words of an arrow stand on its visible part, moved along it to where they cover no node and no other words.
  const covers = (id) => {
    const spot = spots[id], isCard = page.looks[details[id].kind].card, all = spot.label.split("\n");
    const half = isCard ? spot.w / 2 : Math.max(spot.w / 2, Math.max(...all.map((line) => line.length)) * 3.6);
    return [spot.x - half, spot.y - spot.h / 2, spot.x + half, spot.y + spot.h / 2 + (isCard ? 0 : all.length * LINE)];
  };
  const meet = (a, b) => Math.max(0, Math.min(a[2], b[2]) - Math.max(a[0], b[0])) * Math.max(0, Math.min(a[3], b[3]) - Math.max(a[1], b[1]));
  let words = null; // null: to be placed anew at the next drawing
  const placeWords = (ctx) => {
    const taken = spots.filter(({ id }) => !isHidden(id)).map(({ id }) => covers(id));
    words = [];
    const spoken = arrows.filter((arrow) => view.isShown(arrow) && arrow.from !== arrow.to && (view.lit === null || isLit(arrow)));
    if (spoken.length > (view.lit === null ? FEW : MANY)) return;
    ctx.font = `12px ${colour.font}`;
    for (const arrow of spoken) {
      const half = ctx.measureText(arrow.label).width / 2 + 3, shape = view.network.body.edges[arrow.id].edgeType;
      let best = null;
      for (const part of [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74]) {
        const { x, y } = shape.getPoint(part), box = [x - half, y - 8, x + half, y + 8];
        const cost = taken.reduce((sum, other) => sum + meet(box, other), 0);
        if (best === null || cost < best.cost - 1) best = { cost, x, y, box, arrow };
        if (cost === 0) break;
      }
      taken.push(best.box);
      words.push(best);
    }
  };
  const drawWords = (ctx) => {
    if (words === null) placeWords(ctx);
    ctx.save();
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.lineWidth = 5;
    ctx.font = `12px ${colour.font}`;
    for (const { x, y, arrow } of words) {
      ctx.strokeStyle = colour.page;
      ctx.fillStyle = arrow.kind === "science" ? colour.muted : colour[`${arrow.kind}Ink`];
      ctx.strokeText(arrow.label, x, y);
      ctx.fillText(arrow.label, x, y);
    }
    ctx.restore();
  };

  return {
    colour, hue, darkness, takeColours, isReadable, isHidden, isLit, node: draw, LINE,
    front: (ctx) => (isReadable() ? drawWords : drawHubs)(ctx),
    forgetWords: () => { words = null; },
  };
};
