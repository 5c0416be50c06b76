// The remembered theme, before anything is painted. A classic script in the head: a module would come too late.
"use strict";
try {
  const theme = localStorage.getItem("apus-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Without storage the system's theme holds.
}
