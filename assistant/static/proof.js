// Runs when the proof is on the page: after a chip was clicked, its fiche is scrolled to the passage used.
element.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const link = event.target.closest('[data-place], [data-card]');
  if (!link) return;
  event.preventDefault();
  if (link.dataset.card) window.guichet.openCard(link.dataset.card);
  else window.guichet.openFiche(link.dataset.place, -1);
});
watch('value', () => {
  const scroller = element.closest('#side') || element;
  const opened = window.guichet.opened;
  window.guichet.opened = null;
  scroller.scrollTop = 0;
  const title = element.querySelector('#proof-title');
  if (opened && title) title.focus({ preventScroll: true });
  const narrow = scroller.scrollHeight <= scroller.clientHeight + 1;
  const mark = element.querySelector('mark');
  if (narrow) {
    if (opened) window.guichet.show(mark || title || element, 'start');
  } else if (mark) scroller.scrollTop = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 90;
});
