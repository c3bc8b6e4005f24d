// What visitors of a page do, kept until the warehouse has it: docs/browser.md.
// viralforge.js is this file minified; CONTRIBUTING.md names the command.
((window, document, navigator) => {
  const script = document.currentScript;
  if (!script?.src || window.viralforge?.track) return;

  const BATCH = 50; // events a request
  const TEXT = 2e4; // UTF-16 units a request: at most 60 kB of UTF-8, for a beacon may have 64 KiB
  const STORED = 4e3; // UTF-16 units an event that is stored: the page's own data needs room too
  const WAITING = 1e3; // events
  const SESSION = 18e5; // milliseconds without an event that end a session

  const { key = "", platform = "web", auto, storage = "local" } = script.dataset;
  const place = new URL("v1/events", script.src);
  const url = place + "?key=" + encodeURIComponent(key);
  const prefix = `viralforge ${place} `; // without the key: what waits outlives a change of keys
  const isPrivate = navigator.globalPrivacyControl || navigator.doNotTrack == 1;

  const warn = (why) => console.warn("viralforge:", why);
  const safely = (act) => (...given) => {
    try {
      return act(...given);
    } catch (error) {
      warn(error);
    }
  };

  // Storage and a plain object are used alike; what is private, blocked or unknown stays in memory.
  const opened = safely((name) => !isPrivate && window[name + "Storage"]);
  const shelf = opened(storage) || {};
  const tab = opened(storage.replace("local", "session")) || {};
  const memory = {}; // what they have no room for
  const put = (place, name, text) => {
    try {
      place[name] = text;
    } catch {
      memory[name] = text;
    }
  };

  let session = {};
  let most = BATCH;
  let failures = 0;
  let handed = []; // what a beacon, or a request that outlives the page, carries already
  let timer, running, lastPath;

  safely(() => {
    session = { ...JSON.parse(tab.viralforge || "{}") };
  })();
  const remember = () => put(tab, "viralforge", JSON.stringify(session));

  // One key an event, in the order of time: tabs that share a storage cannot overwrite each other's.
  const waiting = () =>
    [memory, shelf].flatMap(Object.keys).filter((name) => name.startsWith(prefix)).sort();
  const textOf = (name) => memory[name] || shelf[name];
  const body = (batch) => `[${batch.map(textOf)}]`;

  const forget = (name) => {
    delete memory[name];
    delete shelf[name];
  };

  const drop = (name, why) => {
    forget(name);
    api.dropped++;
    warn(why);
  };

  const take = (passed = []) => {
    let length = 0;
    return waiting()
      .filter((name) => !passed.includes(name))
      .filter((name, place) => place < most && ((length += textOf(name).length) <= TEXT || !place));
  };

  const later = (seconds) => {
    clearTimeout(timer);
    timer =
      seconds &&
      setTimeout(() => {
        timer = 0;
        flush();
      }, seconds * 1e3);
  };

  const drain = async () => {
    for (let batch; (batch = take())[0]; ) {
      const text = body(batch);
      const keepalive = text.length < TEXT + 99;
      let reply, said;
      if (keepalive) handed = batch;
      try {
        reply = await fetch(url, {
          method: "POST", body: text, keepalive, credentials: "omit", signal: AbortSignal.timeout?.(3e4),
        });
        said = await reply.json();
      } catch {} // no network, no answer in time, or another's answer
      handed = [];
      if (said && reply.ok) {
        batch.forEach(forget);
        failures = 0;
      } else if ([400, 413, 422].includes(reply?.status)) {
        // Drops what is named; where nothing is, halves the batch until the bad one is alone.
        const bad = batch.filter(
          (_, place) => !batch[1] || said?.errors?.some(({ pointer }) => pointer.split("/")[1] == place),
        );
        bad.forEach((name) => drop(name, said));
        if (!bad[0]) most = batch.length >> 1;
      } else {
        const asked = reply?.headers.get("Retry-After");
        const seconds = 2 ** failures++;
        return later(Math.min(asked > 0 ? asked : seconds, 600) * (1 + Math.random() / 2));
      }
    }
    later(0);
  };

  // Of all tabs one sends at a time, where the browser has locks; elsewhere a resend is the same row.
  const flush = () =>
    (running ||= (navigator.locks ? navigator.locks.request(prefix, drain) : drain())
      .catch(drain)
      .catch(() => later(60))
      .finally(() => (running = 0)));

  const track = safely((name, properties, type = "custom") => {
    const now = Date.now();
    // A UUID of version 7: the milliseconds since 1970, then chance.
    const id = (`0${now.toString(16)}`.replace(/.{8}/, "$&-") + "-7xxx-8xxx-xxxxxxxxxxxx").replace(/x/g, () =>
      (crypto.getRandomValues(new Uint8Array(1))[0] & 15).toString(16),
    );
    const event = { event_id: id, event_name: name, event_type: type, platform };
    if (!isPrivate) {
      if (!(now - session.at < SESSION)) session.id = id;
      session.at = now;
      event.session_id = session.id;
      event.user_id = session.user || undefined;
      remember();
    }
    let text = JSON.stringify(event);
    safely(() => {
      text = JSON.stringify({ ...event, properties: properties && { ...properties } });
    })();
    const names = waiting();
    if (names.length >= WAITING) drop(names[0], "full");
    put(text.length > STORED ? memory : shelf, prefix + id, text);
    timer || later(1.5);
    if (!failures && names.length > BATCH - 2) flush();
  });

  const identify = safely((user) => {
    user = `${user ?? ""}`;
    if (session.user && session.user != user) session.at = 0;
    session.user = user;
    remember();
  });

  const view = safely(() => {
    const { pathname, host } = location;
    if (pathname == lastPath) return;
    const from = document.referrer.split("/")[2]; // of the site one came from, the host alone and once
    const referrer = lastPath || from == host ? undefined : from;
    track("page_view", { path: pathname, referrer, title: document.title }, "page_view");
    lastPath = pathname;
  });
  const moved = () => setTimeout(view, 300); // by then the page has its new title

  const leave = safely(() => {
    lastPath && view();
    for (let batch; (batch = take(handed))[0] && navigator.sendBeacon(url, body(batch)); )
      handed = [...handed, ...batch];
  });

  const clicked = safely((event) => {
    const element = event.composedPath().find((one) => one.dataset?.vfEvent);
    if (!element) return;
    const properties = {};
    for (const { name, value } of element.attributes)
      if (/^data-vf-(?!event$)/.test(name)) properties[name.slice(8).replace(/-/g, "_")] = value;
    track(element.dataset.vfEvent, properties, "click");
  });

  const on = addEventListener;
  const start = () => {
    view();
    for (const name of ["pushState", "replaceState"]) {
      const original = history[name];
      history[name] = (...given) => {
        moved();
        return original.apply(history, given);
      };
    }
    on("popstate", moved);
    on("pageshow", (event) => {
      if (event.persisted) lastPath = 1; // back from the browser's own cache is another view
      view();
    });
    on("click", clicked, true);
  };

  const api = (window.viralforge = { track, identify, flush, dropped: 0 });

  on("visibilitychange", leave); // back again, too: what is new is not much
  on("pagehide", leave);
  on("online", () => {
    failures = 0;
    flush();
  });
  later(1.5);
  if (auto != "off") document.prerendering ? document.addEventListener("prerenderingchange", start) : start();
})(window, document, navigator);
