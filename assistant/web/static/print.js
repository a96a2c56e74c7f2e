// A link with data-print prints the sheet it leads to without leaving the page: a frame out of sight loads it, and it
// prints itself (pages.js, "imprimer"). Without this script the sheet opens in a new tab.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('[data-print]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  document.getElementById('printed')?.remove();
  const frame = document.createElement('iframe');
  Object.assign(frame, { id: 'printed', src: link.href, title: 'Feuille à imprimer', tabIndex: -1 });
  frame.setAttribute('aria-hidden', 'true');
  document.body.append(frame);
  window.guichet.say?.('La feuille part à l’impression.');
});
