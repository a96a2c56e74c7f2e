// Conversations, kept in this browser only: each tab has its own current one. memory: [{id, name, date, turns}].
window.guichet.memory = {
  most: 100,
  all() {
    try { return JSON.parse(localStorage.getItem('guichet.conversations')) || []; } catch { return []; }
  },
  write(list) {
    for (let kept = list.slice(0, this.most); ; kept = kept.slice(0, -1)) {
      try { localStorage.setItem('guichet.conversations', JSON.stringify(kept)); return; } catch { if (!kept.length) return; }
    }
  },
  get current() { try { return sessionStorage.getItem('guichet.current') || ''; } catch { return ''; } },
  set current(id) { try { sessionStorage.setItem('guichet.current', id); } catch { /* private window */ } },
  turns(id = this.current) { return this.all().find((each) => each.id === id)?.turns || []; },
  save(turns) {
    if (!Array.isArray(turns) || !turns.length) return;
    const list = this.all();
    let mine = list.find((each) => each.id === this.current);
    if (!mine) {
      this.current = `${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
      mine = { id: this.current, name: turns[0].question.slice(0, 70) };
    }
    mine.date = new Date().toISOString();
    mine.turns = turns.map(({ html, ...kept }) => kept);
    this.write([mine, ...list.filter((each) => each.id !== mine.id)]);
  },
  rename(id, name) {
    this.write(this.all().map((each) => (each.id === id && name.trim() ? { ...each, name: name.trim().slice(0, 70) } : each)));
  },
  remove(id) {
    this.write(this.all().filter((each) => each.id !== id));
    if (id === this.current) this.leave();
  },
  leave() {
    this.current = '';
    window.guichet.address.go({});
    window.guichet.restore([]);
  },
  markdown(conversation) {
    const turns = conversation.turns.map((turn) => `## ${turn.question}\n\n${turn.answer?.answer || 'Pas de réponse.'}\n`);
    return `# ${conversation.name}\n\n${turns.join('\n')}`;
  },
  download(name, text) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text], { type: 'text/markdown;charset=utf-8' }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 5000);
  },
  draw() {
    const list = this.all();
    const items = list.map((each) => {
      const item = document.createElement('li');
      const day = new Date(each.date).toLocaleString('fr-FR', { dateStyle: 'long', timeStyle: 'short' });
      const count = each.turns.length > 1 ? `${each.turns.length} questions` : '1 question';
      const open = this.button(each.name, `Ouvrir : ${each.name}`, () => { this.open(each.id); }, 'open');
      if (each.id === this.current) open.setAttribute('aria-current', 'true');
      const about = Object.assign(document.createElement('span'), { className: 'about', textContent: `${day}, ${count}` });
      const tools = document.createElement('div');
      tools.className = 'tools';
      tools.append(
        this.button('Renommer', `Renommer : ${each.name}`, () => this.askName(item, each)),
        this.button('Exporter', `Exporter : ${each.name}`, () => this.download('conversation.md', this.markdown(each))),
        this.button('Supprimer', `Supprimer : ${each.name}`, () => { this.remove(each.id); this.draw(); }),
      );
      item.append(open, about, tools);
      return item;
    });
    document.getElementById('memory-list').replaceChildren(...items);
    document.getElementById('memory-none').hidden = items.length > 0;
  },
  button(text, name, action, kind = 'tool') {
    const made = Object.assign(document.createElement('button'), { type: 'button', textContent: text, className: kind });
    made.setAttribute('aria-label', name);
    made.addEventListener('click', action);
    return made;
  },
  askName(item, conversation) {
    const box = Object.assign(document.createElement('input'), { value: conversation.name, maxLength: 70 });
    box.setAttribute('aria-label', 'Nouveau nom');
    const done = () => { this.rename(conversation.id, box.value); this.draw(); };
    box.addEventListener('keydown', (event) => { if (event.key === 'Enter') { event.preventDefault(); done(); } });
    box.addEventListener('change', done);
    item.querySelector('.open').replaceWith(box);
    box.select();
    box.focus();
  },
  open(id) {
    this.current = id;
    document.getElementById('memory').close();
    window.guichet.restore(this.turns(id));
  },
};
document.addEventListener('click', (event) => {
  const { memory } = window.guichet;
  const id = event.target.id;
  if (id === 'open-memory') { memory.draw(); document.getElementById('memory').showModal(); }
  if (id === 'memory-close') document.getElementById('memory').close();
  if (id === 'memory-export') memory.download('conversations.md', memory.all().map((each) => memory.markdown(each)).join('\n'));
  if (id === 'memory-clear') { memory.write([]); memory.leave(); memory.draw(); }
  if (event.target.closest?.('#restart')) { memory.current = ''; window.guichet.address.go({}); }
});
