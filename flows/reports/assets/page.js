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
  let vega = null;
  ours.show = function (name, spec) {
    const target = document.querySelector("#" + CSS.escape(name) + " .chart.wide");
    const options = Object.assign({ actions: false, renderer: "svg", ast: true, // no text becomes code
      tooltip: { theme: matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light" } }, ours.locale);
    const words = target.getAttribute("aria-label");
    window.vegaEmbed(target, spec, options).then(function () {
      target.setAttribute("role", "img");
      target.setAttribute("aria-label", words);
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
