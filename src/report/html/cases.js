// The list of all cases: filters that stand in the address, and only those rows that are in view.

const kRow = 36;  // height in pixels, as in the style

// What the address holds: text, tag, standing by column, scorer, least difference, times, order.
function readAddress() {
  const state = {};
  const hash = location.hash.slice(1);
  if (hash.includes('=')) {
    for (const [key, value] of new URLSearchParams(hash)) {
      state[key] = value;
    }
  }
  return state;
}

class CaseList {
  constructor(index) {
    this.index = index;
    this.cases = index.cases;
    this.byId = new Map(this.cases.map((c) => [c.id, c]));
    this.state = {};
    this.found = this.cases;
    this.current = -1;
    this.texts = null;
    this.build();
  }

  build() {
    this.controls = new Map();
    const toolbar = element('form', {class: 'filters', role: 'search', 'aria-label': 'Filter cases',
                                     onsubmit: (e) => e.preventDefault()});
    const field = (key, label, control) => {
      control.id = `f-${key}`;
      this.controls.set(key, control);
      control.addEventListener(control.tagName === 'SELECT' ? 'change' : 'input', () => this.set(key, control.value));
      toolbar.append(element('div', {class: `field f-${key[0]}`}, element('label', {for: control.id}, label), control));
    };
    const select = (options) => element('select', {}, options.map(([value, text]) => element('option', {value}, text)));
    field('q', 'Search', element('input', {type: 'search', placeholder: 'id, prompt, answer  ( / )', autocomplete: 'off',
                                            spellcheck: 'false'}));
    if (kColumns.length > 1) {
      field('show', 'Show', select([['', 'all cases'], ['flips', 'flips'], ['differ', 'different scores'],
        ['retried', 'retried'], ...kColumns.map((c, i) => [`only${i}`, `only ${shown(c.name)} passes`])]));
    }
    kColumns.slice(0, 6).forEach((c, i) => field(`s${i}`, shown(c.name), select([['', 'any'], ['pass', '✓ pass'],
      ['fail', '✗ fail'], ...kOutcomes.filter((o) => this.has(i, o)).map((o) => [o, o.replace('_', ' ')])])));
    if (this.index.tags.length > 0) {
      field('tag', 'Tag', select([['', 'any'], ...this.index.tags.map((t) => [t, shown(t)]).sort()]));
    }
    if (this.index.scorers.length > 1) {
      field('scorer', 'Failed by scorer', select([['', 'any'], ...this.index.scorers.map((s) => [s, shown(s)])]));
    }
    if (kColumns.length > 1) {
      const slider = element('input', {type: 'range', min: 0, max: 100, step: 5, value: 0});
      field('diff', 'Score difference ≥', slider);
      this.sliderNote = element('output', {for: 'f-diff', class: 'dim'}, '0');
      slider.parentElement.append(this.sliderNote);
    }
    field('min', 'Seconds ≥', element('input', {type: 'number', min: 0, step: 'any', inputmode: 'decimal'}));
    field('max', 'Seconds ≤', element('input', {type: 'number', min: 0, step: 'any', inputmode: 'decimal'}));
    field('sort', 'Order', select([['', 'as answered'], ['id', 'by id'], ...(kColumns.length > 1 ?
        [['difference', 'greatest difference']] : []), ['slow', 'slowest'], ['low', 'lowest score']]));
    toolbar.append(element('button', {type: 'button', class: 'small', onclick: () => this.reset()}, 'Reset'));
    this.status = element('p', {class: 'status', role: 'status'});
    this.head = element('thead', {}, element('tr', {}, ...['Case', 'Tags', 'Prompt'].map((t) =>
        element('th', {scope: 'col', class: `k-${t.toLowerCase()}`}, t)),
        kColumns.map((_, i) => element('th', {scope: 'col', class: 'k-cell'}, nameOf(i)))));
    this.rows = element('tbody');
    this.table = element('table', {class: 'cases'}, element('caption', {class: 'sr'}, 'Cases'), this.head, this.rows);
    this.view = element('div', {class: 'viewport', role: 'region', 'aria-label': 'Cases', tabindex: 0}, this.table);
    this.view.addEventListener('scroll', () => this.draw(), {passive: true});
    $('browser').append(toolbar, this.status, this.view);
    new ResizeObserver(() => this.draw()).observe(this.view);
  }

  has(column, outcome) {
    return outcome !== 'scored' && this.cases.some((c) => c.cells[column] && c.cells[column].outcome === outcome);
  }

  set(key, value) {
    if (value === '' || (key === 'diff' && value === '0')) {
      delete this.state[key];
    } else {
      this.state[key] = value;
    }
    this.writeAddress();
    this.apply();
  }

  reset() {
    this.state = {};
    this.writeAddress();
    this.fill();
    this.apply();
  }

  writeAddress() {
    const hash = new URLSearchParams(this.state).toString();
    history.replaceState(null, '', hash ? `#${hash}` : '#cases');
  }

  // Takes over what the address says; true when it says anything of cases.
  follow() {
    this.state = readAddress();
    this.fill();
    this.apply();
    return Object.keys(this.state).length > 0;
  }

  fill() {
    for (const [key, control] of this.controls) {
      control.value = this.state[key] ?? (key === 'diff' ? '0' : '');
      if (control.tagName === 'SELECT' && control.selectedIndex < 0) {
        control.value = '';
      }
    }
  }

  async apply() {
    const s = this.state;
    if (this.sliderNote) {
      this.sliderNote.textContent = `${s.diff ?? 0}%`;
    }
    const words = (s.q ?? '').toLowerCase();
    const turn = (this.turn = (this.turn ?? 0) + 1);
    if (words && !this.texts) {
      this.status.textContent = 'Reading prompts and answers …';
      await this.readTexts();
      if (turn !== this.turn) {
        return;
      }
    }
    this.found = this.cases.filter((c) => this.fits(c, s, words));
    this.sort(s.sort);
    this.current = this.found.findIndex((c) => c.id === s.case);
    const all = kKept.total > this.cases.length ? `${number(this.cases.length)} listed cases` : `${number(this.cases.length)} cases`;
    this.status.textContent = this.found.length === this.cases.length ? all : `${number(this.found.length)} of ${all}`;
    this.table.setAttribute('aria-rowcount', this.found.length + 1);
    this.view.scrollTop = 0;
    this.drawn = null;
    this.draw();
  }

  // Whatever is in the file, in small letters, for the search.
  async readTexts() {
    const texts = new Map();
    for (const c of this.cases) {
      const t = await textsOf(c);
      const parts = [c.id, c.tags.join(' '), c.snippet];
      if (t) {
        parts.push(...t.m.map((m) => m[1]), ...t.g);
        for (const trial of t.a.flat()) {
          parts.push(trial.t ?? '', trial.f ?? '', trial.e ? trial.e.join(' ') : '');
        }
      }
      texts.set(c, parts.join('\n').toLowerCase());
    }
    this.texts = texts;
  }

  fits(c, s, words) {
    if (words && !this.texts.get(c).includes(words)) {
      return false;
    }
    if (s.tag && !c.tags.includes(s.tag)) {
      return false;
    }
    for (let i = 0; i < c.cells.length; ++i) {
      const wanted = s[`s${i}`];
      if (wanted && standing(c.cells[i]) !== wanted && (!c.cells[i] || c.cells[i].outcome !== wanted)) {
        return false;
      }
    }
    if (s.show && !this.shows(c, s.show)) {
      return false;
    }
    if (s.scorer) {
      const scorer = this.index.scorers.indexOf(s.scorer);
      if (!c.cells.some((cell) => cell && cell.scorers.some(([n, v]) => n === scorer && v < 0.5))) {
        return false;
      }
    }
    if (s.diff && this.difference(c) * 100 < Number(s.diff) - 1e-9) {
      return false;
    }
    const slow = (limit) => c.cells.some((cell) => cell && cell.e2e !== null && limit(cell.e2e));
    return (!s.min || slow((t) => t >= Number(s.min))) && (!s.max || slow((t) => t <= Number(s.max)));
  }

  shows(c, what) {
    const stands = c.cells.map(standing);
    if (what === 'flips') {
      return stands.includes('pass') && stands.includes('fail');
    }
    if (what === 'differ') {
      return this.difference(c) > 0;
    }
    if (what === 'retried') {
      return c.cells.some((cell) => cell && cell.retries > 0);
    }
    const only = Number(what.slice(4));
    return stands[only] === 'pass' && stands.includes('fail') && stands.every((st, i) => i === only || st !== 'pass');
  }

  difference(c) {
    const values = c.cells.filter((cell) => cell && cell.value !== null).map((cell) => cell.value);
    return values.length > 1 ? Math.max(...values) - Math.min(...values) : 0;
  }

  sort(order) {
    const slowest = (c) => Math.max(0, ...c.cells.map((cell) => cell ? cell.e2e ?? 0 : 0));
    const lowest = (c) => Math.min(2, ...c.cells.map((cell) => cell ? cell.value ?? 2 : 2));
    const by = {
      id: (a, b) => a.id < b.id ? -1 : 1,
      difference: (a, b) => this.difference(b) - this.difference(a),
      slow: (a, b) => slowest(b) - slowest(a),
      low: (a, b) => lowest(a) - lowest(b),
    }[order];
    if (by) {
      this.found = this.found.slice().sort((a, b) => by(a, b) || a.number - b.number);
    }
  }

  draw() {
    const first = Math.max(0, Math.floor(this.view.scrollTop / kRow) - 8);
    const last = Math.min(this.found.length, Math.ceil((this.view.scrollTop + this.view.clientHeight) / kRow) + 8);
    const key = `${first} ${last} ${this.current}`;
    if (this.drawn === key) {
      return;
    }
    this.drawn = key;
    const pad = (count) => {
      const row = element('tr', {class: 'pad', 'aria-hidden': 'true'}, element('td'));
      row.style.height = `${count * kRow}px`;
      return row;
    };
    const focused = document.activeElement && this.rows.contains(document.activeElement);
    const rows = [];
    for (let at = first; at < last; ++at) {
      rows.push(this.row(at));
    }
    this.rows.replaceChildren(pad(first), ...rows, pad(this.found.length - last));
    if (focused) {
      const link = this.rows.querySelector('a[tabindex="0"]');
      (link ?? this.view).focus({preventScroll: true});
    }
    this.view.classList.toggle('none', this.found.length === 0);
  }

  row(at) {
    const c = this.found[at];
    const here = at === this.current;
    const link = element('a', {href: this.linkTo(c), tabindex: here || (at === 0 && this.current < 0) ? 0 : -1},
        element('bdi', {}, shown(c.id)));
    const row = element('tr', {'aria-rowindex': at + 2, class: here ? 'here' : false},
        element('th', {scope: 'row', class: 'k-case'}, link),
        element('td', {class: 'k-tags'}, c.tags.map((t) => element('span', {class: 'tag'}, element('bdi', {}, shown(t))))),
        element('td', {class: 'k-prompt', dir: 'auto'}, shown(c.snippet)),
        c.cells.map((cell) => this.cell(cell)));
    row.addEventListener('click', (event) => {
      if (event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
        event.preventDefault();
        this.open(at);
      }
    });
    return row;
  }

  cell(cell) {
    return element('td', {class: 'k-cell'}, badge(cell), element('span', {class: 'time'},
        cell && cell.e2e !== null ? ` ${seconds(cell.e2e)} s` : ''));
  }

  linkTo(c) {
    return `#${new URLSearchParams({...this.state, case: c.id})}`;
  }

  select(at, focus = true) {
    if (this.found.length === 0) {
      return;
    }
    this.current = Math.min(this.found.length - 1, Math.max(0, at));
    const top = this.current * kRow;
    const room = this.view.clientHeight - this.head.offsetHeight;
    if (top < this.view.scrollTop) {
      this.view.scrollTop = top;
    } else if (top + kRow > this.view.scrollTop + room) {
      this.view.scrollTop = top + kRow - room;
    }
    this.draw();
    if (focus) {
      const link = this.rows.querySelector('tr.here a');
      if (link) {
        link.focus({preventScroll: true});
      }
    }
  }

  open(at) {
    this.select(at, false);
    this.state.case = this.found[this.current].id;
    this.writeAddress();
    detail.show(this.found[this.current]);
  }

  // The case that the address names, even where the filters leave it out.
  openNamed() {
    const c = this.byId.get(this.state.case);
    if (!c) {
      return;
    }
    const at = this.found.indexOf(c);
    if (at >= 0) {
      this.select(at, false);
    }
    detail.show(c);
  }

  closed() {
    delete this.state.case;
    this.writeAddress();
    this.select(this.current);
  }
}

function badge(cell) {
  const state = standing(cell);
  const graded = cell && cell.value !== null && cell.value !== 0 && cell.value !== 1 ? ` ${cell.value.toFixed(2)}` : '';
  const words = {pass: '✓', fail: '✗', failed: '! failed', unscored: '? unscored', none: '– not asked'};
  const how = cell && cell.outcome !== 'scored' && cell.outcome !== 'failed' && cell.outcome !== 'unscored'
      ? ` ${cell.outcome.replace('_', ' ')}` : '';
  const label = {pass: 'pass', fail: 'fail'}[state];
  return element('span', {class: `badge ${state}`}, words[state],
      label ? element('span', {class: 'sr'}, ` ${label}`) : null, graded + how,
      cell && cell.retries > 0 ? element('span', {class: 'dim'}, ` ↻${cell.retries}`) : null);
}
