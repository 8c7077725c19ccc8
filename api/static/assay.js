// Comforts only: every page works without this script.
(() => {
  "use strict";
  const root = document.documentElement;
  const each = (selector, action, within = document) =>
    within.querySelectorAll(selector).forEach(action);

  // Light and dark: remembered in a cookie, so that the next page comes in the right one at once.
  const theme = document.getElementById("theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    document.cookie = `assay_theme=${root.dataset.theme}; path=/; max-age=31536000; samesite=lax`;
  });

  // Copying.
  each("[data-copy]", (button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
  });

  // What is folded may lie behind a link: it is fetched when it is unfolded.
  const unfold = async (details) => {
    const { src, take } = details.dataset;
    if (!src) return;
    delete details.dataset.src;
    const answer = await fetch(src, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const parts = found.querySelectorAll(take);
    if (!parts.length) return;
    each(":scope > :not(summary)", (old) => old.remove(), details);
    details.append(...parts);
  };
  document.addEventListener(
    "toggle",
    (event) => {
      if (event.target.open && event.target.matches("details[data-src]")) unfold(event.target);
    },
    true,
  );

  // A link to a clause opens what it is folded in.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let folded = target?.closest("details:not([open])");
    while (folded) {
      folded.open = true;
      folded = folded.parentElement.closest("details:not([open])");
    }
    target?.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  if (location.hash) reveal();

  // A list that is all here is sifted in place; any other is sifted by the server.
  each(".listed", (list) => {
    const form = list.querySelector(".sift");
    if (!form?.hasAttribute("data-whole")) return;
    const tabs = [...list.querySelectorAll(".tabs a")];
    const field = form.querySelector("input[type=search]");
    const none = list.querySelector(".none");
    each(".tabs, .sift", (part) => (part.hidden = false), list);
    let outcome = "";
    const sift = () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      each(
        "[data-row]",
        (row) => {
          const text = words.length ? row.textContent.toLowerCase() : "";
          const fits = !outcome || row.dataset.outcome === outcome;
          row.hidden = !fits || !words.every((word) => text.includes(word));
          shown += !row.hidden;
        },
        list,
      );
      each(
        ".group",
        (group) => {
          group.hidden = !group.querySelector("[data-row]:not([hidden])");
          if (outcome || words.length) group.open = true;
        },
        list,
      );
      each(
        ":scope > table",
        (table) => (table.hidden = !table.querySelector("[data-row]:not([hidden])")),
        list,
      );
      none.hidden = shown > 0;
      for (const tab of tabs) {
        if (tab.dataset.show === outcome) tab.setAttribute("aria-current", "true");
        else tab.removeAttribute("aria-current");
      }
    };
    for (const tab of tabs) {
      tab.addEventListener("click", (event) => {
        event.preventDefault();
        outcome = tab.dataset.show;
        sift();
      });
    }
    field.addEventListener("input", sift);
    form.addEventListener("submit", (event) => event.preventDefault());
    sift();
  });

  // A run that goes on: told by the service as it happens; where it does not tell, asked for.
  const live = document.getElementById("live");
  if (live) {
    const bar = live.querySelector("progress");
    const words = live.querySelector("[role=status]");
    const events = new EventSource(live.dataset.events);
    events.addEventListener("progress", (event) => {
      const told = JSON.parse(event.data);
      if (!told.total) return;
      bar.max = told.total;
      bar.value = told.done;
      words.textContent = `${told.phase}: ${told.done} of ${told.total} clauses`;
    });
    events.addEventListener("finished", () => location.reload());
    events.addEventListener("error", () => {
      if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 2000);
    });
  }
})();
