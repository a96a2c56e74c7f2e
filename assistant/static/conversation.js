// Runs when the conversation is on the page. Events: 'ask' {question}, 'open' {place, turn}.
element.addEventListener('click', (event) => {
  const chip = event.target.closest('[data-place]');
  if (chip && !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0) {
    event.preventDefault();
    window.guichet.opened = chip;
    trigger('open', { place: chip.dataset.place, turn: Number(chip.dataset.turn) });
    return;
  }
  const choice = event.target.closest('[data-ask]');
  if (choice) trigger('ask', { question: choice.dataset.ask });
});
watch('value', () => {
  const turns = element.querySelectorAll('.turn');
  if (turns.length) window.guichet.show(turns[turns.length - 1]);
  window.guichet.focusQuestion();
});
