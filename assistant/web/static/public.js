// The kiosk clears itself: after two minutes without use, back to the first page, nothing left behind.
const WAIT = Number(new URLSearchParams(location.search).get('attente')) || 120;
let timer;
const again = () => location.replace('public');
const count = () => { clearTimeout(timer); timer = setTimeout(again, WAIT * 1000); };
if (document.querySelector('.answer')) {
  for (const name of ['pointerdown', 'keydown', 'scroll', 'touchstart']) addEventListener(name, count, { passive: true });
  count();
}
document.querySelector('.ask textarea').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); event.target.form.requestSubmit(); }
});
