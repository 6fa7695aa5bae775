// Sets the theme before the first paint. Without a choice the system's counts, also when it changes.
(function () {
  var root = document.documentElement;
  var dark = matchMedia('(prefers-color-scheme: dark)');
  function apply() {
    var chosen = null;
    try {
      chosen = localStorage.getItem('callboard.theme');
    } catch {
      // storage is switched off
    }
    if (chosen === 'light' || chosen === 'dark') {
      root.dataset.theme = chosen;
    } else {
      delete root.dataset.theme;
    }
    root.dataset.mantineColorScheme = chosen === 'dark' || (chosen !== 'light' && dark.matches) ? 'dark' : 'light';
  }
  apply();
  dark.addEventListener('change', apply);
  addEventListener('storage', apply); // another tab has chosen
  addEventListener('callboard:theme', apply);
})();
