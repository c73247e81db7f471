// Sends what is filled in to the server as it changes, and shows what comes back. All else is
// done there: the page works without this but for results that follow the fields.
"use strict";
(() => {
  const form = document.getElementById("form");
  const words = JSON.parse(form.dataset.words);
  const status = document.getElementById("status");
  const bar = document.getElementById("progress");
  const shown = document.getElementById("shown");
  const mistakes = document.getElementById("mistakes");
  let stream = null, waiting = 0, asked = 0;

  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const fields = () => new URLSearchParams(new FormData(form)).toString();
  const controlOf = (name) => form.querySelector(`[data-path="${CSS.escape(name)}"]`);

  function markMistakes(wrong, labels) {
    form.querySelectorAll(".mistake").forEach((each) => { each.hidden = true; each.textContent = ""; });
    form.querySelectorAll("[aria-invalid]").forEach((each) => each.removeAttribute("aria-invalid"));
    const list = mistakes.querySelector("ul");
    list.replaceChildren();
    for (const [name, text] of Object.entries(wrong)) {
      const place = document.getElementById(`e-${name}`), field = document.getElementById(`c-${name}`);
      if (place) { place.textContent = text; place.hidden = false; }
      if (field) field.setAttribute("aria-invalid", "true");
      const line = document.createElement("li");
      if (field) {
        const link = document.createElement("a");
        link.href = `#c-${name}`;
        link.textContent = labels[name] || name;
        line.append(link, ": ");
      }
      line.append(text);
      list.append(line);
    }
    mistakes.hidden = list.children.length === 0;
  }

  function markChanged(changed) {
    form.querySelectorAll(".control").forEach((each) => {
      const is = changed.includes(each.dataset.path);
      each.classList.toggle("changed", is);
      const mark = each.querySelector(".mark");
      if (mark) mark.hidden = !is;
    });
  }

  function putLinks(query, languages) {
    document.querySelectorAll("[data-page]").forEach((each) => { each.href = `${each.dataset.page}?${query}`; });
    document.querySelectorAll("[data-language]").forEach((each) => { each.href = `/?${languages[each.dataset.language]}`; });
  }

  function stop() {
    if (stream) { stream.close(); stream = null; }
    bar.hidden = true;
    shown.setAttribute("aria-busy", "false");
  }

  function run(query) {
    stop();
    status.textContent = words.running;
    shown.setAttribute("aria-busy", "true");
    bar.hidden = false;
    bar.value = 0;
    stream = new EventSource(`/run?${query}`);
    stream.addEventListener("tick", (event) => { const at = JSON.parse(event.data); bar.max = at.total; bar.value = at.done; });
    stream.addEventListener("results", (event) => {
      const found = JSON.parse(event.data);
      const open = new Set([...shown.querySelectorAll("details[open] > summary")].map((each) => each.textContent));
      const inside = shown.contains(document.activeElement);
      const charts = shown.querySelector("#charts");
      shown.innerHTML = found.html;  // made by the server, which escapes all that is filled in
      if (charts && !shown.querySelector("#charts")) {  // the first answer is made in haste
        charts.classList.add("before");
        shown.querySelector("#answer").after(charts);
      }
      shown.querySelectorAll("details > summary").forEach((each) => { if (open.has(each.textContent)) each.parentElement.open = true; });
      if (inside) document.getElementById("results").focus();
      shown.dataset.replications = found.replications;
      const said = filled(found.last ? words.done : words.stage, found);
      if (status.textContent !== said) status.textContent = said;
      if (found.last) stop();
    });
    stream.addEventListener("mistake", (event) => { stop(); status.textContent = JSON.parse(event.data); });
    stream.addEventListener("error", () => { if (stream) { stop(); status.textContent = words.lost; } });
  }

  async function changed() {
    const number = ++asked;
    let answer;
    try {
      answer = await (await fetch(`/check?${fields()}`)).json();
    } catch { status.textContent = words.lost; return; }
    if (number !== asked) return;  // a later one is on its way
    if (answer.other_clauses && answer.sound) { location.assign(`/?${answer.query}`); return; }
    markMistakes(answer.wrong, answer.labels);
    markChanged(answer.changed);
    if (!answer.sound) { stop(); status.textContent = words.wrong; return; }
    if (answer.query === form.dataset.query) return;
    form.dataset.query = answer.query;
    history.replaceState(null, "", `/?${answer.query}${location.hash}`);
    putLinks(answer.query, answer.languages);
    run(answer.query);
  }

  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field.dataset.for) {
      const text = document.getElementById(field.dataset.for);
      text.value = field.value;
    } else if (field.type === "text") {
      const slider = form.querySelector(`[data-for="${CSS.escape(field.id)}"]`);
      const number = Number(field.value.replace(",", ".").replace("%", ""));
      if (slider && Number.isFinite(number)) slider.value = number;
    }
    if (field.name === "amount") form.elements.money.value = "amount";
    if ("slow" in field.dataset || field.type === "file") return;  // taken by the button
    clearTimeout(waiting);
    waiting = setTimeout(changed, 250);
  });

  document.getElementById("c-file").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    const place = document.getElementById("e-file");
    const wrong = (text) => { place.textContent = text; place.hidden = false; event.target.setAttribute("aria-invalid", "true"); event.target.focus(); };
    if (file.size > 100000) { wrong(words.too_large); return; }
    let answer;
    try {
      answer = await (await fetch(`/open?lang=${document.documentElement.lang}`, { method: "POST", body: file, headers: { "Content-Type": "application/toml" } })).json();
    } catch { wrong(words.lost); return; }
    if (answer.wrong) wrong(answer.wrong); else location.assign(`/?${answer.query}`);
  });

  window.addEventListener("pagehide", stop);
  if (mistakes.hidden) changed(); else status.textContent = words.wrong;
})();
