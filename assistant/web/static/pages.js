// The pages beside the conversation: copies, prints, says what was done. They work without it but for the copies.
window.guichet = {
  async copy(text, button) {
    await navigator.clipboard.writeText(text);
    const label = button.textContent;
    button.textContent = 'Copié';
    setTimeout(() => { button.textContent = label; }, 1500);
  },
};
document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-copy], [data-copy-address]');
  if (button) {
    event.preventDefault();
    const source = button.dataset.copy && document.getElementById(button.dataset.copy);
    window.guichet.copy(source ? source.textContent : button.href, button);
  }
});
if (new URLSearchParams(location.search).has('imprimer')) window.addEventListener('load', () => window.print());
document.querySelector('.opened, [aria-current=true]')?.scrollIntoView({ block: 'nearest' });
const mark = document.querySelector('.beside');
if (mark && window.matchMedia('(max-width: 60rem)').matches) mark.scrollIntoView({ block: 'start' });
// A square of the whole leads to the fiche of its line, as the line's own link does.
document.querySelector('.heat')?.addEventListener('click', (event) => {
  if (!event.target.closest('a')) event.target.closest('tbody tr')?.querySelector('th a')?.click();
});
