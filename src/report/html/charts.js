// Curves and the timeline, as SVG, each with its figures as a table below.

// Round numbers on a logarithmic scale: 0.1, 0.2, 0.5, 1, ...; more of them the less it spans.
function logTicks(lo, hi) {
  const ticks = [];
  const span = Math.log10(hi / lo);
  const digits = span > 3 ? [1] : span > 1.2 ? [1, 2, 5] : span > 0.5 ? [1, 1.5, 2, 3, 5, 7] : [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9];
  for (let decade = Math.floor(Math.log10(lo)); decade <= Math.ceil(Math.log10(hi)); ++decade) {
    for (const digit of digits) {
      const tick = digit * 10 ** decade;
      if (tick >= lo * 0.999 && tick <= hi * 1.001) {
        ticks.push(tick);
      }
    }
  }
  return ticks;
}

function linearTicks(hi, count) {
  const raw = hi / count;
  const unit = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * unit).find((s) => s >= raw);
  const ticks = [];
  for (let t = 0; t <= hi * 1.0001; t += step) {
    ticks.push(t);
  }
  return ticks;
}

const plain = (n) => String(Number(n.toPrecision(3)));

function table(caption, head, rows) {
  const cells = (row) => row.map((cell, i) => i === 0 ? element('th', {scope: 'row'}, cell)
                                                      : element('td', {class: 'n'}, cell));
  return element('details', {class: 'behind'}, element('summary', {}, 'Figures of this chart'),
      element('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption},
      element('table', {}, element('caption', {class: 'sr'}, caption),
      element('thead', {}, element('tr', {}, head.map((h) => element('th', {scope: 'col'}, h)))),
      element('tbody', {}, rows.map((row) => element('tr', {}, cells(row)))))));
}

function legend() {
  return element('p', {class: 'legend'}, kColumns.map((_, i) => nameOf(i)));
}

const quantile = (x, q) => x[Math.min(x.length - 1, Math.max(0, Math.ceil(q * x.length) - 1))];

// What share of the answers had come by then.
class CurveChart {
  constructor(metric, title) {
    this.title = title;
    this.series = kKept.ecdf[metric].map((s) => ({n: s.n, x: s.x}));
    const finite = this.series.flatMap((s) => s.x.filter((v) => v !== null && v > 0));
    this.lo = Math.min(...finite);
    this.hi = Math.max(...finite);
    if (this.hi < this.lo * 2) {
      this.lo /= 1.4;
      this.hi *= 1.4;
    }
    this.empty = finite.length === 0;
    this.box = {left: 46, right: 548, top: 14, bottom: 250};
  }

  x(s) {
    const share = Math.log(s / this.lo) / Math.log(this.hi / this.lo);
    return this.box.left + share * (this.box.right - this.box.left);
  }
  y(share) {
    return this.box.bottom - share * (this.box.bottom - this.box.top);
  }

  frame(description, yTicks, yText) {
    const svg = drawing('svg', {viewBox: '0 0 560 290', class: 'chart', role: 'img'},
        drawing('title', {}, this.title), drawing('desc', {}, description));
    for (const t of yTicks) {
      svg.append(drawing('path', {class: 'grid', d: `M${this.box.left} ${this.y(t)}H${this.box.right}`}),
          drawing('text', {class: 'tick', x: this.box.left - 6, y: this.y(t) + 4, 'text-anchor': 'end'}, yText(t)));
    }
    for (const t of logTicks(this.lo, this.hi)) {
      svg.append(drawing('path', {class: 'grid', d: `M${this.x(t)} ${this.box.top}V${this.box.bottom}`}),
          drawing('text', {class: 'tick', x: this.x(t), y: this.box.bottom + 16, 'text-anchor': 'middle'}, plain(t)));
    }
    svg.append(drawing('text', {class: 'axis-name', x: this.box.right, y: 286, 'text-anchor': 'end'},
        'seconds, logarithmic'));
    return svg;
  }

  // [seconds, share] of every step.
  steps(series) {
    return series.x.map((v, i) => [v, (i + 1) / series.x.length]).filter(([v]) => v !== null && v > 0);
  }

  band(series) {
    const half = Math.sqrt(Math.log(2 / 0.05) / (2 * series.n));
    const points = this.steps(series);
    const at = (share) => this.y(Math.min(1, Math.max(0, share)));
    let upper = `M${this.x(points[0][0])} ${at(half)}`;
    let lower = '';
    for (const [s, share] of points) {
      upper += `H${this.x(s).toFixed(1)}V${at(share + half).toFixed(1)}`;
    }
    upper += `H${this.box.right}`;
    let before = points[points.length - 1][1];
    lower += `V${at(before - half).toFixed(1)}`;
    for (let i = points.length - 1; i >= 0; --i) {
      before = i > 0 ? points[i - 1][1] : 0;
      lower += `H${this.x(points[i][0]).toFixed(1)}V${at(before - half).toFixed(1)}`;
    }
    return `${upper}${lower}Z`;
  }

  curves() {
    const svg = this.frame('Share of answers that had come by each time, with the 95% band of the whole curve',
        [0, 0.25, 0.5, 0.75, 1], (t) => `${t * 100}%`);
    this.series.forEach((series, i) => {
      if (this.steps(series).length > 0 && kColumns.length <= 3) {
        svg.append(drawing('path', {class: `band ${columnClass(i)}`, d: this.band(series)}));
      }
    });
    this.series.forEach((series, i) => {
      const points = this.steps(series);
      if (points.length === 0) {
        return;
      }
      let path = `M${this.x(points[0][0]).toFixed(1)} ${this.y(0)}`;
      for (const [s, share] of points) {
        path += `H${this.x(s).toFixed(1)}V${this.y(share).toFixed(1)}`;
      }
      path += `H${this.box.right}`;
      svg.append(drawing('path', {class: `curve ${columnClass(i)}`, d: path}));
    });
    return svg;
  }

  histogram() {
    const bins = 28;
    const counts = this.series.map((series) => {
      const count = new Array(bins).fill(0);
      for (const v of series.x) {
        if (v !== null && v > 0) {
          const at = Math.log(v / this.lo) / Math.log(this.hi / this.lo) * bins;
          count[Math.min(bins - 1, Math.floor(at))] += 1 / series.x.length;
        }
      }
      return count;
    });
    const top = Math.max(...counts.flat(), 0.01);
    const svg = this.frame('Share of answers in each of 28 equal steps of the logarithm of time',
        [0, 0.5, 1], (t) => percent(t * top));
    const width = (this.box.right - this.box.left) / bins;
    counts.forEach((count, i) => {
      let path = `M${this.box.left} ${this.y(0)}`;
      count.forEach((c, bin) => {
        path += `V${this.y(c / top).toFixed(1)}H${(this.box.left + (bin + 1) * width).toFixed(1)}`;
      });
      svg.append(drawing('path', {class: `band ${columnClass(i)}`, d: `${path}V${this.y(0)}Z`}),
          drawing('path', {class: `curve ${columnClass(i)}`, d: `${path}V${this.y(0)}`}));
    });
    return svg;
  }

  // The shares of all curves under the pointer.
  follow(svg) {
    const line = drawing('path', {class: 'cursor', d: ''});
    const note = element('p', {class: 'readout', 'aria-hidden': 'true'}, ' ');
    svg.append(line);
    svg.addEventListener('pointermove', (event) => {
      const box = svg.getBoundingClientRect();
      const at = (event.clientX - box.left) / box.width * 560;
      if (at < this.box.left || at > this.box.right) {
        return;
      }
      const s = this.lo * (this.hi / this.lo) ** ((at - this.box.left) / (this.box.right - this.box.left));
      line.setAttribute('d', `M${at.toFixed(1)} ${this.box.top}V${this.box.bottom}`);
      const shares = this.series.map((series, i) => {
        const come = series.x.filter((v) => v !== null && v <= s).length;
        return `${shown(kColumns[i].name)} ${percent(series.x.length ? come / series.x.length : 0)}`;
      });
      note.textContent = `within ${seconds(s)} s: ${shares.join(' · ')}`;
    });
    svg.addEventListener('pointerleave', () => {
      line.setAttribute('d', '');
      note.textContent = ' ';
    });
    return note;
  }

  figures() {
    const shares = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
    return table(`${this.title}: seconds by share of answers`, ['Share', ...kColumns.map((c) => shown(c.name))],
        shares.map((q) => [`${q * 100}%`, ...this.series.map((series) => {
          const v = series.x.length ? quantile(series.x, q) : undefined;
          return v === undefined ? '–' : v === null ? 'timed out' : seconds(v);
        })]));
  }

  figure() {
    const holder = element('div', {class: 'plot'});
    let curves = true;
    const draw = () => {
      const svg = curves ? this.curves() : this.histogram();
      holder.replaceChildren(svg, this.follow(svg));
    };
    const toggle = element('button', {type: 'button', class: 'small', 'aria-pressed': 'false', onclick: () => {
      curves = !curves;
      toggle.setAttribute('aria-pressed', String(!curves));
      draw();
    }}, 'Histogram');
    draw();
    return element('figure', {class: 'card'}, element('figcaption', {}, element('b', {}, this.title), toggle),
        holder, legend(), this.figures());
  }
}

function latencyCharts() {
  const place = $('latency-charts');
  for (const [metric, title] of [['ttft', 'Time to first token'], ['e2e', 'Time to full answer']]) {
    const chart = new CurveChart(metric, title);
    if (!chart.empty) {
      place.append(chart.figure());
    }
  }
}

// Start of each trial against how long it took.
class Timeline {
  constructor() {
    this.series = kKept.timeline;
    const all = this.series.flatMap((s) => s.p);
    this.end = Math.max(1e-3, ...all.map((p) => p[0]));
    const took = all.map((p) => p[1]).filter((t) => t > 0);
    this.empty = took.length === 0;
    this.lo = Math.min(...took) / 1.15;
    this.hi = Math.max(...took) * 1.15;
    // On a narrow screen a wide picture would shrink until its words cannot be read.
    this.wide = $('timeline-chart').clientWidth > 700 || $('timeline-chart').clientWidth === 0;
    this.box = {left: 46, right: this.wide ? 1148 : 548, top: 12, bottom: 236};
    this.bins = Math.min(24, Math.max(1, Math.floor(all.length / 10)));
  }
  x(at) {
    return this.box.left + at / this.end * (this.box.right - this.box.left);
  }
  y(took) {
    const share = Math.log(Math.max(took, this.lo) / this.lo) / Math.log(this.hi / this.lo);
    return this.box.bottom - share * (this.box.bottom - this.box.top);
  }

  // Trials by the part of the run in which they began.
  binned(series) {
    const bins = Array.from({length: this.bins}, () => []);
    for (const p of series.p) {
      bins[Math.min(this.bins - 1, Math.floor(p[0] / this.end * this.bins))].push(p);
    }
    return bins.map((points) => {
      const took = points.filter((p) => p[2] === 0).map((p) => p[1]).sort((a, b) => a - b);
      return {median: took.length ? took[took.length >> 1] : null, retried: points.filter((p) => p[2] === 1).length,
              failed: points.filter((p) => p[2] === 2).length};
    });
  }

  draw() {
    const svg = drawing('svg', {viewBox: `0 0 ${this.wide ? 1160 : 560} 276`, class: 'chart', role: 'img'},
        drawing('title', {}, 'Timeline of the run'),
        drawing('desc', {}, 'Each trial at the time it began, by how long it took; lines are medians'));
    for (const t of logTicks(this.lo, this.hi)) {
      svg.append(drawing('path', {class: 'grid', d: `M${this.box.left} ${this.y(t)}H${this.box.right}`}),
          drawing('text', {class: 'tick', x: this.box.left - 6, y: this.y(t) + 4, 'text-anchor': 'end'}, plain(t)));
    }
    for (const t of linearTicks(this.end, this.wide ? 10 : 5)) {
      svg.append(drawing('text', {class: 'tick', x: this.x(t), y: this.box.bottom + 17, 'text-anchor': 'middle'},
          plain(t)));
    }
    svg.append(drawing('text', {class: 'axis-name', x: this.box.right, y: 272, 'text-anchor': 'end'},
        this.wide ? 'seconds since the first request; upwards: seconds taken, logarithmic' : 'began, s; upwards: took, s (logarithmic)'));
    this.series.forEach((series, i) => {
      const parts = ['', '', ''];
      for (const [at, took, kind] of series.p) {
        const x = this.x(at).toFixed(1);
        const y = this.y(took).toFixed(1);
        parts[kind] += kind === 0 ? `M${x} ${y}h0` : kind === 1 ? `M${x} ${y}m-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0`
                                                                : `M${x} ${y}m-4 -4l8 8m0 -8l-8 8`;
      }
      ['points', 'retried', 'failed'].forEach((what, kind) => {
        if (parts[kind]) {
          svg.append(drawing('path', {class: `${what} ${columnClass(i)}`, d: parts[kind]}));
        }
      });
    });
    this.series.forEach((series, i) => {
      let path = '';
      this.binned(series).forEach((bin, at) => {
        if (bin.median !== null) {
          path += `${path ? 'L' : 'M'}${this.x((at + 0.5) / this.bins * this.end).toFixed(1)} ${this.y(bin.median).toFixed(1)}`;
        }
      });
      svg.append(drawing('path', {class: `curve ${columnClass(i)}`, d: path}));
    });
    return svg;
  }

  figures() {
    const binned = this.series.map((series) => this.binned(series));
    const head = ['Began within', ...kColumns.flatMap((c) => {
      const name = shown(c.name);
      return [`${name}: median s`, `${name}: retried`, `${name}: failed`];
    })];
    const rows = Array.from({length: this.bins}, (_, at) => [
      `${plain(at / this.bins * this.end)} to ${plain((at + 1) / this.bins * this.end)} s`,
      ...binned.flatMap((bins) => [bins[at].median === null ? '–' : seconds(bins[at].median),
                                   String(bins[at].retried), String(bins[at].failed)])]);
    return table('Timeline: medians, retried and failed trials', head, rows);
  }

  figure() {
    const some = this.series.some((s) => s.p.length < s.n);
    const key = element('p', {class: 'note'}, '○ answered after retries   ✕ failed' +
        (some ? '   · of many answers a sample is drawn' : ''));
    return element('figure', {class: 'card wide'}, this.draw(), legend(), key, this.figures());
  }
}

function timelineChart() {
  const chart = new Timeline();
  if (chart.empty) {
    $('timeline').parentElement.hidden = true;
  } else {
    $('timeline-chart').append(chart.figure());
  }
}
