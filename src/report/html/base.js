// Text and the data of the page.

// Characters that are not seen, or that change how others are seen.
const kUnseen = new RegExp(
    '\\r(?!\\n)|[\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F-\\u009F\\u00AD\\u061C\\u115F\\u1160' +
    '\\u180E\\u200B\\u200E\\u200F\\u2028-\\u202E\\u2060-\\u206F\\u3164\\uFEFF\\uFFF9-\\uFFFB' +
    '\\u{E0000}-\\u{E0FFF}]' +
    '|(?<![\\p{Extended_Pictographic}\\uFE0F\\u{1F3FB}-\\u{1F3FF}])\\u200D' +
    '|(?<![\\u0600-\\u06FF\\u0750-\\u077F\\u0900-\\u0DFF])\\u200C', 'gu');
// More marks on one letter than any script has.
const kPile = /(\p{M}{6})\p{M}+/gu;

const codeOf = (c) => 'U+' + c.codePointAt(0).toString(16).toUpperCase().padStart(4, '0');

// For one line of plain text.
function shown(text) {
  return text.replace(kPile, '$1…').replace(kUnseen, (c) => `⟨${codeOf(c)}⟩`);
}

// The text as nodes: unseen characters as small labels; with `white`, blanks and line ends too.
function shownNodes(text, white) {
  const nodes = [];
  let from = 0;
  const source = text.replace(kPile, '$1…');
  const pattern = white ? new RegExp(kUnseen.source + '|[ \\t\\n\\u00A0\\u2000-\\u200A\\u3000]', 'gu') : kUnseen;
  for (const match of source.matchAll(pattern)) {
    if (match.index > from) {
      nodes.push(source.slice(from, match.index));
    }
    from = match.index + match[0].length;
    const c = match[0];
    const sign = c === ' ' ? '·' : c === '\t' ? '→\t' : c === '\n' ? '↵\n' : codeOf(c);
    nodes.push(element('span', {class: /[ \t\n]/.test(c) ? 'white' : 'unseen'}, sign));
  }
  if (from < source.length) {
    nodes.push(source.slice(from));
  }
  return nodes;
}

const kKept = JSON.parse($('data') ? $('data').textContent : 'null');

async function inflate(base64) {
  const packed = atob(base64);
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; ++i) {
    bytes[i] = packed.charCodeAt(i);
  }
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).text();
}

const blocks = new Map();

// The texts of a case; null where they are not in this file.
async function textsOf(row) {
  if (row.block === null) {
    return null;
  }
  if (!blocks.has(row.block)) {
    blocks.set(row.block, inflate(kKept.blocks[row.block]).then(JSON.parse));
  }
  return (await blocks.get(row.block))[row.place];
}

const kOutcomes = ['scored', 'no_extraction', 'empty', 'truncated', 'refused', 'unscored', 'failed'];

async function readIndex() {
  const index = JSON.parse(await inflate(kKept.index));
  const cases = index.cases.map((c, number) => ({
    number, id: c[0], tags: c[1].map((t) => index.tags[t]), block: c[2], place: c[3], snippet: c[4],
    cells: c[5].map((cell) => cell && {
      outcome: kOutcomes[cell[0]], value: cell[1], e2e: cell[2], ttft: cell[3], retries: cell[4],
      scorers: cell[5],
    }),
  }));
  return {tags: index.tags, scorers: index.scorers, cases};
}

// pass, fail, or an outcome that is neither.
function standing(cell) {
  if (!cell) {
    return 'none';
  }
  if (cell.value === null) {
    return cell.outcome === 'failed' ? 'failed' : 'unscored';
  }
  return cell.value >= 0.5 ? 'pass' : 'fail';
}

const kColumns = kKept ? kKept.columns : [];
const columnClass = (i) => `c${i % 6}`;

function nameOf(i) {
  const name = element('span', {class: `name ${columnClass(i)}`}, element('bdi', {}, shown(kColumns[i].name)));
  return kColumns[i].simulated ? element('span', {}, name, ' ', element('span', {class: 'sim'}, 'simulated')) : name;
}

function seconds(s) {
  return s < 0.0995 ? s.toFixed(3) : s < 9.995 ? s.toFixed(2) : s < 99.95 ? s.toFixed(1) : s.toFixed(0);
}

const percent = (share) => `${(share * 100).toFixed(1)}%`;
const number = (n) => n.toLocaleString('en-US');
