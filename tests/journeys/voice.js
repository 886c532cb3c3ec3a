// Stands in for the browser's speech, which has no voice on a test machine: keeps what it is asked to say,
// and lets the test say when a sentence has ended.
(() => {
  const voices = VOICES.map((lang) => ({ lang, name: lang, localService: true, default: false }));
  const listeners = new Set();
  let now = null;
  let arrived = !LATE;
  window.said = [];
  const end = (kind) => {
    const ended = now;
    now = null;
    if (ended) (kind === "end" ? ended.onend : ended.onerror)?.({ error: kind });
  };
  window.finish = () => end("end");
  window.breakDown = () => end("synthesis-failed");
  window.speaking = () => now?.text ?? null;
  window.bringVoices = () => { arrived = true; listeners.forEach((tell) => tell()); };
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  const synthesis = {
    getVoices: () => (arrived ? voices : []),
    addEventListener: (_, tell) => listeners.add(tell),
    removeEventListener: (_, tell) => listeners.delete(tell),
    cancel: () => end("interrupted"),
    speak: (utterance) => {
      now = utterance;
      window.said.push({ text: utterance.text, lang: utterance.lang, rate: utterance.rate });
    },
  };
  Object.defineProperty(window, "speechSynthesis", { value: synthesis, configurable: true });
})();
