// Runs when the conversation is on the page. Events: ask {question, at}, open {place, turn}, card {place}, restore {turns}.
const { guichet } = window;
guichet.fiches = props.fiches;
const turnOf = (node) => node.closest('.turn');
const recordOf = (turn) => (Array.isArray(props.value) ? props.value[Number(turn.dataset.turn)] : null);
guichet.restore = (turns) => trigger('restore', { turns });
guichet.openCard = (place) => {
  guichet.address.go({ ...guichet.address.read(), fiche: '', carte: place });
  guichet.open({ card: place });
  trigger('card', { place });
};
guichet.openFiche = (place, turn) => {
  guichet.address.go({ ...guichet.address.read(), carte: '', fiche: place });
  guichet.open({ fiche: place });
  trigger('open', { place, turn });
};
const ask = (question, at) => {
  if (guichet.busy()) return;
  guichet.pending(question);
  trigger('ask', at === undefined ? { question } : { question, at });
};
guichet.again = ask;
const edit = (turn) => {
  const record = recordOf(turn);
  if (!record || turn.querySelector('.edit')) return;
  const form = document.createElement('form');
  form.className = 'edit';
  form.innerHTML = `<label>Votre question, à modifier<textarea rows="2"></textarea></label>
    <div class="tools"><button class="tool main" type="submit">Demander à nouveau</button>
    <button class="tool" type="button">Annuler</button></div>`;
  const box = form.querySelector('textarea');
  box.value = record.question;
  form.addEventListener('submit', (event) => { event.preventDefault(); if (box.value.trim()) ask(box.value, Number(turn.dataset.turn)); });
  box.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !event.shiftKey) { event.preventDefault(); form.requestSubmit(); } });
  form.querySelector('button[type=button]').addEventListener('click', () => form.remove());
  turn.querySelector('.question').after(form);
  box.focus();
};
const does = {
  edit,
  copy: (turn, button) => guichet.copy(recordOf(turn)?.answer?.answer.replaceAll('**', '') || '', button),
  share: (turn, button) => guichet.copy(
    location.origin + guichet.address.of({ question: recordOf(turn)?.question }), button),
  useful: (turn) => guichet.opinion.given(turn, opinionOf(turn)),
  useless: (turn) => guichet.opinion.ask(turn, opinionOf(turn)),
};
const opinionOf = (turn) => {
  const record = recordOf(turn);
  const fiches = [...new Set(record.citations.map((citation) => citation.fiche))];
  return { question: record.question, status: record.answer?.status || '', fiches };
};
element.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  const link = event.target.closest('[data-place], [data-card]');
  if (link) {
    event.preventDefault();
    if (link.dataset.card) guichet.openCard(link.dataset.card);
    else guichet.openFiche(link.dataset.place, Number(link.dataset.turn));
    return;
  }
  const choice = event.target.closest('[data-ask]');
  // In the place of its turn, unless others came after, which would be lost.
  const at = Number(choice?.dataset.at);
  if (choice) ask(choice.dataset.ask, at + 1 === props.value?.length ? at : undefined);
  const tool = event.target.closest('[data-do]');
  if (tool) does[tool.dataset.do]?.(turnOf(tool), tool);
});
// `toggle` does not bubble.
element.addEventListener('toggle', (event) => {
  if (event.target.open) guichet.show(event.target);
}, true);
let restoring = false;
let before = [];
watch('value', () => {
  const late = guichet.dropped;
  if (late && props.value?.length && props.value[props.value.length - 1].question === late) {
    restoring = 'silently';
    guichet.dropped = null;
    guichet.restore(before);
    guichet.setQuestion(late);
    return;
  }
  before = props.value || [];
  guichet.settled();
  const turns = element.querySelectorAll('.turn');
  const last = turns[turns.length - 1];
  if (restoring) {
    const arriving = restoring !== 'silently';
    restoring = false;
    if (arriving) arrive();
    return;
  }
  guichet.memory.save(props.value);
  if (last) {
    guichet.show(last, 'start');
    const { question } = props.value[props.value.length - 1];
    if (guichet.address.read().question !== question) guichet.address.go({ question });
    else if (guichet.address.after) guichet.address.open(trigger, guichet.address.after, last);
    guichet.address.after = null;
  }
  if (!guichet.opened) guichet.focusQuestion();
});
window.addEventListener('popstate', () => guichet.address.follow(trigger));
window.guichetLight();
const kept = guichet.memory.turns();
const unanswered = guichet.remembered();
const arrive = () => { if (unanswered) ask(unanswered); else guichet.address.follow(trigger); };
// Gradio listens a moment after the component is there.
setTimeout(() => {
  if (kept.length) { restoring = true; guichet.restore(kept); } else arrive();
}, 50);
