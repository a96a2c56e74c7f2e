// Runs when the proof is on the page: after a chip was clicked, its fiche is scrolled to the passage used.
watch('value', () => {
  const scroller = element.closest('#side') || element;
  const opened = window.guichet.opened;
  window.guichet.opened = null;
  scroller.scrollTop = 0;
  const title = element.querySelector('#proof-title');
  if (opened && title) title.focus();
  const mark = element.querySelector('mark');
  if (mark && opened) window.guichet.show(mark);
  else if (mark) scroller.scrollTop = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 80;
});
