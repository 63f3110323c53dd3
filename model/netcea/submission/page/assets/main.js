/* Where the page begins: tables, figures, the panel, light and dark, what is printed. */

function startTheme() {
  const button = document.getElementById("theme");
  const themes = ["as the system has it", "light", "dark"];
  let at = 0;
  button.addEventListener("click", () => {
    at = (at + 1) % themes.length;
    if (at) document.documentElement.dataset.theme = themes[at];
    else delete document.documentElement.dataset.theme;
    button.querySelector("span").textContent = `Colours: ${themes[at]}`;
  });
}

function startPrinting() {
  const opened = [];
  window.addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details[data-print]:not([open])")) {
      details.open = true;
      opened.push(details);
    }
  });
  window.addEventListener("afterprint", () => {
    while (opened.length) opened.pop().open = false;
  });
}

document.documentElement.classList.add("scripted");
startTheme();
startPrinting();
for (const table of document.querySelectorAll("table")) prepareTable(table);
startSurvival();
startTornado();
const ready = startPanel().then((panel) => {
  document.documentElement.dataset.ready = "yes";
  performance.mark("ready");
  return panel;
});
window.netcea = Object.freeze({ ready, tsv, pounds, fixed, read, known, errorShown, icer, shown, sum, mean, deviation, quantile, compare, fullyIncremental, acceptability });
