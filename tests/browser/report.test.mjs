// The report as a reader meets it: figures, filters, keys, links, and texts that attack it.
import assert from 'node:assert/strict';
import {createRequire} from 'node:module';
import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, test} from 'node:test';

const require = createRequire(import.meta.url);
const {chromium} = require('playwright-core');
const {HtmlValidate} = require('html-validate');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const profile = mkdtempSync(join(tmpdir(), 'faceoff-chromium-'));
const kPatience = Number(process.env.PATIENCE ?? 120000);
let browser;
let trouble = [];

const fileOf = (name) => join(process.env.REPORTS, `${name}.html`);

before(async () => {
  browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM, headless: true, timeout: kPatience, viewport: {width: 1280, height: 900},
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
           '--disable-component-update', '--disable-sync'],
  });
  browser.setDefaultTimeout(kPatience);
}, {timeout: 2 * kPatience});

after(async () => {
  await browser?.close();
  rmSync(profile, {recursive: true, force: true, maxRetries: 5});
});

// Opens a report and notes everything that should not happen on it.
async function open(name, hash = '') {
  const page = await browser.newPage();
  trouble = [];
  const here = `file://${fileOf(name)}`;
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && trouble.push(`console: ${m.text()}`));
  page.on('pageerror', (e) => trouble.push(`error: ${e}`));
  page.on('dialog', (d) => { trouble.push(`dialog: ${d.message()}`); d.dismiss(); });
  page.on('request', (r) => r.url().split('#')[0] !== here && trouble.push(`request: ${r.url().slice(0, 200)}`));
  await page.goto(here + hash);
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'yes');
  return page;
}

async function close(page) {
  await page.close();
  assert.deepEqual(trouble, []);
}

const status = (page) => page.locator('.status').textContent();
const untilStatus = (page, text) => page.waitForFunction(
    (wanted) => document.querySelector('.status').textContent.startsWith(wanted), text);
const untilOpen = (page, id) => page.waitForFunction((wanted) => {
  const dialog = document.querySelector('dialog.detail');
  return dialog.open && document.querySelector('#detail-title').textContent === wanted && dialog.querySelector('.answers');
}, id);

test('shows verdict, scores, curves and timeline, each with its figures as a table', async () => {
  const page = await open('good');
  assert.match(await page.locator('#verdict').textContent(), /gpt-4o and llama-4-scout cannot be told apart with 199 cases.*difference between/);
  assert.equal(await page.locator('table.scores tbody tr').count(), 5);
  assert.equal(await page.locator('#latency-charts svg.chart').count(), 2);
  assert.equal(await page.locator('#timeline-chart svg.chart').count(), 1);
  for (const svg of await page.locator('svg.chart').all()) {
    assert.ok(await svg.locator('title').textContent());
  }
  assert.equal(await page.locator('figure details.behind table').count(), 3);
  await page.getByRole('button', {name: 'Histogram'}).first().click();
  assert.equal(await page.getByRole('button', {name: 'Histogram'}).first().getAttribute('aria-pressed'), 'true');
  await close(page);
});

test('filters cases and keeps the filter in the address', async () => {
  const page = await open('good');
  assert.equal(await status(page), '200 cases');
  await page.locator('#f-tag').selectOption('math');
  await untilStatus(page, '50 of 200');
  assert.match(page.url(), /#tag=math$/);
  await page.locator('#f-s1').selectOption('failed');
  await page.locator('#f-tag').selectOption('');
  await untilStatus(page, '1 of 200');
  await page.getByRole('button', {name: 'Reset'}).click();
  await untilStatus(page, '200 cases');
  await page.locator('#f-q').fill('question 77:');
  await untilStatus(page, '1 of 200');
  const address = page.url();
  await close(page);

  const again = await open('good', address.slice(address.indexOf('#')));
  await untilStatus(again, '1 of 200');
  assert.equal(await again.locator('#f-q').inputValue(), 'question 77:');
  assert.equal(await again.locator('.cases tbody a').first().textContent(), 'case-077');
  await close(again);
});

test('follows links to a case and to the cases behind a count', async () => {
  const page = await open('good', '#case=case-017');
  await untilOpen(page, 'case-017');
  assert.match(await page.locator('.answer').first().textContent(), /I cannot help with that\./);
  await page.keyboard.press('Escape');
  await page.waitForFunction(() => !document.querySelector('dialog.detail').open);
  assert.doesNotMatch(page.url(), /case=/);
  await page.locator('a[href="#s1=failed"]').click();
  await untilStatus(page, '1 of 200');
  await page.locator('.flips a').first().click();
  await page.waitForFunction(() => document.querySelector('dialog.detail').open);
  await close(page);
});

test('is driven by keys', async () => {
  const page = await open('good');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  assert.equal(await page.locator('.cases tr.here a').textContent(), 'case-000');
  await page.keyboard.press('Enter');
  await untilOpen(page, 'case-000');
  await page.keyboard.press('j');
  await untilOpen(page, 'case-001');
  await page.keyboard.press('k');
  await untilOpen(page, 'case-000');
  await page.keyboard.press('Escape');
  await page.keyboard.press('f');
  await page.waitForFunction(() => location.hash.includes('show=flips'));
  await page.keyboard.press('f');
  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'f-q');
  await page.keyboard.type('case-150');
  await untilStatus(page, '1 of 200');
  await page.keyboard.press('Escape');
  await untilStatus(page, '200 cases');
  await page.keyboard.press('?');
  assert.ok(await page.locator('dialog.help').evaluate((d) => d.open));
  await page.keyboard.press('Escape');
  await page.keyboard.press('t');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await close(page);
});

test('marks the words that differ and what a scorer took', async () => {
  const page = await open('good', '#show=only0');
  await page.waitForFunction(() => document.querySelector('.cases tbody a'));
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelectorAll('.answer').length === 2);
  const marks = await page.locator('.answer mark.only').allTextContents();
  assert.ok(marks.some((m) => m.includes('Never')), marks.join('|'));
  assert.match((await page.locator('.answer mark.hit').allTextContents()).join(''), /Within \d+ days/);
  await page.keyboard.press('d');
  assert.equal(await page.locator('.answer mark.only').count(), 0);
  await page.keyboard.press('w');
  assert.ok(await page.locator('.answer .white').count() > 0);
  await close(page);
});

test('stays fluid with 10,000 cases', async () => {
  assert.ok(statSync(fileOf('many')).size < 10e6);
  const page = await open('many');
  assert.equal(await status(page), '10,000 cases');
  assert.ok(await page.locator('.cases tbody tr').count() < 80);
  await page.locator('.viewport').evaluate((v) => { v.scrollTop = v.scrollHeight; });
  await page.waitForFunction(() => [...document.querySelectorAll('.cases tbody a')].some((a) => a.textContent === 'case-9999'));
  assert.ok(await page.locator('.cases tbody tr').count() < 80);
  await page.locator('#f-q').fill('question 9876:');
  await untilStatus(page, '1 of 10,000');
  await page.locator('.cases tbody a').first().click();
  await untilOpen(page, 'case-9876');
  await close(page);
});

test('draws score and latency over the runs of a suite', async () => {
  const page = await open('trend');
  assert.equal(await page.locator('svg.chart').count(), 3);
  assert.equal(await page.locator('figure details.behind table').count(), 3);
  assert.match(await page.locator('.top .title').textContent(), /over 8 runs/);
  assert.match(await page.locator('svg.chart').first().locator('g title').first().textContent(), /gpt-4o: \d+\.\d% \[/);
  await page.keyboard.press('t');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  for (const width of [360, 1280]) {
    await page.setViewportSize({width, height: 800});
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `at ${width}`);
  }
  await close(page);

  const report = await open('history', '#trend');
  assert.equal(await report.locator('section[aria-labelledby="trend"] svg.chart').count(), 3);
  assert.match(await report.locator('section[aria-labelledby="trend"]').textContent(), /this run/);
  const top = await report.locator('#trend').evaluate((h) => h.getBoundingClientRect().top);
  assert.ok(top >= 0 && top < 200, `the address leads to the part: ${top}`);
  await close(report);
});

test('is as wide as the window, whatever it shows', async () => {
  for (const name of ['good', 'hostile', 'one', 'three', 'failed', 'history']) {
    const page = await open(name);
    for (const width of [360, 768, 1280]) {
      await page.setViewportSize({width, height: 800});
      const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(wide <= room, `${name} at ${width}: ${wide}`);
    }
    await close(page);
  }
});

test('Out04 makes nothing of hostile texts but text', async () => {
  const page = await open('hostile');
  const ours = await page.evaluate(async () => {
    const names = new Set();
    const look = () => document.querySelectorAll('*').forEach((e) => names.add(e.localName));
    look();
    const ids = [...Array(document.querySelectorAll('.cases tbody tr').length).keys()];
    return {names: [...names], rows: ids.length};
  });
  assert.ok(ours.rows > 10);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('dialog.detail').open && document.querySelector('.answers'));
  for (let i = 0; i < 24; ++i) {
    await page.keyboard.press('j');
    await page.waitForFunction(() => document.querySelector('.answers .trial'));
    const found = await page.evaluate(() => ({
      evil: document.querySelectorAll('#evil, .evil, img, iframe, object, embed, base, math, audio, video, [onerror], ' +
                                      '[onload], [onmouseover], [style*="display:none"], meta[http-equiv="refresh"]').length,
      scripts: document.scripts.length, styles: document.querySelectorAll('style').length, flag: window.evil,
      links: [...document.querySelectorAll('a')].filter((a) => !a.getAttribute('href').startsWith('#')).length,
      title: document.title,
    }));
    assert.deepEqual({...found, title: 0}, {evil: 0, scripts: 2, styles: 1, flag: undefined, links: 0, title: 0});
    assert.match(found.title, /faceoff report$/);
  }
  // Direction overrides, controls and what cannot be seen are labels, not characters of the page.
  const hidden = await page.evaluate(() => /[\u0000-\u0008\u000E-\u001F\u007F-\u009F\u200B\u202A-\u202E\u2066-\u2069]/.test(
      document.body.innerText));
  assert.equal(hidden, false);
  await close(page);
});

test('is valid HTML', async () => {
  const validate = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: {
      'long-title': 'off', 'no-inline-style': 'error', 'require-sri': 'off', 'no-raw-characters': 'error',
      // Texts of others: how long they are, and what blanks they hold, is not ours.
      'no-trailing-whitespace': 'off', 'attr-quotes': 'error',
      // A table that scrolls is a region with a name and takes the focus.
      'prefer-native-element': 'off', 'no-redundant-role': 'off',
    },
  });
  for (const name of ['good', 'hostile', 'one', 'three', 'failed', 'history', 'trend']) {
    const report = await validate.validateString(readFileSync(fileOf(name), 'utf8'));
    const faults = report.results.flatMap((r) => r.messages).filter((m) => m.severity === 2)
        .map((m) => `${name}: ${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
    assert.deepEqual(faults.slice(0, 20), []);
  }
});

test('has no serious fault for readers of the screen, light and dark', async () => {
  for (const scheme of ['light', 'dark']) {
    const page = await open('good', '#case=case-003');
    await page.emulateMedia({colorScheme: scheme, reducedMotion: 'reduce'});
    await untilOpen(page, 'case-003');
    const faults = async () => {
      await page.evaluate(axe);
      return page.evaluate(async () => (await window.axe.run(document)).violations
          .filter((v) => ['serious', 'critical'].includes(v.impact))
          .map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' ; ')}`));
    };
    assert.deepEqual(await faults(), [], `${scheme}, a case`);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog.detail').open);
    assert.deepEqual(await faults(), [], `${scheme}, the page`);
    await close(page);
    const trend = await open('trend');
    await trend.emulateMedia({colorScheme: scheme, reducedMotion: 'reduce'});
    await trend.evaluate(axe);
    assert.deepEqual(await trend.evaluate(async () => (await window.axe.run(document)).violations
        .filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => v.id)), [], `${scheme}, the trend`);
    await close(trend);
  }
});

test('prints its figures and none of its controls', async () => {
  const page = await open('good');
  await page.emulateMedia({media: 'print'});
  assert.equal(await page.locator('.viewport').isVisible(), false);
  assert.equal(await page.locator('nav').isVisible(), false);
  assert.ok(await page.locator('table.scores').isVisible());
  assert.ok(await page.locator('#latency-charts svg.chart').first().isVisible());
  // What is folded away is content: it is printed, but for the tables behind charts.
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  assert.ok(await page.locator('details.more table').first().isVisible());
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  assert.equal(await page.locator('details.more table').first().isVisible(), false);
  await close(page);
});

test('shows its figures where scripts are off', async () => {
  const context = await chromium.launchPersistentContext(mkdtempSync(join(profile, 'plain-')), {
    executablePath: process.env.CHROMIUM, headless: true, timeout: kPatience, javaScriptEnabled: false,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
           '--disable-component-update', '--disable-sync'],
  });
  try {
    const page = await context.newPage();
    await page.goto(`file://${fileOf('good')}`);
    assert.ok(await page.locator('table.scores').isVisible());
    assert.equal(await page.locator('#timeline').isVisible(), false);
    assert.match(await page.locator('noscript').first().innerHTML(), /needs JavaScript/);
  } finally {
    await context.close();
  }
});
