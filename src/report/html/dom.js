// Elements. Text of others is only ever put into text nodes.

const $ = (id) => document.getElementById(id);

function element(name, attributes = {}, ...children) {
  return furnish(document.createElement(name), attributes, children);
}

function drawing(name, attributes = {}, ...children) {
  return furnish(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children);
}

// Attributes are of our own making: names in the code, values numbers or words of ours. A `class`
// or an `id` never holds text of others.
function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) {
      node.addEventListener(name.slice(2), value);
    } else if (value === true) {
      node.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) {
      node.append(child);
    }
  }
  return node;
}

