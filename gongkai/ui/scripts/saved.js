// The paper's page says that an edit was saved: what was kept of it on this machine may go.
const saved = document.querySelector("[data-saved]");
if (saved !== null) {
  localStorage.removeItem(saved.dataset.saved);
  history.replaceState(null, "", location.pathname);
}
