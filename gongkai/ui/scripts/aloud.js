// Reading a paper aloud with the browser's own voice, clause by clause.
// Nothing is drawn unless the browser can speak; without this script the page is whole.

const RATES = [["slow", "慢", 0.75], ["normal", "正常", 1], ["fast", "快", 1.4]];
const REMEMBERED = "gongkai-speed";
const LONGEST = 48; // characters at a time: Chrome's online voices fall silent after some 15 seconds
const UNREAD = "button, aside, [aria-hidden='true'], .govuk-visually-hidden, [data-unread]";
const NO_VOICE = "这个浏览器没有中文语音，暂时不能朗读。您可以在手机或电脑的系统设置里添加中文语音，或换一个浏览器再试。";

/** Words of an element as one would say them; controls and marks left out. */
function words(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll(UNREAD).forEach((part) => part.remove());
  return copy.textContent.replace(/\s+/g, " ").trim();
}

/** A table row by row: each cell with the name of its column, when the table is a plain grid. */
function tablePieces(table) {
  const rows = [...table.rows].filter((row) => row.cells.length);
  if (!rows.length) return [];
  const cells = rows.map((row) => [...row.cells].map(words));
  const plain = rows.every((row) => row.cells.length === rows[0].cells.length) && !table.querySelector("[colspan], [rowspan]");
  if (!plain || rows.length < 2 || cells[0].some((name) => !name || name.length > 20)) {
    return rows.map((row, i) => ({ element: row, text: cells[i].filter(Boolean).join("，") + "。" }));
  }
  const names = cells[0];
  const head = { element: rows[0], text: `表格，共${rows.length - 1}行，各列是：${names.join("、")}。` };
  const said = (row) => row.map((cell, i) => cell && (i ? `${names[i]}：${cell}` : cell)).filter(Boolean).join("，") + "。";
  return [head, ...rows.slice(1).map((row, i) => ({ element: row, text: said(cells[i + 1]) }))];
}

/** What is read, in order: the title, then every paragraph, heading, item and row of the body. */
function pieces(body) {
  const found = [];
  const title = document.querySelector("h1");
  if (title) found.push({ element: title, text: words(title) + "。" });
  for (const element of body.querySelectorAll("p, h2, h3, h4, h5, h6, li, table")) {
    if (element.parentElement.closest("table, li")) continue;
    if (element.tagName === "TABLE") found.push(...tablePieces(element));
    else found.push({ element, text: words(element) });
  }
  return found.filter((piece) => /[\p{L}\p{N}]/u.test(piece.text));
}

/** A text in pieces short enough to be said in one breath, broken at its marks. */
function breaths(text) {
  const out = [];
  for (const sentence of text.match(/[^。！？；]+[。！？；]*/g) ?? []) {
    let breath = "";
    for (const part of sentence.match(/[^，、：,]+[，、：,]*|[，、：,]+/g) ?? []) {
      if (breath && breath.length + part.length > LONGEST) { out.push(breath); breath = ""; }
      breath += part;
      while (breath.length > LONGEST) { out.push(breath.slice(0, LONGEST)); breath = breath.slice(LONGEST); }
    }
    if (breath.trim()) out.push(breath);
  }
  return out;
}

/** The best Chinese voice: Mandarin of the mainland first, one that works offline before one that does not. */
function chineseVoice() {
  const rank = (voice) => {
    const tag = voice.lang.replace("_", "-").toLowerCase();
    if (/^(zh-(hans-)?cn|cmn-(hans-)?cn|cmn-hans|zh-hans|zh)$/.test(tag)) return voice.localService ? 0 : 1;
    if (/^(zh-(hant-)?(tw|sg)|zh-hans-sg|cmn)/.test(tag)) return 2;
    return /^(zh|yue)/.test(tag) ? 3 : 9;
  };
  return speechSynthesis.getVoices().filter((v) => rank(v) < 9).sort((a, b) => rank(a) - rank(b))[0];
}

/** Voices may come a moment after the page: wait for them, but not for ever. */
function whenVoices(then) {
  if (speechSynthesis.getVoices().length) return then();
  const go = () => { clearTimeout(late); speechSynthesis.removeEventListener("voiceschanged", go); then(); };
  const late = setTimeout(go, 2000);
  speechSynthesis.addEventListener("voiceschanged", go);
}

function remembered() {
  try { return localStorage.getItem(REMEMBERED); } catch { return null; }
}

function remember(speed) {
  try { localStorage.setItem(REMEMBERED, speed); } catch { /* a private window forgets */ }
}

function made(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

class Player {
  constructor(body, opener) {
    this.body = body;
    this.opener = opener;
    this.turn = 0; // what an utterance says after a newer one began is not heard
    this.build();
  }

  build() {
    this.toggle = made("button", { type: "button", onclick: () => (this.speaking ? this.pause() : this.resume()) });
    this.end = made("button", { type: "button", textContent: "停止", onclick: () => this.stop() });
    const kept = remembered();
    const options = RATES.map(([value, label]) => made("option", { value, textContent: label, selected: value === (kept ?? "normal") }));
    this.speed = made("select", { onchange: () => this.changeSpeed() }, ...options);
    this.status = made("p", { className: "player__status" });
    this.status.setAttribute("role", "status");
    this.status.setAttribute("aria-live", "polite");
    this.bar = made("section", { className: "player", hidden: true }, this.toggle, this.end, made("label", {}, "语速 ", this.speed), this.status);
    this.bar.setAttribute("aria-label", "朗读");
    this.bar.addEventListener("keydown", (event) => { if (event.key === "Escape") this.stop(); });
    document.body.append(this.bar);
  }

  get rate() {
    return (RATES.find(([value]) => value === this.speed.value) ?? RATES[1])[2];
  }

  /** Begin with the title; says so when no voice speaks Chinese. */
  open() {
    this.show();
    whenVoices(() => {
      this.voice = chineseVoice();
      if (!this.voice) {
        this.toggle.hidden = true;
        this.status.textContent = NO_VOICE;
        return;
      }
      this.pieces = pieces(this.body);
      this.offerStarts();
      this.readFrom(0);
    });
  }

  show() {
    this.bar.hidden = false;
    this.toggle.hidden = false;
    this.toggle.textContent = "暂停";
    this.status.textContent = "";
    this.opener.hidden = true;
    document.documentElement.classList.add("with-player");
    this.toggle.focus();
  }

  offerStarts() {
    this.pieces.forEach((piece, place) => {
      if (!piece.element.classList.contains("clause")) return;
      const label = piece.element.querySelector(".clause-label")?.textContent.trim() || piece.text.slice(0, 12);
      const button = made("button", { type: "button", className: "read-from", textContent: "从这里读", onclick: () => this.readFrom(place) });
      button.setAttribute("aria-label", `从这里读：${label}`);
      piece.element.append(button);
    });
  }

  readFrom(place) {
    this.place = place;
    this.breath = 0;
    this.said = [];
    this.resume();
  }

  resume() {
    if (this.place >= this.pieces.length) { this.place = 0; this.breath = 0; }
    this.speaking = true;
    this.toggle.textContent = "暂停";
    this.status.textContent = "正在朗读";
    this.speak();
  }

  /** Stops the voice and remembers the sentence: pausing proper loses the place on some phones. */
  pause() {
    this.speaking = false;
    this.hush();
    this.toggle.textContent = "继续";
    this.status.textContent = "已暂停";
  }

  hush() {
    this.turn += 1;
    speechSynthesis.cancel();
  }

  speak() {
    this.hush();
    const turn = this.turn;
    const piece = this.pieces[this.place];
    this.said = breaths(piece.text);
    this.mark(piece.element);
    const utterance = new SpeechSynthesisUtterance(this.said[this.breath]);
    Object.assign(utterance, { voice: this.voice, lang: this.voice.lang, rate: this.rate });
    utterance.onend = () => { if (turn === this.turn) this.next(); };
    utterance.onerror = () => { if (turn === this.turn) this.fail(); };
    this.utterance = utterance; // Chrome forgets one that nobody holds, and its end is never told
    speechSynthesis.speak(utterance);
  }

  next() {
    this.breath += 1;
    if (this.breath >= this.said.length) { this.breath = 0; this.place += 1; }
    if (this.place < this.pieces.length) return this.speak();
    this.speaking = false;
    this.mark(null);
    this.toggle.textContent = "重新朗读";
    this.status.textContent = "朗读完毕";
  }

  fail() {
    this.pause();
    this.status.textContent = "语音中断了，请按“继续”再试。";
  }

  mark(element) {
    if (this.marked === element) return;
    this.marked?.classList.remove("being-read");
    this.marked = element;
    if (!element) return;
    element.classList.add("being-read");
    const place = element.getBoundingClientRect();
    if (place.top > 80 && place.bottom < innerHeight * 0.75) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
  }

  changeSpeed() {
    remember(this.speed.value);
    if (this.speaking) this.speak();
  }

  stop() {
    this.speaking = false;
    this.hush();
    this.mark(null);
    this.body.querySelectorAll(".read-from").forEach((button) => button.remove());
    this.bar.hidden = true;
    document.documentElement.classList.remove("with-player");
    this.opener.hidden = false;
    this.opener.focus();
  }
}

function offer() {
  const body = document.querySelector(".paper__body");
  if (!body || !("speechSynthesis" in window) || !("SpeechSynthesisUtterance" in window)) return;
  const opener = made("button", { type: "button", className: "tool", textContent: "朗读" });
  const player = new Player(body, opener);
  opener.addEventListener("click", () => player.open());
  let tools = document.querySelector(".tools");
  if (!tools) {
    tools = made("ul", { className: "tools" });
    document.querySelector(".paper-head, h1")?.append(tools);
  }
  tools.prepend(made("li", {}, opener));
  addEventListener("pagehide", () => player.hush());
}

offer();
