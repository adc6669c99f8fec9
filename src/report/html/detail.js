// One case: prompt, answers side by side, and why each score.

class Detail {
  constructor() {
    this.options = {diff: true, hits: true, white: false};
    this.dialog = element('dialog', {class: 'detail', 'aria-labelledby': 'detail-title'});
    this.title = element('h2', {id: 'detail-title', tabindex: -1});
    this.where = element('span', {class: 'dim'});
    this.body = element('div', {class: 'detail-body', tabindex: 0, role: 'region', 'aria-label': 'Case'});
    const button = (text, key, action) => element('button', {type: 'button', class: 'small', onclick: action},
        text, element('kbd', {'aria-hidden': 'true'}, key));
    this.toggles = new Map();
    const toggle = (name, text, key) => {
      const b = button(text, key, () => this.flip(name));
      b.setAttribute('aria-pressed', String(this.options[name]));
      this.toggles.set(name, b);
      return b;
    };
    this.dialog.append(element('div', {class: 'detail-head'}, element('div', {}, this.title, this.where),
        element('div', {class: 'buttons'}, kColumns.length > 1 ? toggle('diff', 'Word diff', 'd') : null,
        toggle('hits', 'Matches', 'm'), toggle('white', 'Blanks', 'w'), button('Previous', 'k', () => this.step(-1)),
        button('Next', 'j', () => this.step(1)), button('Close', 'Esc', () => this.dialog.close()))), this.body);
    this.dialog.addEventListener('close', () => {
      document.documentElement.classList.remove('modal');
      list.closed();
    });
    document.body.append(this.dialog);
  }

  get isOpen() {
    return this.dialog.open;
  }

  flip(name) {
    if (this.toggles.has(name)) {
      this.options[name] = !this.options[name];
      this.toggles.get(name).setAttribute('aria-pressed', String(this.options[name]));
      this.draw();
    }
  }

  step(by) {
    if (list.current + by >= 0 && list.current + by < list.found.length) {
      list.open(list.current + by);
    }
  }

  async show(row) {
    this.row = row;
    this.title.replaceChildren(element('bdi', {}, shown(row.id)));
    const at = list.found.indexOf(row);
    this.where.textContent = at < 0 ? 'not among the cases shown' : `${number(at + 1)} of ${number(list.found.length)}`;
    if (!this.dialog.open) {
      document.documentElement.classList.add('modal');
      this.dialog.showModal();
    }
    const texts = await textsOf(row);
    if (this.row === row) {
      this.texts = texts;
      this.draw();
      this.body.scrollTop = 0;
      this.body.focus({preventScroll: true});
    }
  }

  draw() {
    const row = this.row;
    const parts = [];
    if (row.tags.length > 0 || (this.texts && this.texts.cl)) {
      parts.push(element('p', {class: 'labels'}, row.tags.map((t) => element('span', {class: 'tag'}, element('bdi', {}, shown(t)))),
          this.texts && this.texts.cl ? element('span', {class: 'dim'}, 'cluster ', element('bdi', {}, shown(this.texts.cl))) : null));
    }
    if (!this.texts) {
      parts.push(element('p', {class: 'note'}, 'Prompt and answers of this case are not in this file, which would have become ' +
          'too large; they stand in the records of the run.'));
      parts.push(element('div', {class: 'answers'}, row.cells.map((cell, i) => element('section', {class: 'answer'},
          element('h3', {}, nameOf(i), badge(cell))))));
    } else {
      parts.push(this.prompt(), this.answers());
    }
    this.body.replaceChildren(...parts);
  }

  prompt() {
    const messages = this.texts.m.map(([role, text, whole]) => element('div', {class: 'message'},
        element('span', {class: 'role'}, role), this.text(text, [], whole)));
    const targets = this.texts.g.map((t) => element('li', {}, element('code', {dir: 'auto'}, ...shownNodes(t, this.options.white))));
    return element('div', {class: 'prompt'},
        messages.length ? messages : element('p', {class: 'note'}, 'No prompt is recorded.'),
        this.texts.dp ? element('p', {class: 'note'}, 'The columns were asked different prompts under this id; this is the first one’s.') : null,
        targets.length ? element('div', {class: 'targets'}, element('span', {class: 'role'}, targets.length > 1 ? 'targets' : 'target'),
            element('ul', {}, targets)) : null);
  }

  answers() {
    const first = this.texts.a[0] && this.texts.a[0][0];
    let firstRanges = [];
    const columns = this.texts.a.map((trials, i) => element('section', {class: 'answer'},
        element('h3', {}, nameOf(i), badge(this.row.cells[i])),
        trials.length === 0 ? element('p', {class: 'note'}, 'Not asked.') : trials.map((trial, t) => {
          let marks = [];
          if (this.options.diff && i > 0 && first && t === 0 && first.t && trial.t) {
            const diff = wordDiff(first.t, trial.t);
            marks = diff ? diff.right.map((r) => ({...r, what: 'only'})) : [];
            if (diff && this.texts.a.length === 2) {
              firstRanges = diff.left.map((r) => ({...r, what: 'only'}));
            }
          }
          return this.trial(trial, marks, trials.length);
        })));
    if (firstRanges.length > 0) {
      const trials = this.texts.a[0];
      columns[0] = element('section', {class: 'answer'}, element('h3', {}, nameOf(0), badge(this.row.cells[0])),
          trials.map((trial, t) => this.trial(trial, t === 0 ? firstRanges : [], trials.length)));
    }
    return element('div', {class: 'answers'}, columns);
  }

  trial(trial, marks, of) {
    const parts = [];
    if (of > 1) {
      parts.push(element('h4', {}, `Answer ${(trial.r ?? 0) + 1} of ${of}`, ' ', badge({
        outcome: trial.o, value: trial.v, retries: 0, scorers: []})));
    }
    if (trial.f) {
      parts.push(element('p', {class: 'role'}, 'refusal'), this.text(trial.f, []));
    }
    if (trial.R) {
      parts.push(element('details', {}, element('summary', {}, 'Reasoning'), this.text(trial.R, [], trial.Rn)));
    }
    if (trial.t) {
      parts.push(this.text(trial.t, [...marks, ...this.hits(trial)], trial.tn));
    } else if (!trial.f && !trial.tc && !trial.e) {
      parts.push(element('p', {class: 'note'}, 'An empty answer.'));
    }
    for (const [name, call] of trial.tc ?? []) {
      parts.push(element('p', {class: 'role'}, 'tool call ', element('bdi', {}, shown(name))), this.text(call, []));
    }
    if (trial.e) {
      parts.push(element('div', {class: 'error'}, element('b', {}, trial.e[0].replace(/_/g, ' ')), this.text(trial.e[1], [])));
    }
    parts.push(this.scores(trial), this.facts(trial), this.attempts(trial));
    return element('div', {class: 'trial'}, parts);
  }

  // Where what was extracted stands in the answer: its last place.
  hits(trial) {
    if (!this.options.hits) {
      return [];
    }
    const ranges = [];
    for (const score of trial.s ?? []) {
      const from = score.a && trial.t ? trial.t.lastIndexOf(score.a) : -1;
      if (from >= 0 && score.a.length < trial.t.length && !ranges.some((r) => r.from === from)) {
        ranges.push({from, to: from + score.a.length, what: 'hit'});
      }
    }
    return ranges;
  }

  // Text of others with marked ranges, which may overlap.
  text(text, ranges, whole) {
    const borders = [...new Set([0, text.length, ...ranges.flatMap((r) => [r.from, r.to])])].sort((a, b) => a - b);
    const block = element('pre', {class: 'text', dir: 'auto'});
    for (let i = 0; i + 1 < borders.length; ++i) {
      const here = ranges.filter((r) => r.from <= borders[i] && r.to >= borders[i + 1]);
      const nodes = shownNodes(text.slice(borders[i], borders[i + 1]), this.options.white);
      if (here.length === 0) {
        block.append(...nodes);
      } else {
        const hit = here.some((r) => r.what === 'hit');
        const only = here.some((r) => r.what === 'only');
        block.append(element('mark', {class: `${hit ? 'hit ' : ''}${only ? 'only' : ''}`,
                                      title: hit ? 'what a scorer took as the answer' : 'not in the other answer'}, nodes));
      }
    }
    return whole ? [block, element('p', {class: 'note'}, `Cut: the whole text has ${number(whole)} bytes; it stands in the records of the run.`)]
                 : block;
  }

  scores(trial) {
    if (!trial.s) {
      return null;
    }
    const rows = trial.s.map((score) => {
      const judged = /judge|rubric|grader|model.?graded/i.test(score.n);
      return element('tr', {}, element('th', {scope: 'row'}, element('bdi', {}, shown(score.n)), score.x ? element('span', {class: 'dim'}, ' beside the score') : null),
          element('td', {class: 'n'}, score.d ?? (score.v === null || score.v === undefined ? '–' : String(Number(score.v.toFixed(3))))),
          element('td', {dir: 'auto'}, judged && score.w ? element('span', {class: 'dim'}, 'written by a model: ') : null,
              score.w ? shownNodes(score.w, false) : '', this.trace(score)));
    });
    return element('table', {class: 'why'}, element('caption', {class: 'sr'}, 'Scores of this answer'),
        element('thead', {}, element('tr', {}, ['Scorer', 'Score', 'Why'].map((h) => element('th', {scope: 'col'}, h)))),
        element('tbody', {}, rows));
  }

  trace(score) {
    const steps = (score.tr ?? []).map(([step, taken]) => element('li', {}, element('bdi', {}, shown(step)), ' → ',
        taken === null ? element('span', {class: 'dim'}, 'nothing') : element('code', {dir: 'auto'}, ...shownNodes(taken, false))));
    if (steps.length > 0) {
      return element('ol', {class: 'trace'}, steps);
    }
    return score.a !== undefined ? element('p', {class: 'trace'}, 'took ', element('code', {dir: 'auto'}, ...shownNodes(score.a, false))) : null;
  }

  facts(trial) {
    const facts = [];
    const add = (name, value) => value !== null && value !== undefined && facts.push(element('div', {}, element('dt', {}, name), element('dd', {}, value)));
    const ms = (t) => t === undefined ? undefined : `${seconds(t / 1000)} s`;
    add('first token', ms(trial.ttft));
    add('full answer', ms(trial.e2e));
    add('per token', trial.tpot === undefined ? undefined : `${trial.tpot.toFixed(1)} ms`);
    const [input, output, cached, thinking] = trial.u ?? [];
    add('tokens in', input === null || input === undefined ? undefined : number(input) + (cached ? ` (${number(cached)} cached)` : ''));
    add('tokens out', output === null || output === undefined ? undefined : number(output) + (thinking ? ` (${number(thinking)} reasoning)` : ''));
    add('cost', trial.c === undefined ? undefined : `$${trial.c}`);
    add('ended', trial.fin === undefined ? undefined : element('bdi', {}, shown(trial.fin)));
    add('model', trial.mo === undefined ? undefined : element('bdi', {}, shown(trial.mo)));
    add('from', trial.ca ? 'a cache or replay' : undefined);
    add('while', trial.su ? 'the machine slept: no latency' : undefined);
    return element('dl', {class: 'trial-facts'}, facts);
  }

  attempts(trial) {
    const warnings = (trial.w ?? []).map((w) => element('li', {}, 'warning: ', element('bdi', {}, shown(w))));
    const tries = (trial.at ?? []).map((a, i) => element('li', {}, `attempt ${i + 1}: `,
        a.k ? a.k.replace(/_/g, ' ') : 'answered', a.h ? `, HTTP ${a.h}` : '', a.w ? `, after waiting ${seconds(a.w / 1000)} s` : '',
        `, took ${seconds(a.t / 1000)} s`, a.m ? element('div', {class: 'dim', dir: 'auto'}, ...shownNodes(a.m, false)) : null));
    return warnings.length + tries.length > 0 ? element('ul', {class: 'tries'}, warnings, tries) : null;
  }
}
