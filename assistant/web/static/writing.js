// Runs when the page is there, with a chat model: what is being written is shown in the turn that waits.
// value: {question, position, text, html, understood, pending, embedded}, or {} when nothing is being written.
const { guichet } = window;
const piece = (turn, name, tag) => {
  const found = turn.querySelector(`.${name}`);
  if (found) return found;
  const made = Object.assign(document.createElement(tag), { className: name });
  turn.insertBefore(made, turn.querySelector('.doing'));
  return made;
};
const fill = (turn, written) => {
  // Read out whole once it is there, not word by word.
  turn.setAttribute('aria-live', 'off');
  turn.setAttribute('aria-busy', 'true');
  const known = piece(turn, 'known', 'div');
  if (known.innerHTML !== written.understood) known.innerHTML = written.understood;
  const answer = piece(turn, 'answer', 'div');
  if (answer.dataset.text !== written.text) {
    answer.dataset.text = written.text;
    answer.innerHTML = written.html;
  }
  const pending = piece(turn, 'pending', 'p');
  pending.setAttribute('aria-hidden', 'true');
  pending.textContent = written.pending;
  pending.hidden = !written.pending;
  turn.querySelector('.doing').textContent = 'Rédaction en cours…';
};
watch('value', () => {
  const written = props.value;
  const turn = document.querySelector('#conversation .waiting');
  if (!written?.question || !turn || turn.querySelector('.choice') || guichet.stopping) return;
  const begins = !guichet.written;
  guichet.written = true;
  fill(turn, written);
  if (!begins) return;
  guichet.say('Rédaction en cours…');
  guichet.show(turn, 'start');
});
