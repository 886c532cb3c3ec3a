// The example of an index number follows what is typed into the scheme.
const output = document.querySelector("[data-scheme]");
const typed = output && document.getElementById(output.dataset.scheme);

const example = (scheme) => scheme
  .replaceAll("{code}", output.dataset.code)
  .replaceAll("{year}", String(new Date().getFullYear()))
  .replaceAll("{category}", "04")
  .replace(/\{serial(?::0([1-9])d)?\}/g, (_, width) => "1".padStart(Number(width ?? 1), "0"));

typed?.addEventListener("input", () => {
  const made = example(typed.value);
  output.textContent = /[{}]/.test(made) ? "（编法有误）" : made;
});
