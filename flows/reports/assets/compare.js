// Puts two effects beside each other: pickers, words, a table and a chart, from data that lies beside the page.
"use strict";
(function () {
  const ours = window.afterdebate;
  const setup = JSON.parse(document.getElementById("compare-setup").textContent);
  ours.setup = setup;
  const words = setup.words, form = document.getElementById("compare"), target = document.querySelector("#compare-chart .chart");
  const campaigns = {}, narrow = matchMedia("(max-width: 46rem)");
  let slots = null, view = null, shown = null;

  function say(key, values) {
    return words[key].replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }
  // As the pages write ratios: 2.7, 0.85, 12.
  function ratios(value, low, high) {
    const digits = value >= 20 ? 0 : value >= 1.95 ? 1 : 2;
    const number = new Intl.NumberFormat(setup.language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return say("times", { ratio: number.format(value), low: number.format(low), high: number.format(high) });
  }
  // Squares of the distances to the ends, added up on logarithms. Source: Zou and Donner 2008, Statistics in Medicine 27.
  ours.over = function (a, b) {
    const [ra, la, ha, rb, lb, hb] = [a.rr, a.low, a.high, b.rr, b.low, b.high].map(Math.log);
    const low = ra - rb - Math.hypot(ra - la, hb - rb), high = ra - rb + Math.hypot(ha - ra, rb - lb);
    return { rr: Math.exp(ra - rb), low: Math.exp(low), high: Math.exp(high) };
  };
  function verdict(over) {
    if (over.low > 1) return words.larger_a;
    if (over.high < 1) return words.larger_b;
    return over.low > 1 / setup.near && over.high < setup.near ? words.alike : words.open;
  }

  ours.take = function (name, told) {
    if (told.kind === "chart") slots = told.slots; else campaigns[told.id] = told;
  };
  function data(campaign) {
    if (campaigns[campaign.id]) return Promise.resolve();
    const at = campaign.id === setup.own ? "" : "../" + campaign.folder + "/";
    return ours.load(at + "data/compare-data.js");
  }

  function fill(select, options, wanted) {
    select.replaceChildren.apply(select, options.map(function (one) { return new Option(one[1], one[0]); }));
    select.value = options.some(function (one) { return one[0] === wanted; }) ? wanted : options.length ? options[0][0] : "";
  }
  function unique(entries, key) {
    return Array.from(new Map(entries.map(function (one) { return [one[key], one[key + "_name"]]; })));
  }
  function selects(side) {
    const found = {};
    form.querySelectorAll("[data-side='" + side + "'] select").forEach(function (one) { found[one.name] = one; });
    return found;
  }
  // Each picker offers what the ones before it leave, and keeps its choice where that is still there.
  function offer(side, wanted) {
    const pick = selects(side);
    let left = (campaigns[pick.campaign.value] || { entries: [] }).entries;
    ["event", "series", "who"].forEach(function (key) {
      fill(pick[key], unique(left, key), wanted && wanted[key] ? wanted[key] : pick[key].value);
      left = left.filter(function (one) { return one[key] === pick[key].value; });
    });
    return left[0];
  }

  function state() {
    return ["A", "B"].map(function (side) {
      const pick = selects(side);
      return ["campaign", "event", "series", "who"].map(function (key) { return encodeURIComponent(pick[key].value); }).join(",");
    }).join(";");
  }
  function chosen() {
    return location.hash.slice(1).split(";").map(function (side) {
      const [campaign, event, series, who] = side.split(",").map(decodeURIComponent);
      return { campaign: campaign, event: event, series: series, who: who };
    });
  }

  function windowOf(entry, minutes) {
    return entry.windows.find(function (one) { return one.minutes === minutes; }) || { why: words.not_asked };
  }
  function told(one) {
    return one.rr === undefined ? say("cannot", { why: one.why }) : ratios(one.rr, one.low, one.high);
  }
  function compared(a, b) {
    return setup.windows.map(function (span) {
      const one = windowOf(a, span.minutes), other = windowOf(b, span.minutes);
      const over = one.rr === undefined || other.rr === undefined ? null : ours.over(one, other);
      return { window: span, a: one, b: other, over: over, words: { window: span.name, a: told(one), b: told(other),
        ratio: over ? ratios(over.rr, over.low, over.high) : "–", verdict: over ? verdict(over) : words.none } };
    });
  }

  function element(name, text, more) {
    const made = Object.assign(document.createElement(name), more);
    if (text !== undefined) made.textContent = text;
    return made;
  }
  function row(kind, cells) {
    const made = element("tr");
    cells.forEach(function (text, place) { made.append(element(place ? kind : "th", text, { scope: place ? "" : "row" })); });
    return made;
  }
  function write(a, b, rows) {
    const place = document.getElementById("compared");
    const sides = [["A", a], ["B", b]].map(function (one) {
      return element("p", say("side", { side: one[0], event: one[1].event_name, who: one[1].who_name, series: one[1].series_name }), { dir: "auto" });
    });
    const table = element("table"), head = element("thead"), body = element("tbody"), scroll = element("div", undefined, { className: "scroll", tabIndex: 0 });
    const top = element("tr");
    [words.window, "A", "B", words.ratio, words.verdict].forEach(function (text) { top.append(element("th", text, { scope: "col" })); });
    head.append(top);
    rows.forEach(function (one) { body.append(row("td", ["window", "a", "b", "ratio", "verdict"].map(function (key) { return one.words[key]; }))); });
    table.append(head, body);
    scroll.setAttribute("role", "group");
    scroll.setAttribute("aria-label", words.answer);
    scroll.append(table);
    place.replaceChildren.apply(place, sides.concat(a === b ? [element("p", words.same)] : [], [scroll]));
    target.setAttribute("aria-label", rows.map(function (one) { return say("said", one.words); }).join(" "));
  }

  function curves(side, entry) {
    return (entry.curve || []).map(function (one) { return { side: side, hour: one[0] + 0.5, ratio: one[1], low: one[2], high: one[3] }; });
  }
  function drawn(a, b, rows) {
    const sets = { curves: curves("A", a).concat(curves("B", b)), peaks: [], states: [], bars: [], points: [], cuts: [], notes: [] };
    [["A", a], ["B", b]].forEach(function (one) {
      const seen = sets.curves.filter(function (point) { return point.side === one[0] && point.ratio !== null && point.hour > 0; });
      if (seen.length) sets.peaks.push(seen.reduce(function (best, point) { return point.ratio > best.ratio ? point : best; }));
      (one[1].states || []).forEach(function (span) { sets.states.push({ side: one[0], hour: span[0], until: span[1], fill: span[2] }); });
    });
    rows.forEach(function (one) {
      [["A", one.a, one.words.a], ["B", one.b, one.words.b], ["A / B", one.over, one.words.ratio + ", " + one.words.verdict]].forEach(function (part) {
        const line = one.window.short + "  " + part[0], bar = part[1];
        sets.notes.push({ line: line, note: bar && bar.short ? say("cannot", { why: bar.short }) : bar ? part[2] : one.words.verdict });
        if (!bar || bar.rr === undefined) return;
        const low = Math.max(bar.low, setup.edges[0]), high = Math.min(bar.high, setup.edges[1]);
        sets.bars.push({ line: line, side: part[0], low: low, high: high });
        if (bar.rr >= setup.edges[0] && bar.rr <= setup.edges[1]) sets.points.push({ line: line, side: part[0], rr: bar.rr });
        if (low > bar.low) sets.cuts.push({ line: line, rr: low, shape: "triangle-left" });
        if (high < bar.high) sets.cuts.push({ line: line, rr: high, shape: "triangle-right" });
      });
    });
    return sets;
  }
  function draw(sets) {
    const slot = slots[narrow.matches ? "narrow" : "wide"], spec = JSON.parse(JSON.stringify(slot.spec));
    Object.keys(slot.places).forEach(function (name) { spec.datasets[slot.places[name]] = sets[name]; });
    const words = target.getAttribute("aria-label");
    // Errors only: of two effects without a number there is nothing to scale, and that is no fault.
    return window.vegaEmbed(target, spec, Object.assign({ actions: false, renderer: "svg", ast: true, tooltip: false,
      logLevel: 1 }, ours.locale)).then(function (made) {
      view = made.view;
      ours.hush(target, words);
      target.dataset.drawn = state();
    });
  }

  function update(wanted) {
    const a = offer("A", wanted && wanted[0]), b = offer("B", wanted && wanted[1]);
    if (!a || !b) return Promise.resolve();
    const rows = compared(a, b);
    shown = { a: a, b: b, rows: rows, sets: drawn(a, b, rows) };
    write(a, b, rows);
    history.replaceState(null, "", "#" + state());
    return draw(shown.sets);
  }
  function missing(campaign) {
    document.getElementById("compared").replaceChildren(element("p", say("missing", { title: campaign.title })));
  }
  function need(id, then) {
    const campaign = setup.campaigns.find(function (one) { return one.id === id; });
    return data(campaign).then(then, function () { missing(campaign); });
  }
  form.addEventListener("change", function (change) {
    const name = change.target.name;
    if (name === "campaign") need(change.target.value, function () { update(); }); else update();
  });
  form.addEventListener("submit", function (submit) { submit.preventDefault(); });
  narrow.addEventListener("change", function () { if (shown) draw(shown.sets); });

  const cell = function (text) { return '"' + String(text).replace(/"/g, '""').replace(/^([=+\-@\t\r])/, "'$1") + '"'; };
  function blob(kind, text) { return URL.createObjectURL(new Blob([text], { type: kind })); }
  function lines() {
    const keys = ["window", "a", "b", "ratio", "verdict"];
    return [[words.window, "A", "B", words.ratio, words.verdict]].concat(shown.rows.map(function (one) { return keys.map(function (key) { return one.words[key]; }); }));
  }
  const saved = {
    csv: function () { return Promise.resolve(blob("text/csv", lines().map(function (line) { return line.map(cell).join(","); }).join("\n"))); },
    xlsx: function () { return Promise.resolve(URL.createObjectURL(ours.sheet("compared", lines()))); },
    svg: function () { return view.toSVG().then(function (text) { return blob("image/svg+xml", text); }); },
    png: function () { return view.toImageURL("png", 1.5); },
  };
  document.querySelectorAll("[data-save]").forEach(function (button) {
    button.addEventListener("click", function () {
      saved[button.dataset.save]().then(function (url) {
        const link = Object.assign(document.createElement("a"), { href: url, download: "compared." + button.dataset.save });
        document.body.append(link);
        link.click();
        link.remove();
      });
    });
  });

  const wanted = chosen();
  const names = setup.campaigns.map(function (one) { return [one.id, one.title]; });
  ["A", "B"].forEach(function (side, place) { fill(selects(side).campaign, names, (wanted[place] || {}).campaign || setup.own); });
  ours.load("assets/vega.js").then(function () { return ours.load("data/compare-chart.js"); }).then(function () {
    return need(selects("A").campaign.value, function () { return need(selects("B").campaign.value, function () {
      if (wanted.length > 1) return update(wanted);
      // First the two best known: those whose first window has a number.
      const known = campaigns[setup.own].entries.filter(function (one) { return one.windows[0].rr !== undefined && one.event !== "ALL"; });
      return update(known.length > 1 ? [known[known.length - 1], known[0]] : undefined);
    }); });
  });
})();
