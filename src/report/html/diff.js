// Which words of two texts the other one does not have, in order (Myers 1986).

const kWord = /\s+|[\p{L}\p{N}\p{M}_]+|[^\s\p{L}\p{N}\p{M}_]/gu;
// Texts that differ in more words than this share nothing worth marking.
const kMostEdits = 1500;

function wordsOf(text) {
  return Array.from(text.matchAll(kWord), (m) => ({text: m[0], from: m.index, to: m.index + m[0].length}));
}

// For both texts the ranges that only they have; null: too different.
function wordDiff(a, b) {
  const left = wordsOf(a);
  const right = wordsOf(b);
  let start = 0;
  while (start < left.length && start < right.length && left[start].text === right[start].text) {
    ++start;
  }
  let end = 0;
  while (end < left.length - start && end < right.length - start &&
         left[left.length - 1 - end].text === right[right.length - 1 - end].text) {
    ++end;
  }
  const x = left.slice(start, left.length - end);
  const y = right.slice(start, right.length - end);
  const path = shortestEdit(x, y);
  return path && {left: joined(x, path.removed), right: joined(y, path.added)};
}

function shortestEdit(x, y) {
  const n = x.length;
  const m = y.length;
  const most = Math.min(n + m, kMostEdits);
  const trace = [];
  const v = new Int32Array(2 * most + 3);
  const middle = most + 1;
  for (let d = 0; d <= most; ++d) {
    trace.push(v.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      let i = k === -d || (k !== d && v[middle + k - 1] < v[middle + k + 1]) ? v[middle + k + 1]
                                                                           : v[middle + k - 1] + 1;
      while (i < n && i - k < m && x[i].text === y[i - k].text) {
        ++i;
      }
      v[middle + k] = i;
      if (i >= n && i - k >= m) {
        return walkBack(trace, n, m);
      }
    }
  }
  return null;
}

function walkBack(trace, n, m) {
  const removed = new Set();
  const added = new Set();
  let i = n;
  let j = m;
  for (let d = trace.length - 1; d > 0; --d) {
    const v = trace[d];
    const at = (k) => v[k + d + 1];
    const k = i - j;
    const down = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const before = down ? k + 1 : k - 1;
    i = at(before);
    j = i - before;
    if (down) {
      added.add(j);
    } else {
      removed.add(i);
    }
  }
  return {removed, added};
}

// Neighbouring words as one range; blanks alone are not worth a mark.
function joined(words, marked) {
  const ranges = [];
  words.forEach((word, i) => {
    if (!marked.has(i)) {
      return;
    }
    const last = ranges[ranges.length - 1];
    if (last && last.to === word.from) {
      last.to = word.to;
    } else {
      ranges.push({from: word.from, to: word.to});
    }
  });
  return ranges;
}
