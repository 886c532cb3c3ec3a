// Small conveniences of a paper's page: the contents follow the reader, a citation is copied by one press.

/** Marks the entry of the contents whose clause the reader is in, and keeps it in sight. */
function followContents(contents) {
  const links = [...contents.querySelectorAll("a[href^='#']")];
  const places = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));
  let current = null;
  let waiting = false;
  const mark = () => {
    waiting = false;
    const line = innerHeight / 4;
    const link = links.filter((_, i) => places[i] && places[i].getBoundingClientRect().top <= line).pop() ?? null;
    if (link === current) return;
    current?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "location");
    current = link;
    if (link && contents.scrollHeight > contents.clientHeight) {
      contents.scrollTop = link.offsetTop - contents.clientHeight / 2;
    }
  };
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(mark);
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon, { passive: true });
  mark();
}

/** A button in every form of the citation; where the browser may not copy, the text is selected. */
function offerCopy(source) {
  const text = document.createElement("span");
  text.append(...source.childNodes);
  source.append(text);
  const words = text.textContent.replace(/\s+/g, " ").trim();
  const button = document.createElement("button");
  const status = document.createElement("span");
  Object.assign(button, { type: "button", className: "copy", textContent: "复制" });
  button.setAttribute("aria-label", `复制：${source.previousElementSibling?.textContent ?? "引用"}`);
  status.className = "copied";
  status.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(words);
      status.textContent = "已复制";
    } catch {
      getSelection().selectAllChildren(text);
      status.textContent = "已选中，请按 Ctrl+C 或长按复制";
    }
  });
  source.append(button, status);
}

const contents = document.querySelector(".contents");
if (contents) followContents(contents);
document.querySelectorAll(".citation dd").forEach(offerCopy);
