// First of all scripts: light or dark, as the person chose here, else as the machine says. Nothing flashes.
(() => {
  const media = window.matchMedia('(prefers-color-scheme: dark)');
  const chosen = () => { try { return localStorage.getItem('guichet.light'); } catch { return null; } };
  const isDark = () => (chosen() ? chosen() === 'dark' : media.matches);
  const apply = () => {
    document.documentElement.classList.toggle('night', isDark());
    document.documentElement.classList.toggle('day', !isDark());
    if (document.body) document.body.classList.toggle('dark', isDark());
    const button = document.getElementById('light');
    if (button) {
      button.setAttribute('aria-pressed', String(isDark()));
      button.textContent = isDark() ? 'Clair' : 'Sombre';
    }
  };
  media.addEventListener('change', apply);
  document.addEventListener('click', (event) => {
    if (!event.target.closest?.('#light')) return;
    try { localStorage.setItem('guichet.light', isDark() ? 'light' : 'dark'); } catch { /* private window */ }
    apply();
  });
  window.guichetLight = apply;
  apply();
  document.addEventListener('DOMContentLoaded', apply);
})();
