// The script of the HTML report: filters, groups, and moves the focus. It makes
// no markup out of data: what it inserts is the page's own, which the browser
// has kept as text, or set as text.
(() => {
  'use strict';
  const byId = (id) => document.getElementById(id);
  const form = document.querySelector('.filter');
  const groups = byId('groups');
  const all = Array.from(document.querySelectorAll('.f'));
  if (!form) return;
  form.hidden = false;
  const text = byId('q'), check = byId('c'), file = byId('p'), by = byId('g');
  const counting = all.filter((f) => groups.contains(f));
  document.body.classList.add('by-check');

  // What is scrolled to is not to be under the filter.
  new ResizeObserver(() => {
    const above = getComputedStyle(form).position === 'sticky'
      ? form.offsetHeight
      : 0;
    document.documentElement.style.scrollPaddingTop = `${above + 12}px`;
  }).observe(form);

  // What is inside of a finding, which may still be text.
  const fill = (finding) => {
    const rest = finding.querySelector(':scope > noscript');
    if (!rest) return;
    const page = new DOMParser().parseFromString(rest.textContent, 'text/html');
    rest.replaceWith(...page.body.childNodes);
  };
  const open = (finding, wanted = true) => {
    if (wanted) fill(finding);
    finding.open = wanted;
  };
  // Before it opens; however else the browser opens it, right after.
  for (const finding of all) {
    finding.firstElementChild.addEventListener('click', () => fill(finding));
    finding.addEventListener('toggle', () => finding.open && fill(finding));
  }

  const isShown = (finding) => !finding.hidden;
  const isReachable = (finding) => {
    const outer = finding.parentElement.closest('details');
    return isShown(finding) && (!outer || outer.open);
  };

  // Filtering.
  const said = new Map();
  const wordsOf = (finding) => {
    let words = said.get(finding);
    if (words === undefined) {
      words = finding.firstElementChild.textContent.toLowerCase();
      said.set(finding, words);
    }
    return words;
  };
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (finding) =>
      (!check.value || finding.dataset.c === check.value) &&
      (!file.value || finding.dataset.p === file.value) &&
      words.every((word) => wordsOf(finding).includes(word));
    let shown = 0;
    for (const finding of all) {
      finding.hidden = !fits(finding);
      if (isShown(finding) && groups.contains(finding)) ++shown;
    }
    // What is not laid out yet is about as high as what it shows.
    for (const part of document.querySelectorAll('.part')) {
      const here = Array.from(part.children).filter(isShown).length;
      part.hidden = here === 0;
      part.style.containIntrinsicHeight = `${here * 5}rem`;
    }
    for (const group of document.querySelectorAll('.g, .others')) {
      const inside = Array.from(group.querySelectorAll('.f'));
      const here = inside.filter(isShown).length;
      group.hidden = here === 0;
      group.querySelector('.num').textContent =
        here === inside.length ? `${here}` : `${here} of ${inside.length}`;
    }
    byId('nothing').hidden = shown > 0 || counting.length === 0;
    byId('n').textContent = shown === counting.length
      ? `${shown} shown`
      : `${shown} of ${counting.length} shown`;
  };
  let waiting = 0;
  text.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, all.length > 2000 ? 200 : 0);
  });
  for (const select of [check, file]) select.addEventListener('change', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  document.querySelector('.sum')?.addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (!link) return;
    const [select, value] = 'c' in link.dataset
      ? [check, link.dataset.c]
      : [file, link.dataset.p];
    event.preventDefault();
    select.value = select.value === value ? '' : value;
    apply();
    byId('findings').scrollIntoView();
  });

  // Grouping.
  const byCheck = Array.from(groups.children);
  const fileGroups = new Map();
  const fileGroup = (number) => {
    let group = fileGroups.get(number);
    if (!group) {
      group = document.createElement('section');
      group.className = 'g';
      const title = document.createElement('h2');
      const name = document.createElement('code');
      const count = document.createElement('span');
      name.textContent =
        file.querySelector(`option[value="${Number(number)}"]`).textContent;
      count.className = 'num';
      title.append(name, ' ', count);
      group.append(title);
      fileGroups.set(number, group);
    }
    return group;
  };
  // In parts, if the page came with them.
  const parted = groups.querySelector('.part') !== null;
  const put = (group, findings) => {
    const old = Array.from(group.querySelectorAll(':scope > .part'));
    if (!parted) group.append(...findings);
    for (let at = 0; parted && at < findings.length; at += 100) {
      const part = document.createElement('div');
      part.className = 'part';
      part.append(...findings.slice(at, at + 100));
      group.append(part);
    }
    for (const part of old) part.remove();
  };
  const regroup = () => {
    const inFiles = by.value === 'p';
    document.body.classList.toggle('by-check', !inFiles);
    const order = counting.slice()
      .sort((a, b) => a.dataset.p - b.dataset.p || a.dataset.i - b.dataset.i);
    const sorted = new Map();
    for (const finding of order) {
      const key = inFiles ? finding.dataset.p : finding.dataset.c;
      if (!sorted.has(key)) sorted.set(key, []);
      sorted.get(key).push(finding);
    }
    const home = new Map(byCheck.map((group) => [group.dataset.c, group]));
    for (const [key, findings] of sorted)
      put(inFiles ? fileGroup(key) : home.get(key), findings);
    groups.replaceChildren(...(inFiles ? fileGroups.values() : byCheck));
    apply();
  };
  by.addEventListener('change', regroup);

  // Opening.
  const most = 500; // At once, so that the browser stays usable.
  const openAll = (wanted) => {
    const others = all.filter((f) => f.open !== wanted && isReachable(f));
    const now = wanted ? others.slice(0, most) : others;
    for (const finding of now) open(finding, wanted);
    if (now.length < others.length)
      byId('n').textContent = `${now.length} expanded; filter, or ask again ` +
        `for more of the other ${others.length - now.length}`;
  };
  byId('open').addEventListener('click', () => openAll(true));
  byId('close').addEventListener('click', () => openAll(false));
  const follow = () => {
    const target = location.hash.length > 1 &&
      byId(decodeURIComponent(location.hash.slice(1)));
    if (!target || !target.classList.contains('f')) return;
    const outer = target.parentElement.closest('details');
    if (outer) outer.open = true;
    open(target);
    target.firstElementChild.focus();
    target.scrollIntoView();
  };
  addEventListener('hashchange', follow);

  // Paper shows what the filter shows, within reason.
  let before = [];
  addEventListener('beforeprint', () => {
    before = all.filter((finding) => isShown(finding) && !finding.open)
      .slice(0, most);
    before.push(...document.querySelectorAll('.others > details:not([open])'));
    for (const details of before) {
      if (details.classList.contains('f')) fill(details);
      details.open = true;
    }
  });
  addEventListener('afterprint', () => {
    for (const details of before) details.open = false;
    before = [];
  });

  // Keys.
  const keys = byId('keys');
  byId('help').addEventListener('click', () => keys.showModal());
  const move = (step) => {
    const list = Array.from(document.querySelectorAll('.f'))
      .filter(isReachable);
    if (!list.length) return;
    const now = document.activeElement?.closest('.f');
    const at = now ? list.indexOf(now) : step > 0 ? -1 : list.length;
    const next = list[Math.min(Math.max(at + step, 0), list.length - 1)];
    next.firstElementChild.focus({ preventScroll: true });
    next.firstElementChild.scrollIntoView({ block: 'nearest' });
  };
  const actions = {
    '/': () => { text.focus(); text.select(); },
    'j': () => move(1),
    'k': () => move(-1),
    'o': () => {
      const now = document.activeElement?.closest('.f');
      if (now) open(now, !now.open);
    },
    'e': () => openAll(true),
    'c': () => openAll(false),
    'g': () => { by.value = by.value === 'c' ? 'p' : 'c'; regroup(); },
    '?': () => keys.showModal(),
    'Escape': () => {
      if (!text.value && !check.value && !file.value) return;
      text.value = check.value = file.value = '';
      apply();
    },
  };
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || keys.open) return;
    const typing = event.target.matches?.('input, select, textarea');
    if (typing && event.key === 'Escape') {
      event.preventDefault();
      event.target.blur();
      return;
    }
    const action = actions[event.key];
    if (typing || !action) return;
    event.preventDefault();
    action();
  });

  apply();
  if (all.length <= 3) for (const finding of counting) open(finding);
  follow();
})();
