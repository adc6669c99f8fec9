// A page whose tables and charts stand in the document: only the theme needs a script.

document.documentElement.classList.add('script');
$('tools').append(themeButton());
document.addEventListener('keydown', (event) => {
  if (event.key === 't' && !event.ctrlKey && !event.metaKey && !event.altKey) {
    switchTheme();
  }
});
document.documentElement.dataset.ready = 'yes';
