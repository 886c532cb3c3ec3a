// A list by keyboard: j and k go down and up, Enter opens (the title is a link), x picks, a key of its own leads to the filter.
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
const rows = [...document.querySelectorAll("[data-row]")];
const picks = [...document.querySelectorAll(".pick")];
let at = -1;

function go(to) {
  if (rows.length === 0) return;
  at = Math.max(0, Math.min(to, rows.length - 1));
  rows[at].querySelector("a").focus();
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (row !== null) at = rows.indexOf(row);
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const wanted = document.querySelector(`[data-focus-key="${CSS.escape(event.key)}"]`);
  if (event.key === "j") go(at + 1);
  else if (event.key === "k") go(at < 0 ? 0 : at - 1);
  else if (event.key === "x" && at >= 0) rows[at].querySelector(".pick")?.click();
  else if (wanted !== null) wanted.focus();
  else return;
  event.preventDefault();
});

// One box that picks all, and how many are picked.
const head = document.querySelector("[data-rows] thead th");
const told = document.querySelector("[data-picked]");
if (head !== null && told !== null && picks.length > 0) {
  const all = document.createElement("input");
  Object.assign(all, { type: "checkbox", className: "pick-all" });
  all.setAttribute("aria-label", "全选本页");
  head.replaceChildren(all);
  const count = () => {
    const picked = picks.filter((p) => p.checked).length;
    all.checked = picked === picks.length;
    all.indeterminate = picked > 0 && picked < picks.length;
    told.textContent = picked ? `已选 ${picked} 份` : "";
  };
  all.addEventListener("change", () => {
    for (const pick of picks) pick.checked = all.checked;
    count();
  });
  for (const pick of picks) pick.addEventListener("change", count);
  count();
}
