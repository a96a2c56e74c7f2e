// Runs when the proof is on the page: after a chip was clicked, its fiche is scrolled to the passage used.
element.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const link = event.target.closest('[data-place], [data-card]');
  if (!link) return;
  event.preventDefault();
  if (link.dataset.card) window.guichet.openCard(link.dataset.card);
  else window.guichet.openFiche(link.dataset.place, -1);
});
// Whether the proof shows what was opened: `wanted` is {card} or {fiche}.
const shows = ({ card, fiche }) => {
  const number = element.querySelector(`${card ? '.card' : '.fiche'} .number`)?.textContent || '';
  return number === `Fiche ${card || fiche}` || Boolean(fiche && !/^\d/.test(fiche) && !element.querySelector('.card'));
};
const reveal = (opened) => {
  const scroller = element.closest('#side') || element;
  scroller.scrollTop = 0;
  const title = element.querySelector('#proof-title');
  if (opened && title) title.focus({ preventScroll: true });
  const narrow = scroller.scrollHeight <= scroller.clientHeight + 1;
  const mark = element.querySelector('mark');
  if (narrow) {
    // A card begins with what is done with it: copy, print.
    if (opened) window.guichet.show(mark || element.querySelector('.card') || title || element, 'start');
  } else if (mark) scroller.scrollTop = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 90;
};
const arrived = () => {
  const { opened } = window.guichet;
  const there = opened && shows(opened);
  if (there) window.guichet.opened = null;
  reveal(there);
};
// What is shown already does not change: nothing would tell that it was opened.
window.guichet.open = (wanted) => {
  window.guichet.opened = wanted;
  if (shows(wanted)) arrived();
};
watch('value', arrived);
