// Loaded before Gradio: the interface is in French whatever the browser's language; small things shared by the page.
Object.defineProperty(navigator, 'language', { get: () => 'fr-FR' });
Object.defineProperty(navigator, 'languages', { get: () => ['fr-FR', 'fr'] });
window.guichet = {
  opened: null,
  calm: () => window.matchMedia('(prefers-reduced-motion: reduce)').matches,
  show(node, block = 'nearest') {
    node.scrollIntoView({ behavior: this.calm() ? 'auto' : 'smooth', block });
  },
  focusQuestion() {
    // On a telephone the keyboard would hide the answer.
    if (window.matchMedia('(hover: hover)').matches) document.querySelector('#question textarea')?.focus();
  },
  say(text) {
    const said = document.getElementById('said');
    if (said) said.textContent = text;
  },
  async copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = Object.assign(document.createElement('textarea'), { value: text });
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    this.say('Copié.');
    const label = button.innerHTML;
    if (button.dataset.busy) return;
    button.dataset.busy = '1';
    button.textContent = 'Copié';
    setTimeout(() => { button.innerHTML = label; delete button.dataset.busy; }, 1500);
  },
  // One question at a time: a model may write for a minute.
  busy() {
    const asking = document.body.classList.contains('asking');
    if (asking) this.say('Une réponse est en cours : attendez-la, ou arrêtez-la.');
    return asking;
  },
  // A question that has left and has no answer yet.
  pending(question) {
    const turns = document.querySelector('#conversation .turns');
    if (!turns || !question?.trim()) return;
    this.asked = question;
    this.dropped = null;
    this.written = false;
    this.stopping = false;
    this.opened = null;
    turns.querySelector('.welcome')?.setAttribute('hidden', '');
    turns.querySelector('.waiting')?.remove();
    const turn = document.createElement('article');
    turn.className = 'turn waiting';
    const asked = Object.assign(document.createElement('h2'), { className: 'question', textContent: question });
    const doing = Object.assign(document.createElement('p'), { className: 'doing', textContent: `Recherche dans les ${this.fiches} fiches…` });
    turn.append(asked, doing);
    turns.append(turn);
    document.body.classList.add('asking');
    this.show(turn);
    clearInterval(this.watching);
    this.remember(question);
    this.watching = setInterval(async () => {
      if (!(await this.isThere())) this.lost(turn, 'Le serveur ne répond pas.');
      else if (document.querySelector('.toast-body.error')) this.lost(turn, 'La réponse n’a pas pu être préparée.');
    }, 1500);
  },
  // Across a reload: Gradio reloads the page when a server that was lost is there again.
  remember(question) { try { sessionStorage.setItem('guichet.asked', question); } catch { /* private window */ } },
  remembered() { try { return sessionStorage.getItem('guichet.asked') || ''; } catch { return ''; } },
  async isThere() {
    try { return (await fetch('guichet/guichet.svg', { method: 'HEAD', cache: 'no-store' })).ok; } catch { return false; }
  },
  // The server does not answer: the question is kept, and asked again when it is wanted.
  lost(turn, reason) {
    clearInterval(this.watching);
    if (!turn.isConnected || turn.querySelector('.choice')) return;
    document.body.classList.remove('asking');
    turn.querySelector('.doing').textContent = `${reason} Votre question est gardée.`;
    this.say(`${reason} Votre question est gardée.`);
    const again = Object.assign(document.createElement('button'), { type: 'button', className: 'choice', textContent: 'Réessayer' });
    again.addEventListener('click', async (event) => {
      event.stopPropagation();
      if (await this.isThere()) this.again(this.asked);
      else this.say('Le serveur ne répond toujours pas.');
    });
    turn.append(again);
    this.show(turn);
  },
  settled() {
    this.remember('');
    clearInterval(this.watching);
    document.body.classList.remove('asking');
    document.querySelector('#conversation .waiting')?.remove();
    document.querySelector('#conversation .welcome')?.removeAttribute('hidden');
  },
  // Its answer may be on its way already: conversation.js leaves it out.
  stopped() {
    if (this.written) {
      // What a model has begun stays: its turn comes back from the server (web_writing.py).
      this.stopping = true;
      document.body.classList.remove('asking');
      document.querySelector('#conversation .waiting .doing').textContent = 'Arrêt…';
      this.say('Réponse arrêtée.');
      return;
    }
    this.settled();
    this.dropped = this.asked;
    this.setQuestion(this.asked || '');
    this.say('Arrêté.');
  },
  setQuestion(text) {
    const box = document.querySelector('#question textarea');
    if (!box) return;
    box.value = text;
    box.dispatchEvent(new Event('input', { bubbles: true }));
    box.focus();
  },
};
document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-copy], [data-copy-address]');
  if (!button) return;
  event.preventDefault();
  const source = button.dataset.copy && button.closest('.card').querySelector(`#${button.dataset.copy}`);
  window.guichet.copy(source ? source.textContent : button.href, button);
});
