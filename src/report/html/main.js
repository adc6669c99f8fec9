// Keys, downloads, and the start of everything.

let list = null;
let detail = null;

const kKeys = [
  ['j / k', 'next and previous case'], ['Enter', 'open the case'], ['/', 'search'], ['f', 'flips only, and all again'],
  ['d', 'word diff'], ['m', 'mark what the scorers took'], ['w', 'show blanks and line ends'], ['t', 'light or dark'],
  ['Esc', 'close, or clear the search'], ['?', 'these keys'],
];

function helpDialog() {
  const dialog = element('dialog', {class: 'help', 'aria-labelledby': 'help-title'}, element('h2', {id: 'help-title'}, 'Keys'),
      element('dl', {}, kKeys.map(([key, what]) => element('div', {}, element('dt', {}, element('kbd', {}, key)), element('dd', {}, what)))),
      element('button', {type: 'button', class: 'small', onclick: () => dialog.close()}, 'Close'));
  document.body.append(dialog);
  return dialog;
}

function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], {type: 'application/json'}));
  const link = element('a', {href: address, download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// Everything that this file holds of the cases, under names for people.
async function allCases() {
  const out = [];
  for (const c of list.cases) {
    const texts = await textsOf(c);
    out.push({
      id: c.id, tags: c.tags,
      messages: texts ? texts.m.map(([role, content]) => ({role, content})) : null,
      targets: texts ? texts.g : null,
      backends: kColumns.map((column, i) => ({
        name: column.name, simulated: column.simulated, ...c.cells[i],
        scorers: c.cells[i] ? Object.fromEntries(c.cells[i].scorers.map(([n, v]) => [list.index.scorers[n], v])) : null,
        answers: texts ? texts.a[i].map((t) => ({
          repeat: t.r ?? 0, outcome: t.o, value: t.v, text: t.t ?? '', reasoning: t.R, refusal: t.f,
          error: t.e ? {kind: t.e[0], message: t.e[1]} : null, ttft_ms: t.ttft, e2e_ms: t.e2e, tpot_ms: t.tpot, cost_usd: t.c,
          scores: (t.s ?? []).map((s) => ({scorer: s.n, value: s.v, answer: s.a, reason: s.w})),
        })) : null,
      })),
    });
  }
  return JSON.stringify({run: kKept.run, suite: kKept.suite, cases: out}, null, 1);
}

function downloads() {
  const file = kKept.run.replace(/[^A-Za-z0-9_.-]/g, '_').slice(0, 80);
  $('downloads').append(element('h3', {}, 'Raw data'),
      element('p', {class: 'lead-in'}, 'From inside this file; texts longer than 4 KB are cut here and whole in the records of the run.'),
      element('p', {class: 'buttons'},
      element('button', {type: 'button', onclick: async () => save(`${file}.summary.json`, await inflate(kKept.summary))}, 'Save summary.json'),
      element('button', {type: 'button', onclick: async () => save(`${file}.cases.json`, await allCases())}, 'Save cases.json')));
}

function onKey(event, help) {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) {
    return;
  }
  const typing = event.target.closest('input, select, textarea');
  const search = $('f-q');
  if (event.key === 'Escape' && typing && typing === search && !detail.isOpen) {
    list.set('q', '');
    search.value = '';
    search.blur();
    return;
  }
  if (typing) {
    return;
  }
  const actions = {
    'j': () => detail.isOpen ? detail.step(1) : list.select(list.current + 1),
    'k': () => detail.isOpen ? detail.step(-1) : list.select(list.current - 1),
    'Enter': () => !detail.isOpen && list.current >= 0 && event.target.closest('.viewport') && list.open(list.current),
    '/': () => { if (!detail.isOpen) { search.focus(); search.select(); search.scrollIntoView({block: 'center'}); } },
    'f': () => { if (!detail.isOpen && kColumns.length > 1) { list.set('show', list.state.show === 'flips' ? '' : 'flips'); list.fill(); } },
    'd': () => detail.flip('diff'), 'm': () => detail.flip('hits'), 'w': () => detail.flip('white'),
    't': switchTheme, '?': () => help.showModal(),
  };
  if (Object.hasOwn(actions, event.key)) {
    if (actions[event.key]() !== false) {
      event.preventDefault();
    }
  }
}

// Printed, only the tables behind charts stay folded: they say what the chart shows.
function unfoldForPrint() {
  let folded = [];
  addEventListener('beforeprint', () => {
    folded = [...document.querySelectorAll('details.more:not([open])')];
    folded.forEach((d) => { d.open = true; });
  });
  addEventListener('afterprint', () => folded.forEach((d) => { d.open = false; }));
}

async function start() {
  document.documentElement.classList.add('script');
  unfoldForPrint();
  const help = helpDialog();
  $('tools').append(themeButton(),
      element('button', {type: 'button', class: 'small', onclick: () => help.showModal()}, 'Keys', element('kbd', {'aria-hidden': 'true'}, '?')));
  if (!kKept) {
    document.addEventListener('keydown', (event) => event.key === 't' && switchTheme());
    return;
  }
  latencyCharts();
  timelineChart();
  if (!('DecompressionStream' in window)) {
    $('browser').append(element('p', {class: 'note'}, 'This browser is too old to unpack the cases.'));
    return;
  }
  detail = new Detail();
  list = new CaseList(await readIndex());
  downloads();
  const follow = () => {
    if (list.follow()) {
      if (list.state.case) {
        list.openNamed();
      } else {
        if (detail.isOpen) {
          detail.dialog.close();
        }
        $('cases').scrollIntoView();
      }
    }
  };
  addEventListener('hashchange', follow);
  follow();
  // The page has grown since the browser went to the part that the address names.
  const part = location.hash.includes('=') ? null : $(location.hash.slice(1));
  if (part) {
    part.scrollIntoView({behavior: 'instant'});
  }
  document.addEventListener('keydown', (event) => onKey(event, help));
  document.documentElement.dataset.ready = 'yes';
}

start();
