// Comforts only: every page works without this script.
(() => {
  "use strict";
  const root = document.documentElement;

  const remembered = (() => {
    try {
      return localStorage.getItem("theme");
    } catch {
      return null;
    }
  })();
  if (remembered === "light" || remembered === "dark") root.dataset.theme = remembered;

  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // A browser that keeps nothing still switches.
    }
  });

  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    });
  }

  for (const filter of document.querySelectorAll(".filter")) {
    filter.hidden = false;
    const card = filter.closest(".card");
    filter.addEventListener("click", (event) => {
      const chosen = event.target.closest("button");
      if (!chosen) return;
      for (const button of filter.querySelectorAll("button")) {
        button.setAttribute("aria-pressed", String(button === chosen));
      }
      for (const body of card.querySelectorAll("tbody[data-look]")) {
        body.hidden = chosen.dataset.show !== "" && body.dataset.look !== chosen.dataset.show;
      }
    });
  }
})();
