/* What the dashboard does beyond showing: plots, the viewer's own zone and numbers, live refresh, pictures of tiles. */
"use strict";
(() => {
  const root = document.documentElement;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const REFRESH_MS = 60_000;
  const HALF_DAY = 43_200;
  const DAYS = [1, 2, 3, 5, 7, 14, 30, 90, 365].map((days) => days * 86_400);
  const picture = document.currentScript.dataset.picture;
  const plots = new Map();

  /* The server shows heat maps in the viewer's zone, once it knows which that is. */
  if (zone && !document.cookie.split("; ").includes(`zone=${zone}`)) {
    document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=strict`;
  }

  const short = new Intl.NumberFormat(navigator.language, { notation: "compact", maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(navigator.language, { maximumFractionDigits: 1 });
  const exact = new Intl.NumberFormat(navigator.language, { maximumFractionDigits: 6 });
  const share = (digits, sign) => new Intl.NumberFormat(navigator.language, { style: "percent", maximumFractionDigits: digits, signDisplay: sign });
  const [percent, tiny, change] = [share(1, "auto"), share(2, "auto"), share(1, "exceptZero")];
  const money = (digits) => new Intl.NumberFormat(navigator.language, { style: "currency", currency: "USD", minimumFractionDigits: digits, maximumFractionDigits: digits });
  const [dollars, cents] = [money(2), money(4)];
  const written = { short, whole, change, percent: { format: (number) => (Math.abs(number) < 0.001 ? tiny : percent).format(number) }, usd: { format: (number) => (Math.abs(number) >= 1 || !number ? dollars : cents).format(number) } };
  const moment = new Intl.DateTimeFormat(navigator.language, { dateStyle: "medium", timeStyle: "short" });
  const day = new Intl.DateTimeFormat(navigator.language, { dateStyle: "medium", timeZone: "UTC" });

  function localize(within) {
    for (const each of within.querySelectorAll("time[datetime]:not([data-local])")) {
      const at = new Date(each.dateTime);
      if (Number.isNaN(at.valueOf())) continue;
      each.title = each.textContent;
      each.textContent = each.hasAttribute("data-day") ? day.format(at) : moment.format(at);
      each.dataset.local = "";
    }
    for (const each of within.querySelectorAll("data[data-kind]:not([data-local])")) {
      const number = Number(each.value);
      each.title = exact.format(number);
      if (written[each.dataset.kind]) each.textContent = written[each.dataset.kind].format(number);
      each.dataset.local = "";
    }
  }

  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const seriesColour = (name, number) => resolve(`--p-${name}`) || resolve(`--c${number % 6}`);
  function resolve(name) {
    if (!colour(name)) return "";
    const probe = document.createElement("i");
    probe.style.color = `var(${name})`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  /* Opaque, so that what lies behind a stacked series does not shine through. */
  function mixed(stroke, share) {
    const probe = document.createElement("i");
    probe.style.color = `color-mix(in srgb, ${stroke} ${share}%, var(--card))`;
    document.body.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  /* A plot is drawn from the table beside it: the first column is time, each other a series. */
  function read(table) {
    const heads = [...table.tHead.rows[0].cells].slice(1).map((head) => ({ label: head.textContent, name: head.dataset.name }));
    const rows = [...table.tBodies[0].rows];
    const at = rows.map((row) => Date.parse(row.cells[0].querySelector("time").dateTime) / 1000);
    const series = heads.map((_, number) => rows.map((row) => {
      const found = row.cells[number + 1].querySelector("data");
      return found ? Number(found.value) : null;
    }));
    return { heads, at, series };
  }

  function stacked(series) {
    const sums = series[0].map(() => 0);
    return series.map((values) => values.map((value, at) => (sums[at] += value ?? 0)));
  }

  function draw(place) {
    const table = place.parentElement.querySelector(".numbers table");
    if (!table || !window.uPlot) return;
    const { heads, at, series } = read(table);
    const kind = place.dataset.chart;
    const format = written[place.dataset.kind] || short;
    const isStack = kind === "area" && series.length > 1;
    const shownValues = isStack ? stacked(series) : series;
    const order = isStack ? [...heads.keys()].reverse() : [...heads.keys()];
    const key = JSON.stringify([heads, at, series, place.clientWidth, root.dataset.theme, matchMedia("(prefers-color-scheme: dark)").matches]);
    if (plots.get(place)?.key === key) return;
    plots.get(place)?.plot.destroy();
    const soft = resolve("--soft"), line = resolve("--line");
    const lines = order.map((number) => {
      const stroke = seriesColour(heads[number].name, number);
      const fill = kind === "lines" ? undefined : mixed(stroke, kind === "columns" ? 80 : 38);
      return {
        label: heads[number].label, stroke, width: kind === "columns" ? 0 : 1.75, fill, points: { show: at.length < 3 },
        paths: kind === "columns" ? uPlot.paths.bars({ size: [0.7, 48], radius: 0.15 }) : undefined,
        value: (_plot, _value, _series, index) => { const value = index == null ? null : series[number][index]; return value == null ? "–" : format.format(value); },
      };
    });
    const options = {
      width: place.clientWidth, height: 240, padding: [8, 8, 0, 0], cursor: { y: false, points: { size: 6 } },
      legend: { live: true }, scales: { x: { time: true, range: (_plot, low, high) => (kind === "columns" ? [low - HALF_DAY, high + HALF_DAY] : [low, high]) }, y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.05 : 1] } },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), place.dataset.x === "moment" ? zone : "UTC"),
      axes: [
        { stroke: soft, grid: { show: false }, ticks: { stroke: line, size: 4 }, font: "11px system-ui", ...(place.dataset.x === "moment" ? {} : { incrs: DAYS }) },
        { stroke: soft, grid: { stroke: line, width: 1 }, ticks: { show: false }, font: "11px system-ui", size: 52, values: (_plot, values) => values.map((value) => format.format(value)) },
      ],
      series: [{ label: "day", value: (_plot, seconds) => (seconds == null ? "–" : (place.dataset.x === "moment" ? moment : day).format(new Date(seconds * 1000))) }, ...lines],
    };
    plots.set(place, { key, plot: new uPlot(options, [at, ...order.map((number) => shownValues[number])], place) });
    place.querySelector("canvas")?.setAttribute("aria-hidden", "true");
  }

  function drawAll() {
    for (const [place, { plot }] of plots) if (!place.isConnected) { plot.destroy(); plots.delete(place); }
    document.querySelectorAll(".plot").forEach(draw);
  }

  function settle() { localize(document); drawAll(); }

  /* Live: the page is asked for again and only what differs is changed, while somebody looks and nobody types. */
  function refresh() {
    const busy = document.hidden || document.querySelector("main :focus:is(input, select, .what), details[open]");
    if (!busy && window.htmx) window.htmx.ajax("GET", location.href, { target: "#main", select: "#main", swap: "outerMorph" });
  }

  async function save(button) {
    const tile = button.closest(".tile");
    tile.classList.add("pictured");
    try {
      if (!window.htmlToImage) await new Promise((done, fail) => {
        const script = Object.assign(document.createElement("script"), { src: picture, onload: done, onerror: fail });
        document.head.append(script);
      });
      const url = await window.htmlToImage.toPng(tile, { pixelRatio: 2, backgroundColor: resolve("--card"), skipFonts: true, filter: (node) => !node.matches?.(".about, .numbers, noscript") });
      Object.assign(document.createElement("a"), { href: url, download: `${tile.id}.png` }).click();
      say("Saved as a picture.");
    } catch {
      say("The picture could not be made.");
    } finally {
      tile.classList.remove("pictured");
    }
  }

  function say(text) { document.getElementById("said").textContent = text; }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.matches("[data-png]")) save(button);
    if (button?.matches("[data-theme-switch]")) {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try { localStorage.setItem("theme", root.dataset.theme); } catch { /* for this page alone */ }
      drawAll();
    }
  });
  document.addEventListener("change", (event) => { if (event.target.id === "platform") event.target.form.requestSubmit(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && document.activeElement?.closest(".about")) document.activeElement.blur(); });
  /* Whatever is no page of ours, such as the words of a proxy, changes nothing here. */
  document.addEventListener("htmx:before:swap", (event) => {
    const context = event.detail.ctx;
    if (context.response && (context.response.status !== 200 || !/ id="(main|found)"|class="(figures|answers|tile )/.test(context.text ?? ""))) event.preventDefault();
  });
  document.addEventListener("htmx:after:swap", settle);
  addEventListener("resize", () => requestAnimationFrame(drawAll));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  settle();
  setInterval(refresh, REFRESH_MS);
})();
