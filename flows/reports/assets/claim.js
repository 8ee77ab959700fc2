// Checks a printed figure in the page, by the same rule and with the same words as `afterdebate claim`.
"use strict";
(function () {
  const ours = window.afterdebate, form = document.getElementById("check"), answer = document.getElementById("checked");
  const meant = ["start", "end", "during", "day"], whole = 0.999;
  const sizes = {
    __proto__: null, "": 1, k: 1e3, m: 1e6, mio: 1e6, million: 1e6, millions: 1e6, b: 1e9, bn: 1e9, billion: 1e9, billions: 1e9,
    md: 1e9, mds: 1e9, milliard: 1e9, milliards: 1e9,
  };
  let told = null;

  function say(key, values) {
    return told.words[key].replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
  }
  function number(value, digits) {
    const locale = told.language === "fr" ? "fr-FR" : "en-GB";
    return new Intl.NumberFormat(locale, { minimumFractionDigits: digits || 0, maximumFractionDigits: digits || 0, roundingMode: "halfEven" }).format(value);
  }
  function form_of(value) { return new Intl.PluralRules(told.language).select(value) === "one" ? "one" : "other"; }
  function count(key, value) { return say(key + "." + form_of(value), { n: number(value) }); }
  function hours_words(hours) { return hours * 60 % 60 === 0 ? count("hours", hours) : count("minutes", hours * 60); }
  function money(value, currency) {
    for (const [size, key] of [[1e9, "money.billion"], [1e6, "money.million"]]) {
      if (Math.abs(value) >= size) {
        return say(key + "." + form_of(Math.abs(Math.round(value / size * 10) / 10)), { n: number(value / size, 1), name: currency.name, of: currency.of });
      }
    }
    return say("money.plain", { n: number(value), name: currency.name });
  }
  function moment(seconds) {
    const at = new Date(seconds * 1000), locale = told.language === "fr" ? "fr-FR" : "en-GB";
    const short = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: told.zone }).format(at);
    const day = told.language === "fr" ? short.replace(/^1(?=\s)/, "1er") : short;
    return day + " " + new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: told.zone }).format(at);
  }

  // A comma before three digits divides thousands; before any others it is a decimal comma.
  function plain_number(text) {
    if (/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text)) return text.replace(/,/g, "");
    if (/^\d{1,3}(?:\.\d{3})+(?:\.\d{3}|,\d+)$/.test(text)) return text.replace(/\./g, "").replace(",", ".");
    return /^\d+(?:[.,]\d+)?$/.test(text) ? text.replace(",", ".") : null;
  }
  function read(text) {
    const found = /^([\d.,]+)([a-z]*?)(?:(?:de|d['’])?(?:dollars?|euros?|usd|eur|gbp))?$/.exec(text.toLowerCase().replace(/[\s$€£]/g, ""));
    const plain = found && found[2] in sizes ? plain_number(found[1]) : null;
    if (plain === null || Number(plain) === 0) return null;
    const [digits, decimals = ""] = plain.split("."), size = sizes[found[2]];
    const zeros = decimals ? 0 : digits.length - digits.replace(/0+$/, "").length;
    // The zeros at the end of 1200000 are rounding as well; those of 10M may be meant.
    const last = size * Math.pow(10, decimals || found[2] ? -decimals.length : zeros);
    return { text: text.trim(), amount: Number(plain) * size, rounding: last / 2 };
  }

  // An hour that a window cuts counts by the part of it that lies inside.
  function seen(series, definition, from, to) {
    let amount = 0, expected = null, part_of = 0;
    series.hours.forEach(function (hour) {
      if (hour[0] >= to || hour[0] + 3600 <= from) return;
      const part = (Math.min(hour[0] + 3600, to) - Math.max(hour[0], from)) / 3600;
      amount += hour[1] * part;
      if (hour[2] !== null) expected = (expected || 0) + hour[2] * part;
      part_of += part;
    });
    return part_of > 0 ? { definition: definition, from: from, to: to, amount: amount, expected: expected, coverage: part_of / ((to - from) / 3600) } : null;
  }
  function rows_of(series, event, hours) {
    const long = hours * 3600, rows = [seen(series, "start", event.start, event.start + long), seen(series, "end", event.end, event.end + long)];
    if (event.end > event.start) rows.push(seen(series, "during", event.start, event.end));
    rows.push(seen(series, "day", event.day[0], event.day[1]));
    event.quiet.forEach(function (from) { rows.push(seen(series, "quiet", from, from + long)); });
    return rows.filter(Boolean);
  }

  function judged(figure, rows, is_whole_platform) {
    function rounds(value) { return Math.abs(value - figure.amount) <= figure.rounding; }
    if (!rows.some(function (row) { return row.definition === "start"; })) return ["cannot_tell", "unseen", null];
    let fits = rows.find(function (row) { return rounds(row.amount); });
    if (fits) return [fits.definition === "start" ? "true" : "true_only_if", fits.definition, fits];
    // Only of windows as long as the figure says: the excess of another length can fit by chance.
    fits = rows.find(function (row) { return (row.definition === "start" || row.definition === "end") && row.expected !== null && rounds(row.amount - row.expected); });
    if (fits) return ["true_only_if", "excess", fits];
    const above = rows.filter(function (row) { return row.amount > figure.amount; });
    if (above.length && is_whole_platform) return ["true_only_if", "part", above[0]];
    const most = rows.reduce(function (best, row) { return row.amount > best.amount ? row : best; });
    return ["false", above.length ? "below" : "above", most];
  }
  function window_of(row) { return say("check.window", { start: moment(row.from), end: moment(row.to) }); }
  function line(row, currency) {
    const what = say("check." + row.definition, { window: window_of(row) });
    if (row.coverage < whole) return say("check.seen_in_part", { what: what, share: told.share.replace("{n}", number(row.coverage * 100)) });
    const values = { what: what, amount: money(row.amount, currency), expected: row.expected === null ? "" : money(row.expected, currency) };
    return say(row.expected === null ? "check.seen" : "check.seen_expected", values);
  }
  function answered(series, event, figure, hours) {
    const rows = rows_of(series, event, hours);
    if (!rows.length) return null;
    const seen_whole = rows.filter(function (row) { return row.coverage >= whole; });
    const ordered = meant.flatMap(function (name) { return seen_whole.filter(function (row) { return row.definition === name; }); });
    const quiet = seen_whole.filter(function (row) { return row.definition === "quiet"; });
    const [verdict, because, row] = judged(figure, ordered, series.who === "ALL");
    const values = { amount: figure.text, seen: row ? money(row.amount, series.currency) : "", window: row ? window_of(row) : "" };
    const lines = meant.flatMap(function (name) { return rows.filter(function (one) { return one.definition === name; }); }).map(function (one) { return line(one, series.currency); });
    if (quiet.length) {
      const best = quiet.reduce(function (most, one) { return one.amount > most.amount ? one : most; });
      lines.push(say("check.quiet", { hours: hours_words(hours), n: number(quiet.length), amount: money(best.amount, series.currency) }) + " " + moment(best.from));
    }
    return { verdict: verdict, who: series.source + ", " + series.who_name, lines: lines,
      because: say("check." + verdict, {}) + ". " + say("check.because_" + because, values) };
  }
  ours.check = function (event, amount, hours, source, who) {
    const figure = read(amount);
    if (!figure || !(hours > 0)) return null;
    return told.series.filter(function (one) { return (!source || one.source === source) && (!who || one.who === who); })
      .map(function (one) { return answered(one, told.events[event], figure, hours); }).filter(Boolean);
  };

  function element(name, text, kind) {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }
  function show() {
    const pick = form.elements, found = ours.check(pick.event.value, pick.amount.value, Number(pick.hours.value), pick.source.value, pick.who.value);
    if (found === null) return answer.replaceChildren(element("p", told.words["check.no_amount"]));
    if (!found.length) return answer.replaceChildren(element("p", told.words["check.unseen_all"]));
    answer.replaceChildren.apply(answer, found.flatMap(function (one) {
      const first = element("p", one.who + told.words["list.colon"] + one.because, "told " + one.verdict), list = document.createElement("ul");
      list.className = "others";
      one.lines.forEach(function (text) { list.append(element("li", text)); });
      return [first, list];
    }));
  }
  ours.take = function (name, given) { told = given; };
  const ready = ours.load("data/claim-data.js").then(function () { form.dataset.ready = "yes"; });
  form.addEventListener("submit", function (submit) { submit.preventDefault(); ready.then(show); });
  document.querySelectorAll("[data-printed]").forEach(function (button) {
    button.addEventListener("click", function () {
      const [event, amount, hours] = button.dataset.printed.split("|");
      Object.assign(form.elements.event, { value: event });
      form.elements.amount.value = amount;
      form.elements.hours.value = hours;
      form.elements.source.value = form.elements.who.value = "";
      ready.then(show).then(function () { answer.scrollIntoView({ block: "nearest" }); });
    });
  });
})();
