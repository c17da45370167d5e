// Keeps the chosen colours, and sets them before the first paint. Without this script the system's preference holds.
{
  const root = document.documentElement;
  const key = "drift-theme";
  const read = () => {
    try {
      return localStorage.getItem(key) ?? "";
    } catch {
      return ""; // Storage is switched off.
    }
  };
  /** @param {string} theme */
  const apply = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  };
  apply(read());
  document.addEventListener("DOMContentLoaded", () => {
    const choice = document.querySelector("#theme-choice");
    document.querySelector("#theme").hidden = false;
    choice.value = root.dataset.theme ?? "";
    choice.addEventListener("change", () => {
      apply(String(choice.value));
      try {
        localStorage.setItem(key, String(choice.value));
      } catch {
        // Storage is switched off: the choice holds for this page.
      }
    });
  });
}
