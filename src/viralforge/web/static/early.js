/* Before the first paint: that scripts run, and the theme that was chosen. */
document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* no storage: as the system has it */ }
