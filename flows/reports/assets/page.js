// Charts are pictures until somebody wants to explore one: then Vega is loaded once, from beside the page.
"use strict";
(function () {
  const ours = window.afterdebate;
  function load(src) {
    return new Promise(function (resolve, reject) {
      const script = document.createElement("script");
      script.src = ours.root + src;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }
  ours.load = load;
  // The page's own words stand for the whole picture: a reader of screens need not meet each mark.
  ours.hush = function (target, words) {
    target.querySelectorAll("svg, svg *").forEach(function (one) {
      ["role", "aria-roledescription", "aria-label", "aria-hidden"].forEach(function (name) { one.removeAttribute(name); });
    });
    target.setAttribute("role", "img");
    target.setAttribute("aria-label", words);
  };
  let vega = null;
  ours.show = function (name, spec) {
    const target = document.querySelector("#" + CSS.escape(name) + " .chart.wide");
    const options = Object.assign({ actions: false, renderer: "svg", ast: true, // no text becomes code
      tooltip: { theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light" } }, ours.locale);
    const words = target.getAttribute("aria-label");
    window.vegaEmbed(target, spec, options).then(function () {
      ours.hush(target, words);
      target.dataset.explored = "yes";
    });
  };
  document.addEventListener("click", function (click) {
    const button = click.target.closest("[data-explore]");
    if (!button) return;
    button.disabled = true;
    vega = vega || load("assets/vega.js");
    vega.then(function () { return load("data/" + button.dataset.explore + ".js"); });
  });
})();
