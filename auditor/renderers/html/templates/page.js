"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const promises = [...document.querySelectorAll("article.promise")].map((element) => ({
    element,
    findings: [...element.querySelectorAll("article.finding")].map((finding) => ({ element: finding })),
  }));
  const total = promises.reduce((sum, promise) => sum + promise.findings.length, 0);
  const text = (part) => (part.text ??= part.element.textContent.toLowerCase());
  // What stands about the promise itself, without its findings.
  const head = (promise) =>
    (promise.head ??= [...promise.element.children]
      .filter((part) => !part.matches(".finding, .rest"))
      .map((part) => part.textContent.toLowerCase())
      .join(" "));
  const ticked = (name) =>
    new Set([...form.elements[name]].filter((box) => box.checked).map((box) => box.value));
  const counted = (number, of, thing) => `${number} of ${of} ${thing}${of === 1 ? "" : "s"}`;

  const filter = () => {
    const words = form.elements.query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const holds = (part) => words.every((word) => part.includes(word));
    const verdicts = ticked("verdict");
    const severities = ticked("severity");
    const section = form.elements.section.value;
    const disposition = form.elements.disposition?.value;
    let shown = 0;
    let findings = 0;
    for (const promise of promises) {
      const data = promise.element.dataset;
      const named = !words.length || holds(head(promise));
      let left = 0;
      for (const finding of promise.findings) {
        const own = finding.element.dataset;
        const fits =
          severities.has(own.severity) &&
          (!disposition || own.disposition === disposition) &&
          (named || holds(text(finding)));
        finding.element.hidden = !fits;
        left += fits;
      }
      const fits =
        verdicts.has(data.verdict) &&
        (!section || data.section === section) &&
        (promise.findings.length
          ? left > 0
          : named && severities.has(data.severity) && !disposition);
      promise.element.hidden = !fits;
      const rest = promise.element.querySelector("details.rest");
      if (rest) {
        const inside = rest.querySelectorAll("article.finding:not([hidden])").length;
        rest.hidden = !inside;
        if (words.length && !named && inside) rest.open = true;
      }
      shown += fits;
      findings += fits ? left : 0;
    }
    for (const outcome of document.querySelectorAll("section.outcome"))
      outcome.hidden = !outcome.querySelector("article.promise:not([hidden])");
    const told = counted(shown, promises.length, "promise");
    document.getElementById("shown").textContent = total
      ? `${told}, ${counted(findings, total, "finding")} on this page`
      : told;
  };

  let waiting;
  form.hidden = false;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();

  // A promise that is linked to is shown, whatever the filters say.
  const follow = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target?.hidden) return;
    form.reset();
    setTimeout(() => target.scrollIntoView());
  };
  window.addEventListener("hashchange", follow);

  // Paper cannot be unfolded.
  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    folded.forEach((part) => (part.open = true));
  });
  window.addEventListener("afterprint", () => folded.forEach((part) => (part.open = false)));

  // Where the screen is narrower than a picture, it can be scrolled by keyboard too.
  const narrow = matchMedia("(max-width: 52rem)");
  const reach = () => {
    for (const part of document.querySelectorAll(".scroll"))
      if (narrow.matches) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
  };
  narrow.addEventListener("change", reach);
  reach();
})();
