// Suggestions while somebody types (a combobox by the WAI-ARIA pattern), and drawing across the picture of years.
const SORTS = { organ: "机构", number: "文号", title: "文件" };
const PAUSE = 120;

/** Makes a search field a combobox: its list opens below it, the field keeps the focus. */
function suggest(field) {
  const list = document.createElement("ul");
  const told = document.createElement("span");
  let asked = null;
  let waiting = 0;
  let typed = field.value;
  list.id = `${field.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "建议");
  list.hidden = true;
  told.className = "govuk-visually-hidden";
  told.setAttribute("role", "status");
  field.after(list, told);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", list.id], ["aria-expanded", "false"]]) {
    field.setAttribute(name, value);
  }

  const leave = () => {
    clearTimeout(waiting);
    asked?.abort();
  };
  const close = () => {
    leave();
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (option) => {
    leave();
    list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
    field.value = option ? option.dataset.text : typed;
    option?.scrollIntoView({ block: "nearest" });
  };
  const show = (suggestions) => {
    list.replaceChildren(...suggestions.map(({ text, sort }, n) => {
      const option = document.createElement("li");
      const words = document.createElement("span");
      option.id = `${list.id}-${n}`;
      option.dataset.text = text;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      words.textContent = text;
      option.append(words);
      if (SORTS[sort]) {
        const kind = document.createElement("span");
        kind.className = "suggestions__sort";
        kind.textContent = SORTS[sort];
        option.append(kind);
      }
      return option;
    }));
    list.hidden = !suggestions.length;
    field.setAttribute("aria-expanded", String(!list.hidden));
    field.removeAttribute("aria-activedescendant");
    told.textContent = suggestions.length ? `有 ${suggestions.length} 条建议，按上下键选择` : "";
  };
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    if (!typed.trim()) return close();
    try {
      const answer = await fetch(`${field.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: asked.signal });
      if (answer.ok && document.activeElement === field) show((await answer.json()).suggestions);
    } catch {
      // left off, or the network is away: typing goes on without suggestions
    }
  };

  const type = (event) => {
    typed = field.value;
    clearTimeout(waiting);
    if (!event.isComposing) waiting = setTimeout(ask, PAUSE);
  };
  field.addEventListener("input", type);
  field.addEventListener("compositionend", type);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      choose(null);
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const options = [...list.children];
      if (list.hidden) {
        if (options.length) show(options.map((o) => ({ text: o.dataset.text, sort: "" })));
        else {
          typed = field.value;
          ask();
        }
        return;
      }
      event.preventDefault();
      const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
      const next = at + (event.key === "ArrowDown" ? 1 : at < 0 ? options.length : -1);
      choose(options[next] ?? null);
    }
  });
  field.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    choose(option);
    field.form.requestSubmit();
  });
}

/** Drawing across bars chooses all their years; pressing one chooses or leaves that one, as its link does anyway. */
function brush(picture) {
  const bars = [...picture.querySelectorAll("a[data-year]")];
  let from = -1;
  let to = -1;
  let across = false;
  const at = (event) => {
    const box = picture.getBoundingClientRect();
    return Math.max(0, Math.min(bars.length - 1, Math.floor((event.clientX - box.left) / box.width * bars.length)));
  };
  const drawn = () => bars.slice(Math.min(from, to), Math.max(from, to) + 1);
  const mark = () => {
    for (const bar of bars) bar.classList.toggle("years__drawn", from >= 0 && from !== to && drawn().includes(bar));
  };
  picture.addEventListener("dragstart", (event) => event.preventDefault());
  picture.addEventListener("pointerdown", (event) => {
    across = false;
    if (event.button === 0) from = to = at(event);
  });
  addEventListener("pointermove", (event) => {
    if (from < 0) return;
    to = at(event);
    mark();
  });
  addEventListener("pointercancel", () => {
    from = to = -1;
    mark();
  });
  addEventListener("pointerup", () => {
    if (from < 0) return;
    across = from !== to;
    if (across) {
      const address = new URL(location.href);
      address.searchParams.delete("page");
      address.searchParams.delete("year");
      for (const bar of drawn()) address.searchParams.append("year", bar.dataset.year);
      location.assign(address);
    }
    from = -1;
  });
  picture.addEventListener("click", (event) => {
    if (across) event.preventDefault();
  });
}

/** Tells the site that a page was opened from the results of a question; by whom, it does not keep. */
function opened(event) {
  const link = event.target.closest("a[href^='/']");
  const asked = new URLSearchParams(location.search).get("q");
  if (link && asked) navigator.sendBeacon(`${location.pathname}opened`, new URLSearchParams({ q: asked, to: new URL(link.href).pathname }));
}

document.querySelectorAll(".entries, .answer").forEach((found) => {
  found.addEventListener("click", opened);
  found.addEventListener("auxclick", opened);
});
document.querySelectorAll("[data-suggest]").forEach(suggest);
document.querySelectorAll(".years__picture").forEach(brush);
