// Light or dark: what the system asks for, until the reader says otherwise.

function currentTheme() {
  return document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
}

function switchTheme() {
  document.documentElement.dataset.theme = currentTheme() === 'dark' ? 'light' : 'dark';
}

function themeButton() {
  return element('button', {type: 'button', class: 'small', onclick: switchTheme}, 'Light / dark');
}

