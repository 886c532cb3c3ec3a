// The editor of a paper: the text in a prose editor, a draft kept while somebody types, on the server and,
// where that cannot be reached, on this machine. Without this script the form is a form with plain lines.
const form = document.querySelector("form.editor");
const area = form.elements.text;
const state = form.querySelector("[data-state]");
const LOOKS = ["center", "sign", "addressees", "instrument-title", "attachment-mark"];
const SOON = 2_500; // milliseconds after the last stroke
let editor = null;

// The text -------------------------------------------------------------------------------------------------

/** Paragraphs that keep how they look, headings, tables; nothing else can be in a paper. */
function schema(lib) {
  const Paragraph = lib.Paragraph.extend({
    addAttributes: () => ({
      look: {
        default: "text",
        parseHTML: (element) => LOOKS.find((look) => element.classList.contains(look)) ?? "text",
        renderHTML: ({ look }) => ({ class: look }),
      },
    }),
  });
  const Table = lib.Table.extend({ addKeyboardShortcuts: () => ({}) }); // Tab leaves the editor, also from within a table
  const parts = [lib.Document, lib.Text, lib.History, lib.Gapcursor, lib.TableRow, lib.TableCell, lib.TableHeader];
  return [...parts, Paragraph, lib.Heading.configure({ levels: [2, 3, 4, 5, 6] }), Table];
}

function button(label, press, active) {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", textContent: label, className: "toolbar__button" });
  made.addEventListener("click", press);
  return { made, active };
}

function toolbar(shown) {
  const bar = document.createElement("div");
  bar.className = "toolbar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", "正文格式");
  const run = (act) => () => act(shown.chain().focus()).run();
  const look = (name) => run((chain) => chain.setParagraph().updateAttributes("paragraph", { look: name }));
  const groups = [
    [
      button("正文", look("text"), () => shown.isActive("paragraph", { look: "text" })),
      button("居中", look("center"), () => shown.isActive("paragraph", { look: "center" })),
      button("落款", look("sign"), () => shown.isActive("paragraph", { look: "sign" })),
      button("小标题", run((chain) => chain.setHeading({ level: 3 })), () => shown.isActive("heading")),
    ],
    [
      button("撤销", run((chain) => chain.undo())),
      button("重做", run((chain) => chain.redo())),
    ],
    [
      button("加一行", run((chain) => chain.addRowAfter())),
      button("删这行", run((chain) => chain.deleteRow())),
      button("加一列", run((chain) => chain.addColumnAfter())),
      button("删这列", run((chain) => chain.deleteColumn())),
    ],
  ];
  const boxes = groups.map((group) => {
    const box = document.createElement("div");
    box.className = "toolbar__group";
    box.append(...group.map(({ made }) => made));
    bar.append(box);
    return box;
  });
  const follow = () => {
    for (const { made, active } of groups.flat()) {
      if (active) made.setAttribute("aria-pressed", active() ? "true" : "false");
    }
    boxes[2].hidden = !shown.isActive("table");
  };
  shown.on("transaction", follow);
  follow();
  return bar;
}

async function openEditor(html) {
  const lib = await import(new URL(form.dataset.editor, location.href).href);
  const place = document.createElement("div");
  place.className = "prose-editor";
  area.before(place);
  editor = new lib.Editor({
    element: place,
    injectCSS: false,
    extensions: schema(lib),
    content: html,
    editorProps: {
      attributes: {
        class: "paper__body editor__paper",
        role: "textbox",
        "aria-multiline": "true",
        "aria-labelledby": "text-label",
        "aria-describedby": "text-hint",
        spellcheck: "false",
      },
    },
    onUpdate: changed,
  });
  place.prepend(toolbar(editor));
  area.hidden = true;
  document.getElementById("text-hint").textContent = "标题和红头不在这里，在旁边的字段里改。条款的序号写在段首，保存时自动认出。";
  document.getElementById("text-label").addEventListener("click", () => editor.commands.focus());
  form.elements.text_form.value = "html";
}

function gathered() {
  if (editor !== null) area.value = editor.getHTML();
  return new FormData(form);
}

// The draft ------------------------------------------------------------------------------------------------

let dirty = false;
let waiting = 0;
let saving = null;
let stopped = false;

function changed() {
  dirty = true;
  clearTimeout(waiting);
  waiting = setTimeout(save, SOON);
}

function tell(words, link) {
  state.replaceChildren(words);
  if (link) {
    const a = document.createElement("a");
    Object.assign(a, { href: link, target: "_blank", rel: "noopener", textContent: "在新窗口登录" });
    state.append("　", a);
  }
}

function keepHere(data) {
  const typed = [...data].filter(([name]) => name !== "csrfmiddlewaretoken");
  try {
    localStorage.setItem(form.dataset.key, JSON.stringify({ at: Date.now(), typed }));
    return "已存在这台电脑上";
  } catch {
    return "这台电脑也存不下，请先把内容复制到别处";
  }
}

/** A token of the session that is signed in now; null while nobody is. */
async function freshToken() {
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("form.editor [name=csrfmiddlewaretoken]")?.value ?? null;
}

async function send(data, again = true) {
  const answer = await fetch(form.dataset.draft, { method: "POST", body: data, keepalive: false });
  const json = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (answer.status === 403 && !json && again) {
    const token = await freshToken();
    if (token !== null) {
      for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
      data.set("csrfmiddlewaretoken", token);
      return send(data, false);
    }
    return { status: 401, said: {} }; // nobody is signed in any more
  }
  return { status: answer.status, said: json ? await answer.json() : {} };
}

async function save() {
  if (!dirty || stopped) return;
  if (saving !== null) {
    await saving;
    return save();
  }
  dirty = false;
  const data = gathered();
  saving = attempt(data);
  await saving;
  saving = null;
}

async function attempt(data) {
  tell("正在保存草稿…");
  try {
    const { status, said } = await send(data);
    if (status === 200) {
      if (!dirty) localStorage.removeItem(form.dataset.key);
      tell(`草稿保存于 ${said.saved}${said.moved ? `　${said.moved}，保存时请您对照` : ""}`);
      return;
    }
    const here = keepHere(data);
    if (status === 401) {
      tell(`登录已过期，草稿${here}，登录后会自动送上。`, "/console/account/login/");
    } else if (status === 403 && said.why) {
      stopped = true;
      tell(`不能再保存：${said.why}您写的${here}。`);
    } else {
      tell(`草稿没有送到服务器（${said.why ?? status}），${here}。`);
    }
  } catch {
    tell(`网络不通，草稿${keepHere(data)}，接通后会自动送上。`);
  }
  if (!stopped) {
    dirty = true;
    clearTimeout(waiting);
    waiting = setTimeout(save, 10_000);
  }
}

form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("submit", () => {
  clearTimeout(waiting);
  stopped = true;
  keepHere(gathered()); // gone again once the paper's page says that it was saved
});
addEventListener("pagehide", () => {
  if (dirty && !stopped) keepHere(gathered());
});
addEventListener("pageshow", (event) => {
  if (event.persisted) stopped = false;
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save();
});

// What is left on this machine -----------------------------------------------------------------------------

function fill(typed) {
  const fields = new Map();
  for (const [name, value] of typed) fields.set(name, [...(fields.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || ["csrfmiddlewaretoken", "base", "text", "text_form"].includes(field.name)) continue;
    const values = fields.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (values.length) field.value = values[0];
  }
  form.elements.base.value = fields.get("base")?.[0] ?? form.elements.base.value;
  const text = fields.get("text")?.[0] ?? "";
  const isHtml = fields.get("text_form")?.[0] === "html";
  if (editor !== null && isHtml) editor.commands.setContent(text);
  else if (editor === null && !isHtml) area.value = text;
}

function offerLocal() {
  const box = document.querySelector("[data-local]");
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(form.dataset.key));
  } catch {
    return;
  }
  if (kept === null) return;
  const now = JSON.stringify([...gathered()].filter(([name]) => name !== "csrfmiddlewaretoken"));
  if (JSON.stringify(kept.typed) === now) {
    localStorage.removeItem(form.dataset.key);
    return;
  }
  const when = new Date(kept.at);
  const two = (number) => String(number).padStart(2, "0");
  box.querySelector("[data-local-when]").textContent =
    `${when.getMonth() + 1}月${when.getDate()}日 ${two(when.getHours())}:${two(when.getMinutes())}`;
  box.hidden = false;
  box.querySelector("[data-local-take]").addEventListener("click", () => {
    fill(kept.typed);
    box.hidden = true;
    changed();
  });
  box.querySelector("[data-local-drop]").addEventListener("click", () => {
    localStorage.removeItem(form.dataset.key);
    box.hidden = true;
  });
}

// Topics in two steps --------------------------------------------------------------------------------------

const { topic, subtopic } = form.elements;
const children = [...subtopic.options];
function narrow() {
  const fitting = children.filter((option) => option.value === "" || option.value.startsWith(`${topic.value}/`));
  const chosen = subtopic.value;
  subtopic.replaceChildren(...fitting);
  subtopic.value = fitting.some((option) => option.value === chosen) ? chosen : "";
}
topic.addEventListener("change", narrow);
narrow();

await openEditor(area.dataset.html);
offerLocal();
form.dataset.ready = "";
