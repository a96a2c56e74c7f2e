// Loaded before Gradio: the interface is in French whatever the browser's language; small things shared by the page.
Object.defineProperty(navigator, 'language', { get: () => 'fr-FR' });
Object.defineProperty(navigator, 'languages', { get: () => ['fr-FR', 'fr'] });
window.guichet = {
  opened: null,
  calm: () => window.matchMedia('(prefers-reduced-motion: reduce)').matches,
  show(node) {
    node.scrollIntoView({ behavior: this.calm() ? 'auto' : 'smooth', block: 'nearest' });
  },
  focusQuestion() {
    // On a telephone the keyboard would hide the answer.
    if (window.matchMedia('(hover: hover)').matches) document.querySelector('#question textarea')?.focus();
  },
};
