// Pages that know what is new: loaded where people talk, and nowhere else. The server tells what happened (/live), the
// page is asked for again, and what changed in it is exchanged. Without this script the page offers to reload itself.
'use strict';
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const main = $('main[data-live]');
  if (!main || !self.EventSource || /[?&](before|again)=/.test(location.search)) return;
  const other = main.dataset.with;

  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      @media (prefers-reduced-motion: no-preference) { .nudged { animation: nudge .1s 5 } }
      @media (prefers-reduced-motion: reduce) { .nudged { outline: 8px solid var(--hot) } }
      @keyframes nudge { 20% { translate: -8px 4px } 40% { translate: 8px -4px } 60% { translate: -8px -4px } 80% { translate: 8px 4px } }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  } catch (e) { /* an older browser: it works, and does not shake */ }

  // ---- What is new comes into the page -----------------------------------------------------------

  // Lines come and go one by one, so that what is open or chosen stays so; screen readers hear the new ones.
  const mergeLines = (old, fresh) => {
    const known = $$('article', old), news = $$('article', fresh), form = $('form', old);
    if (!known.length || !news.length || !form) return old.replaceWith(fresh);
    const ids = new Set(news.map(line => line.id)), number = line => +line.id.slice(1);
    for (const line of known) if (!ids.has(line.id) && number(line) > number(news[news.length - 1])) line.remove();
    let first = $('article', form);
    for (const line of news) if (!document.getElementById(line.id) && (!first || number(line) > number(first))) form.insertBefore(line, first);
  };

  const exchange = fresh => {
    for (const old of $$('[data-part]')) {
      const part = $(`[data-part="${old.dataset.part}"]`, fresh);
      if (!part) continue;
      if (old.dataset.part === 'lines') mergeLines(old, part);
      else if (old.dataset.part === 'until') old.value = part.value;
      else if (!old.contains(document.activeElement)) old.replaceWith(part);
    }
  };

  let asking = false, again = false;
  const look = async () => {
    if (asking) return void (again = true);
    asking = true;
    do {
      again = false;
      try {
        const answer = await fetch(location.pathname.replace(/\/do$/, ''), {credentials: 'same-origin', headers: {'X-Background': '1'}});
        if (answer.redirected) return location.reload(); // signed out meanwhile
        if (answer.ok) exchange(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      } catch (e) { /* no network: the stream says when there is one */ }
    } while (again);
    asking = false;
  };
  let soon;
  const lookSoon = () => { clearTimeout(soon); soon = setTimeout(look, 60); };

  // ---- The stream --------------------------------------------------------------------------------

  const title = document.title;
  const mark = () => { if (document.hidden) document.title = '● ' + title; };
  document.addEventListener('visibilitychange', () => { if (!document.hidden) document.title = title; });

  const shake = () => {
    main.classList.remove('nudged');
    void main.offsetWidth; // so that the next one begins anew
    main.classList.add('nudged');
    setTimeout(() => main.classList.remove('nudged'), 500);
  };

  let pause = 30e3, seen = false, stream, timer;
  const leave = () => { clearTimeout(timer); stream?.close(); };
  const listen = () => {
    leave(); // one stream, whoever asks for it
    stream = new EventSource('/live');
    const on = (name, act) => stream.addEventListener(name, event => { act(JSON.parse(event.data)); lookSoon(); });
    stream.onopen = () => { pause = 30e3; if (seen) lookSoon(); seen = true; };
    on('message', told => { if (!told.is_own) mark(); });
    on('nudge', told => { if (!told.is_own && told.author === other) { shake(); mark(); } });
    for (const name of ['presence', 'reset']) on(name, () => {});
    if (!other) for (const name of ['posts', 'notice']) on(name, () => {});
    // The browser comes back by itself, unless it was refused: too many streams, or signed out.
    stream.onerror = () => {
      if (stream.readyState !== 2) return;
      timer = setTimeout(() => { look(); listen(); }, pause);
      pause = Math.min(pause * 2, 36e5);
    };
  };
  listen();
  addEventListener('pagehide', leave);
  addEventListener('pageshow', event => { if (event.persisted) { listen(); look(); } });

  // ---- Whoever shows when they are here says so while they do something --------------------------

  let said = Date.now();
  const here = () => {
    if (Date.now() - said < 6e4) return;
    said = Date.now();
    fetch('/live', {method: 'POST', credentials: 'same-origin', headers: {'X-CSRF-Token': main.dataset.live}}).catch(() => {});
  };
  if (main.dataset.shown) for (const name of ['pointermove', 'keydown', 'scroll']) addEventListener(name, here, {passive: true});
})();
