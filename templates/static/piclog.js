// piclog's one script. Everything works without it; it only makes some things quicker: dropping and pasting pictures
// anywhere, shrinking them before they are sent, progress, previews, counting characters, keys, copying. What people
// read is marked in it and comes in their language: see tools/po/scripts.py.
'use strict';
(() => {
  const $ = (selector, within = document) => within.querySelector(selector);
  const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const root = document.documentElement;
  const number = (n, digits) => n.toLocaleString(root.lang, {minimumFractionDigits: digits, maximumFractionDigits: digits});
  const words = bytes => {
    if (bytes === 1) return /*tr*/'1 byte';
    if (bytes < 1e3) return /*tr*/`${bytes} bytes`;
    const n = bytes < 999500 ? number(bytes / 1e3, bytes < 99950 ? 1 : 0) : number(bytes / 1e6, 1);
    return bytes < 999500 ? /*tr*/`${n} kB` : /*tr*/`${n} MB`;
  };

  // How the things look that only this script makes.
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      progress { width: 100%; height: 16px; accent-color: var(--hot); }
      .left { display: block; margin: -12px 0 12px; }
      .left:empty, .quick .left { margin: 0; }
      .shots:not(:empty) { margin-bottom: 16px; }
      .shots li { aspect-ratio: auto; }
      .copies button { padding: 4px 12px; margin: 4px 4px 0 0; font-weight: normal; }
      .dropping::after { content: "${/*tr*/'Let go. It will hardly feel a thing.'}"; position: fixed; inset: 0; padding: 40vh 8vw; text-align: center;
        font: 1.75rem/32px var(--human); color: var(--paper); background: var(--hot) var(--tile) 0 0/512px; background-blend-mode: soft-light; }
      @media (prefers-reduced-motion: no-preference) { [aria-busy=true] .bar::after { animation: run 1s steps(8) infinite; } }
      @keyframes run { to { background-position-x: 128px; } }`);
    document.adoptedStyleSheets = [sheet];
  } catch (e) { /* an older browser: plainer, but it works */ }

  // Characters as people count them.
  const segmenter = self.Intl && Intl.Segmenter && new Intl.Segmenter();
  const count = text => segmenter ? [...segmenter.segment(text)].length : [...text].length;
  const countCharacters = field => {
    const most = +field.dataset.max;
    const left = make('span', {className: 'hint left'});
    const show = () => {
      const n = most - count(field.value.trim());
      left.textContent = n < 0 ? /*tr*/`${-n} too many` : n < most / 2 ? /*tr*/`${n} left` : '';
      field.setCustomValidity(n < 0 ? /*tr*/`${-n} too many: ${most} fit.` : '');
    };
    field.after(left);
    field.addEventListener('input', show);
  };

  // A sentence for the page that comes next, in this tab.
  const remember = told => { try { sessionStorage.told = told; return true; } catch (e) { return false; } };
  try {
    const told = sessionStorage.told;
    delete sessionStorage.told;
    if (told) $('main').before(make('p', {className: 'box notice', role: 'status', textContent: told}));
  } catch (e) { /* no storage here: then nothing was remembered */ }

  // ---- Pictures on their way in ----------------------------------------------------------------

  const PRESETS = {crispy: [800, 24e3], crunchy: [640, 12e3], fried: [480, 6e3], dust: [320, 3e3]};
  const LARGE = 3e6, LARGE_PX = 2400;
  // Browsers that cannot show a HEIC often do not know its type either; then its name has to do.
  const isPicture = file => /^image\/(jpeg|png|webp|gif|heic|heif|avif)$/.test(file.type) ||
    !file.type && /\.(heic|heif|hif|avif)$/i.test(file.name);
  const encode = (canvas, quality) => new Promise(done => canvas.toBlob(done, 'image/jpeg', quality));

  // What is no picture is named by the server, which needs no more than the beginning of it.
  const beginning = file => /^(video|audio|text)\/|^application\/pdf$/.test(file.type) ? file.slice(0, 65536) : file;

  // Upright and in sRGB, longest side at most so many pixels; filter as in CSS.
  const draw = async (file, side, filter = 'none') => {
    const bitmap = await createImageBitmap(file, {imageOrientation: 'from-image'});
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = make('canvas', {
      width: Math.max(1, Math.round(bitmap.width * scale)), height: Math.max(1, Math.round(bitmap.height * scale))
    });
    const context = canvas.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = 'high';
    context.filter = filter;
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    canvas.before = [bitmap.width, bitmap.height];
    bitmap.close();
    return canvas;
  };

  // Whether it has a second frame: by the marks of the formats, as browsers decode only the first one here.
  const moves = async file => {
    if (!/^image\/(gif|png|webp)$/.test(file.type)) return false;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const word = (at, length = 4) => String.fromCharCode(...bytes.subarray(at, at + length));
    const u32 = at => new DataView(bytes.buffer).getUint32(at);
    if (word(0) === 'RIFF') return word(12) === 'VP8X' && !!(bytes[20] & 2);
    if (word(1, 3) === 'PNG') {
      for (let at = 8; at + 8 <= bytes.length && word(at + 4) !== 'IDAT'; at += u32(at) + 12) if (word(at + 4) === 'acTL') return true;
      return false;
    }
    if (word(0, 3) !== 'GIF') return false;
    const table = flags => flags & 128 ? 3 << (flags & 7) + 1 : 0;
    const skip = at => { while (bytes[at]) at += bytes[at] + 1; return at + 1; };
    for (let at = 13 + table(bytes[10]), frames = 0; at < bytes.length;) {
      if (bytes[at] === 0x21) at = skip(at + 2);
      else if (bytes[at] !== 0x2C) return false;
      else if (frames++) return true;
      else at = skip(at + 11 + table(bytes[at + 9]));
    }
    return false;
  };

  // What is sent: the file itself, or something smaller that crushes to the same picture, and what that was before.
  const shrink = async (file, most) => {
    if (file.size < LARGE && file.size <= most) return [file];
    try {
      if (await moves(file)) return [file];
      const canvas = await draw(file, LARGE_PX), small = await encode(canvas, 0.92);
      if (!small || small.size >= file.size / 2) return [file];
      return [small, {claimed_bytes: file.size, claimed_width: canvas.before[0], claimed_height: canvas.before[1]}];
    } catch (e) {
      return [file]; // the server looks at it
    }
  };

  // About what a preset will make of it; the server's crusher is better at this.
  const preview = async (file, preset) => {
    const [side, budget] = PRESETS[preset] || PRESETS.crunchy;
    const canvas = await draw(file, side, preset === 'fried' ? 'saturate(1.7) contrast(1.3)' : 'none');
    let low = 0, high = 0.9, best = await encode(canvas, 0);
    for (let i = 0; i < 6; i++) {
      const middle = (low + high) / 2, blob = await encode(canvas, middle);
      if (blob.size <= budget) { low = middle; best = blob; } else high = middle;
    }
    return best;
  };

  const send = (form, body, onProgress) => new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = event => event.lengthComputable && onProgress(event.loaded / event.total);
    const fail = (words, may_pass) => failed(Object.assign(new Error(words), {may_pass}));
    request.onerror = () => fail(/*tr*/'The connection broke.', true);
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch (e) { /* not ours: the status says enough */ }
      if (request.status < 400) done(request.responseURL.replace(/\.json$/, ''));
      else fail(answer.error || answer.detail || /*tr*/`The server answered ${request.status}.`, request.status === 429 || request.status >= 500);
    };
    request.send(body);
  });

  const enhanceUpload = form => {
    const input = $('input[type=file]', form), most = +form.dataset.maxBytes;
    const list = make('ul', {className: 'things'});
    const shots = make('ul', {className: 'sheet shots'});
    list.setAttribute('aria-live', 'polite');
    // Not before they hold something: nothing on the page moves while it loads.
    const place = () => { if (!list.isConnected) input.after(shots, list); };
    if (matchMedia('(pointer: coarse)').matches) { // a phone: straight to its camera, which nobody looks for below the form
      const camera = make('button', {type: 'button', className: 'quiet', textContent: /*tr*/'Take a photo'});
      camera.onclick = () => {
        input.setAttribute('capture', 'environment');
        input.click();
        input.removeAttribute('capture');
      };
      $('.camera', form).append(camera);
    }

    let turn = 0;
    const showPreviews = async () => {
      place();
      const mine = ++turn, preset = form.elements.preset.value;
      const shown = [];
      for (const file of [...input.files].filter(isPicture).slice(0, 8)) {
        try {
          const blob = await preview(file, preset);
          if (mine !== turn) return;
          const image = make('img', {src: URL.createObjectURL(blob), alt: ''});
          image.onload = () => URL.revokeObjectURL(image.src);
          shown.push(make('li', {}, image, make('p', {className: 'bytes'}, words(file.size) + ' → ',
            make('b', {}, /*tr*/`about ${words(blob.size)}`))));
        } catch (e) { // a HEIC, or something broken: the server looks at it
          if (mine !== turn) return;
          shown.push(make('li', {}, make('p', {className: 'hint'}, /*tr*/'No preview: this browser cannot show ',
            make('b', {}, file.name), /*tr*/'. The crusher may well.'), make('p', {className: 'bytes'}, words(file.size))));
        }
      }
      shots.replaceChildren(...shown);
    };
    form.addEventListener('change', event => (event.target === input || event.target.name === 'preset') && showPreviews());

    let urls = [], failed = [], alt = null, go;
    const upload = async (file, place) => {
      const line = make('li'), bar = make('progress', {max: 1, value: 0}), text = make('p', {className: 'hint'});
      const name = make('p', {}, file.name + ' ');
      bar.setAttribute('aria-label', file.name);
      line.append(name, bar, text);
      list.append(line);
      const attempt = async () => {
        try {
          const [small, claim = {}] = isPicture(file) ? await shrink(file, most) : [beginning(file)];
          if (small.size > most) throw new Error(/*tr*/`${words(file.size)} are too much: ${words(most)} fit.`);
          if (claim.claimed_bytes) text.textContent = /*tr*/`${words(file.size - small.size)} saved before it even left.`;
          const body = new FormData(form);
          body.delete('image');
          if (input.files.length > 1) { // each gets words of its own on the next page; an alt text says what is in one
            body.set('preset', 'choose');
            if (alt === null || alt === place) alt = place; else body.delete('alt');
          }
          for (const [name, value] of Object.entries(claim)) body.set(name, value);
          body.append('image', small, 'picture');
          urls[place] = await send(form, body, part => { bar.value = part; });
          bar.value = 1;
          name.append(make('a', {href: urls[place]}, /*tr*/'see it'));
          failed[place] = null;
        } catch (error) {
          failed[place] = {words: `${file.name}: ${error.message}`, may_pass: error.may_pass};
          if (alt === place) alt = null;
          bar.value = 0;
          bar.remove();
          text.className = 'wrong';
          text.replaceChildren(error.message);
          text.scrollIntoView({block: 'nearest'});
          if (error.may_pass) {
            const again = make('button', {type: 'button', className: 'quiet', textContent: /*tr*/'Try again'});
            again.onclick = async () => {
              text.className = 'hint';
              text.replaceChildren();
              text.before(bar);
              await attempt();
              finish();
            };
            text.append(' ', again);
          }
        }
      };
      return attempt();
    };

    // On to the picture; of several to the page where they wait, unless one of them may be sent again from here.
    const finish = () => {
      const done = urls.filter(Boolean), lost = failed.filter(Boolean);
      const waiting = done.map(url => /\/upload\/(\d+)$/.exec(url)).filter(Boolean);
      if (go) go.remove();
      if (!done.length) return;
      const preset = form.elements.preset.value === 'choose' ? '' : ':' + form.elements.preset.value;
      const href = input.files.length > 1 && waiting.length ? '/crunch?of=' + waiting.map(found => found[1] + preset) : done[0];
      if (!lost.some(({may_pass}) => may_pass) && (!lost.length || remember([/*tr*/`${done.length} of ${input.files.length} came through.`, ...lost.map(({words}) => words)].join('\n'))))
        location.href = href;
      else
        list.after(go = make('p', {}, make('a', {href, className: 'go'}, /*tr*/`Go on with the ${done.length} that came through`)));
    };

    form.addEventListener('submit', async event => {
      if (!input.files.length || !self.FormData || !form.checkValidity()) return;
      event.preventDefault();
      const button = $('button[type=submit]', form);
      button.disabled = true;
      form.setAttribute('aria-busy', 'true');
      place();
      list.replaceChildren();
      [urls, failed, alt] = [[], [], null];
      for (const [place, file] of [...input.files].entries()) await upload(file, place);
      button.disabled = false;
      form.removeAttribute('aria-busy');
      finish();
    });
    $$('[data-max]', form).forEach(countCharacters);
  };

  // Files dropped or pasted on any page: the upload form comes to them.
  const take = async files => {
    files = [...files]; // also what is no picture: it is told what to do
    if (!files.length) return;
    let form = $('form[data-upload]');
    if (!form) {
      const answer = await fetch('/upload', {credentials: 'same-origin'});
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      form = $('form[data-upload]', page);
      if (!form) { location.href = '/upload'; return; } // log in first
      $('main').replaceWith($('main', page));
      document.title = page.title;
      history.pushState(null, '', '/upload');
      addEventListener('popstate', () => location.reload());
      form = $('form[data-upload]');
      enhanceUpload(form);
      scrollTo(0, 0);
    }
    const carrier = new DataTransfer();
    files.forEach(file => carrier.items.add(file));
    const input = $('input[type=file]', form);
    input.files = carrier.files;
    input.dispatchEvent(new Event('change', {bubbles: true}));
    $('[name=caption]', form).focus();
  };
  const holdsFiles = event => event.dataTransfer && [...event.dataTransfer.types].includes('Files');
  addEventListener('dragover', event => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    root.classList.add('dropping');
  });
  addEventListener('dragleave', event => event.relatedTarget || root.classList.remove('dropping'));
  addEventListener('drop', event => {
    root.classList.remove('dropping');
    if (!holdsFiles(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });
  addEventListener('paste', event => {
    if (event.clipboardData && event.clipboardData.files.length) take(event.clipboardData.files);
  });

  // ---- Keys, swipes, copying -------------------------------------------------------------------

  const follow = selector => { const link = $(selector); if (link) link.click(); return link; };
  const step = by => {
    const links = $$('.sheet a, .pics .pic > a:first-child');
    const next = links[Math.max(0, links.indexOf(document.activeElement) + by)];
    if (next) next.focus();
    return next;
  };
  const keys = {
    ArrowLeft: () => follow('a[rel=prev]'), ArrowRight: () => follow('a[rel=next]'),
    j: () => step(1), k: () => step(-1), r: () => { location.href = '/random'; return true; },
    u: () => { location.href = '/upload'; return true; }, s: () => { location.href = '/status'; return true; },
    '?': () => { location.href = '/help#keys'; return true; }
  };
  addEventListener('keydown', event => {
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select');
    if (!busy && keys[event.key] && keys[event.key]()) event.preventDefault();
  });
  const frame = $('.frame');
  if (frame) {
    let x = null;
    frame.addEventListener('touchstart', event => { x = event.touches.length === 1 ? event.touches[0].clientX : null; }, {passive: true});
    frame.addEventListener('touchend', event => {
      const by = x === null ? 0 : event.changedTouches[0].clientX - x;
      if (Math.abs(by) > 64) follow(by > 0 ? 'a[rel=prev]' : 'a[rel=next]');
    });
    const image = $('img', frame), copies = $('.copies');
    const page = location.origin + location.pathname, alt = image.alt;
    const html = text => text.replace(/[&<>"]/g, c => `&#${c.charCodeAt(0)};`);
    const forms = {
      Markdown: `[![${alt.replace(/[[\]\\]/g, '\\$&').replace(/\n/g, ' ')}](${image.src})](${page})`,
      HTML: `<a href="${html(page)}"><img src="${html(image.src)}" width="${image.getAttribute('width')}" height="${image.getAttribute('height')}" alt="${html(alt)}"></a>`,
      BBCode: `[url=${page}][img]${image.src}[/img][/url]`
    };
    if (copies && navigator.clipboard) {
      copies.append(make('p', {}, ...Object.keys(forms).map(name => {
        const button = make('button', {type: 'button', className: 'quiet', textContent: name});
        button.onclick = async () => {
          await navigator.clipboard.writeText(forms[name]);
          button.textContent = /*tr*/'Copied';
          setTimeout(() => { button.textContent = name; }, 2000);
        };
        return button;
      })));
    }
  }

  // Code to copy is marked as a whole.
  addEventListener('focusin', ({target}) => { if (target.matches('textarea.code[readonly]')) target.select(); });

  // One's own style, while it is typed. The preview runs no script and loads what this page may load.
  const css = $('[data-preview]');
  if (css && self.CSSStyleSheet) {
    const frame = make('iframe', {className: 'preview', title: /*tr*/'Preview'});
    frame.setAttribute('sandbox', 'allow-same-origin');
    $('.stage').append(frame);
    fetch(css.dataset.preview).then(answer => answer.text()).then(text => {
      const page = new DOMParser().parseFromString(text, 'text/html');
      $$('link[href*="room.css"], .wayout, .room', page).forEach(element => element.remove());
      // The text may be a copy of a stranger's: as in a room, it asks for pictures and for nothing that acts.
      page.head.prepend(make('meta', {httpEquiv: 'Content-Security-Policy', content: 'img-src data: *:*/i/ *:*/t/ *:*/static/ *:*/p/'}));
      frame.srcdoc = page.documentElement.outerHTML;
    }).catch(() => frame.remove()); // the button shows it as well
    frame.onload = () => {
      if (!frame.srcdoc) return;
      const sheet = new frame.contentWindow.CSSStyleSheet();
      const show = () => sheet.replaceSync(css.dataset.before + css.value);
      frame.contentDocument.adoptedStyleSheets = [sheet];
      css.oninput = show;
      show();
    };
  }

  $$('form[data-upload]').forEach(enhanceUpload);
  $$('form:not([data-upload]) [data-max]').forEach(countCharacters);
})();
