// Who is logged in, in the header; and the way back to the login when the session is over in the middle of a page.
window.guichet.account = document.querySelector('meta[name=guichet-account]')?.content || '';
document.addEventListener('DOMContentLoaded', () => {
  const { account } = window.guichet;
  if (!account) return;
  const place = () => {
    const light = document.getElementById('light');
    if (!light || document.querySelector('.account')) return;
    light.before(Object.assign(document.createElement('a'), { className: 'account', href: 'compte', textContent: account }));
  };
  new MutationObserver(place).observe(document.body, { childList: true, subtree: true });
  place();
});
const fetched = window.fetch;
window.fetch = async (...request) => {
  const answer = await fetched(...request);
  if (answer.status === 401 && new URL(answer.url).origin === location.origin) {
    location.assign(`connexion?suite=${encodeURIComponent(location.search)}`);
  }
  return answer;
};
