// The address of what is shown: ?question=..., ?fiche=2-3, ?carte=2-3. Back and forward go through it.
window.guichet.address = {
  read() {
    const values = new URLSearchParams(location.search);
    return { question: values.get('question') || '', fiche: values.get('fiche') || '', carte: values.get('carte') || '' };
  },
  of(values) {
    const kept = Object.entries(values).filter(([, value]) => value);
    const query = new URLSearchParams(kept).toString();
    return `${location.pathname}${query ? `?${query}` : ''}`;
  },
  go(values) {
    const next = this.of(values);
    if (next !== location.pathname + location.search) history.pushState(null, '', next);
  },
  // What the address asks for, once the conversation is there (`trigger` is Gradio's).
  follow(trigger) {
    const { question, fiche, carte } = this.read();
    const turns = [...document.querySelectorAll('#conversation .turn:not(.waiting)')];
    const turn = turns.findLast((each) => each.querySelector('.question')?.dataset.question === question);
    if (question && !turn) {
      if (window.guichet.busy()) return;
      this.after = { fiche, carte };
      window.guichet.pending(question);
      trigger('ask', { question });
      return;
    }
    if (turn) window.guichet.show(turn, 'start');
    const cited = turn?.querySelector('[data-place]')?.dataset.place || '';
    this.open(trigger, { carte, fiche, cited }, turn);
  },
  open(trigger, { fiche, carte, cited }, turn) {
    // On a narrow screen what the address names stands below the answer: go there.
    const narrow = window.matchMedia('(max-width: 60rem)').matches;
    if (narrow && (carte || fiche)) window.guichet.opened = carte ? { card: carte } : { fiche };
    if (carte) trigger('card', { place: carte });
    else if (fiche || cited) trigger('open', { place: fiche || cited, turn: turn ? Number(turn.dataset.turn) : -1 });
  },
};
