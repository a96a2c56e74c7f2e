// Useful or not, with a reason in one click; sent only then, with the question and the fiches cited.
window.guichet.opinion = {
  reasons: { 'mauvaise-fiche': 'Mauvaise fiche', incomplet: 'Incomplet', 'hors-document': 'Pas dans le document', 'pas-clair': 'Pas clair' },
  async send(record, place) {
    let text = 'Merci, c’est noté.';
    try {
      const answer = await fetch('avis', {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(record),
      });
      if (!answer.ok) text = (await answer.json()).erreur || 'L’avis n’a pas pu être envoyé.';
    } catch {
      text = 'L’avis n’a pas pu être envoyé : le serveur ne répond pas.';
    }
    place.replaceChildren(Object.assign(document.createElement('p'), { className: 'thanks', textContent: text }));
    window.guichet.say(text);
  },
  ask(turn, record) {
    turn.querySelector('.opinion')?.remove();
    const form = document.createElement('form');
    form.className = 'opinion';
    const id = `opinion-${turn.dataset.turn}`;
    form.innerHTML = `<p class="label" id="${id}">Qu’est-ce qui ne va pas ?</p>
      <div class="tools" role="group" aria-labelledby="${id}"></div>
      <label>Précision, si vous voulez<textarea rows="2" maxlength="2000"></textarea></label>
      <p class="hint">N’écrivez ni nom, ni adresse, ni rien qui désigne une personne.</p>`;
    const text = form.querySelector('textarea');
    for (const [reason, label] of Object.entries(this.reasons)) {
      const button = Object.assign(document.createElement('button'), { type: 'button', className: 'tool', textContent: label });
      button.addEventListener('click', () => this.send({ ...record, useful: false, reason, text: text.value }, form));
      form.querySelector('.tools').append(button);
    }
    form.addEventListener('submit', (event) => event.preventDefault());
    turn.append(form);
    form.querySelector('button').focus();
  },
  given(turn, record) {
    const place = document.createElement('div');
    turn.querySelector('.opinion')?.remove();
    place.className = 'opinion';
    turn.append(place);
    this.send({ ...record, useful: true }, place);
  },
};
