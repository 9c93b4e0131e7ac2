// Maps of pages that work without them (macros: web/map.html). Words, addresses and fields are named by the page, in data-*.
//
// [data-map-pin]: a point is chosen by tap, by dragging the pin, by its arrow keys, by buttons or by where the reader is; it stands in
//   the fields data-latitude and data-longitude (ids). data-where is told lat, lon in the body of a POST (addresses stand in logs): {words, and id or code of the unit}.
// [data-map-points]: that address is asked with bbox=west,south,east,north and zoom each time the map came to rest; a FeatureCollection:
//   points with `count` (a cluster, which opens when pressed) or with `title`, `state`, `kind` (of a tag), `url`;
//   areas with `step` (1 to 5) and `title`. data-list names a list beside the map, whose data-list-from is asked the same.
"use strict";

(() => {
  const L = window.L;
  if (!L) return;
  const STEP_M = 10;
  const DEGREE_M = 111320; // of latitude
  const QUIET_MS = 250;
  const CLOSE = 17; // the zoom at which a house is found on tiles; on outlines alone there would be nothing to see
  const CLOSE_WITHOUT_TILES = 15;
  const FAR = 13; // below it a finger is wider than a neighbourhood
  const WAYS = { north: [1, 0], south: [-1, 0], east: [0, 1], west: [0, -1] };
  const KEYS = { ArrowUp: "north", ArrowDown: "south", ArrowRight: "east", ArrowLeft: "west" };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const make = (tag, className, words = "") => Object.assign(document.createElement(tag), { className, textContent: words });
  const with_ = (address, query) => `${address}${address.includes("?") ? "&" : "?"}${new URLSearchParams(query)}`;
  const icon = (html) => L.divIcon({ className: "ground__at", html, iconSize: null });
  const picture = (root) => L.divIcon({ className: "ground__pin", html: root.querySelector("[data-picture]").content.firstElementChild.cloneNode(true), iconSize: null });
  const later = (act) => {
    let timer = null;
    return () => { clearTimeout(timer); timer = setTimeout(act, QUIET_MS); };
  };

  // --- The ground: tiles or a plain grid, outlines with names where there is room, points where there are no outlines ---
  const open = (root) => {
    const words = root.dataset;
    const frame = root.querySelector("[data-frame]");
    for (const one of root.querySelectorAll("[data-needs-script]")) one.hidden = false;
    const map = L.map(frame, {
      attributionControl: false, zoomControl: false, scrollWheelZoom: false, doubleClickZoom: false, minZoom: 5, maxZoom: 19,
      zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
    });
    L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);
    if (words.tiles) {
      L.tileLayer(words.tiles, { maxZoom: 19, referrerPolicy: "strict-origin" }).addTo(map); // who asks for tiles is known by the site alone
    } else {
      const grid = L.gridLayer();
      grid.createTile = () => make("div", "ground__tile");
      grid.addTo(map);
    }
    if (still) map.panBy = (by) => L.Map.prototype.panBy.call(map, by, { animate: false });
    // A page that is scrolled through does not stop here: the wheel zooms once the map has the focus.
    map.on("focus", () => map.scrollWheelZoom.enable());
    map.on("blur", () => map.scrollWheelZoom.disable());
    new ResizeObserver(() => map.invalidateSize()).observe(frame);
    matchMedia("print").addEventListener("change", () => map.invalidateSize({ animate: false })); // paper is narrower
    const [west, south, east, north] = words.box.split(",").map(Number);
    map.fitBounds([[south, west], [north, east]], { maxZoom: CLOSE });
    return { map, frame, close: words.tiles ? CLOSE : CLOSE_WITHOUT_TILES, known: outlines(map, words.outlines) };
  };

  const outlines = async (map, address) => {
    const known = [];
    if (!address) return known;
    try {
      const answer = await fetch(address);
      if (!answer.ok) return known;
      L.geoJSON(await answer.json(), {
        interactive: false,
        style: { className: "ground__outline" },
        pointToLayer: (feature, at) => L.circleMarker(at, { radius: 4, interactive: false, className: "ground__outline" }),
        onEachFeature: (feature, layer) => {
          const box = layer.getBounds?.() ?? layer.getLatLng().toBounds(4000);
          const name = make("span", "ground__name", feature.properties.name);
          name.setAttribute("aria-hidden", "true"); // the names of all communes, in no order, help nobody who listens
          const at = feature.properties.at ?? box.getCenter();
          known.push({ ...feature.properties, box, label: L.marker(at, { interactive: false, keyboard: false, icon: icon(name) }) });
        },
      }).addTo(map).bringToBack();
    } catch {
      return known; // the map works on its grid or its tiles
    }
    const name = () => {
      const seen = map.getBounds().pad(0.2);
      for (const { box, label, name: text } of known) {
        const room = map.latLngToLayerPoint(box.getNorthEast()).x - map.latLngToLayerPoint(box.getSouthWest()).x;
        if (room > 6 * text.length && seen.intersects(box)) label.addTo(map); else label.remove();
      }
    };
    map.on("moveend", name);
    name();
    return known;
  };

  // --- A point is chosen ---
  const pick = async (root) => {
    const words = root.dataset;
    const [latitude, longitude, unit] = ["latitude", "longitude", "unit"].map((name) => words[name] && document.getElementById(words[name]));
    const say = root.querySelector("[data-say]");
    const { map, frame, close, known } = open(root);
    let pin = null, asking = null, extra = "";

    const tell = later(async () => {
      const at = pin?.getLatLng();
      if (!at) return;
      const [lat, lon] = [at.lat.toFixed(5), at.lng.toFixed(5)];
      asking?.abort();
      asking = new AbortController();
      let found = { words: words.unknown };
      try {
        const asked = { method: "POST", body: new URLSearchParams({ lat, lon }), signal: asking.signal };
        if (words.where) found = await (await fetch(words.where, asked)).json();
      } catch (error) {
        if (error.name === "AbortError") return;
      }
      const value = String(found[words.unitBy] ?? "");
      if (unit && value && [...unit.options ?? []].some((option) => option.value === value)) {
        unit.value = value;
        unit.dispatchEvent(new Event("input", { bubbles: true }));
      }
      say.textContent = [found.words, lat, lon, extra].filter(Boolean).join(", ");
      root.dispatchEvent(new CustomEvent("pinned", { bubbles: true })); // for parts of the page that depend on the place
    });
    const fill = (lat, lon) => {
      [latitude.value, longitude.value] = [lat, lon];
      for (const field of [latitude, longitude]) field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    const put = (at, { quietly = false, near = false, said = "" } = {}) => {
      if (pin) pin.setLatLng(at);
      else {
        pin = L.marker(at, { icon: picture(root), draggable: true, autoPan: true });
        pin.on("dragend", () => put(pin.getLatLng())).addTo(map);
        pin.getElement().setAttribute("aria-label", words.pin);
        pin.getElement().addEventListener("keydown", (event) => {
          if (!KEYS[event.key]) return;
          event.preventDefault();
          event.stopPropagation();
          nudge(WAYS[KEYS[event.key]], event.shiftKey ? 10 : 1);
        });
      }
      extra = said;
      if (!quietly) fill(at.lat.toFixed(6), at.lng.toFixed(6));
      if (near) map.setView(at, Math.max(map.getZoom(), close));
      else if (!map.getBounds().pad(-0.1).contains(at)) map.panTo(at);
      tell();
    };
    const nudge = ([north, east], times = 1) => {
      const { lat, lng } = pin?.getLatLng() ?? map.getCenter();
      const step = pin ? (times * STEP_M) / DEGREE_M : 0;
      put(L.latLng(lat + north * step, lng + (east * step) / Math.cos((lat * Math.PI) / 180)), { near: !pin });
    };
    const drop = () => {
      pin?.remove();
      pin = null;
      asking?.abort();
      say.textContent = words.none;
    };
    const clear = () => {
      drop();
      fill("", "");
    };
    const read = () => {
      const [lat, lon] = [latitude, longitude].map((field) => (field.value.trim() ? Number(field.value.replace(",", ".")) : NaN));
      if (!latitude.value.trim() && !longitude.value.trim()) drop();
      else if (Math.abs(lat) <= 90 && Math.abs(lon) <= 180) put(L.latLng(lat, lon), { quietly: true, near: true });
    };
    const locate = () => {
      say.textContent = words.locating;
      if (!navigator.geolocation) return void (say.textContent = words.unfound);
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => put(L.latLng(coords.latitude, coords.longitude), { near: true, said: words.accuracy.replace("%s", Math.round(coords.accuracy)) }),
        (error) => { say.textContent = error.code === error.PERMISSION_DENIED ? words.refused : words.unfound; },
        { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
      );
    };

    map.on("click", (event) => {
      put(event.latlng);
      if (map.getZoom() < FAR) map.setView(event.latlng, map.getZoom() + 3); // the next tap is nearer to the place
    });
    frame.addEventListener("keydown", (event) => {
      if (event.target !== frame || event.key !== "Enter") return;
      event.preventDefault();
      put(map.getCenter());
    });
    root.addEventListener("click", (event) => {
      const what = event.target.closest("[data-do]")?.dataset.do;
      if (WAYS[what]) nudge(WAYS[what]);
      else ({ locate, clear, centre: () => put(map.getCenter()) })[what]?.();
    });
    for (const field of [latitude, longitude]) field.addEventListener("change", read);
    latitude.form?.addEventListener("reset", () => setTimeout(read)); // once the fields are what they become
    read();
    const communes = await known;
    unit?.addEventListener("change", () => {
      const chosen = communes.find((one) => String(one[words.unitBy]) === unit.value);
      if (chosen && !pin) map.fitBounds(chosen.box, { maxZoom: CLOSE });
    });
  };

  // --- What lies where, asked anew as the map moves ---
  const spot = (map, { count, title = "", state = "", kind = "", url = "" }, words) => {
    if (count > 0) {
      const size = Math.min(4, 1 + Math.floor(Math.log10(count)));
      const button = make("button", `spot spot--${size}`, Number(count).toLocaleString(document.documentElement.lang));
      button.type = "button";
      button.append(make("span", "vh", ` ${words.cluster}`));
      return button;
    }
    const link = make(url ? "a" : "span", "spot");
    if (url) link.href = url;
    link.title = title;
    link.append(make("i", /^[a-z]+$/.test(kind) ? `tag tag--${kind}` : "tag"), make("span", "vh", [title, state].filter(Boolean).join(", ")));
    // The end of a drag is no press; a key is one even so.
    link.addEventListener("click", (event) => { if (event.detail && map.dragging.moved()) event.preventDefault(); });
    return link;
  };

  const show = async (root) => {
    const words = root.dataset;
    const say = root.querySelector("[data-say]");
    const list = words.list && document.getElementById(words.list);
    const { map, frame } = open(root);
    const layer = L.layerGroup().addTo(map);
    let asking = null;

    const draw = (collection) => {
      const had = frame.contains(document.activeElement);
      layer.clearLayers();
      let shown = 0;
      for (const feature of collection.features) {
        const about = feature.properties ?? {};
        if (feature.geometry.type !== "Point") {
          const step = Math.min(5, Math.max(1, Math.round(about.step) || 1));
          L.geoJSON(feature, { style: { className: `ground__cell tone-${step}` } }).bindTooltip(make("span", "", about.title ?? ""), { sticky: true }).addTo(layer);
          continue;
        }
        shown += about.count || 1;
        const at = L.GeoJSON.coordsToLatLng(feature.geometry.coordinates);
        const html = spot(map, about, words);
        if (about.count) html.addEventListener("click", () => map.setView(at, Math.min(map.getZoom() + 2, map.getMaxZoom())));
        L.marker(at, { interactive: false, keyboard: false, icon: icon(html) }).addTo(layer);
      }
      if (had && !frame.contains(document.activeElement)) frame.focus();
      say.textContent = (shown || !words.empty ? words.shown : words.empty).replace("%s", shown.toLocaleString(document.documentElement.lang));
    };
    const ask = async () => {
      asking?.abort();
      const { signal } = (asking = new AbortController());
      const box = map.getBounds();
      const query = { bbox: [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((degrees) => degrees.toFixed(5)).join(","), zoom: map.getZoom() };
      const get = async (address, headers = {}) => {
        const answer = await fetch(with_(address, query), { signal, headers });
        if (!answer.ok) throw new Error(answer.status);
        return answer;
      };
      try {
        const [points, rows] = await Promise.all([
          get(words.mapPoints).then((answer) => answer.json()),
          list?.dataset.listFrom && get(list.dataset.listFrom, { "HX-Request": "true" }).then((answer) => answer.text()),
        ]);
        draw(points);
        if (rows !== undefined && list) { list.innerHTML = rows; window.htmx?.process(list); }
      } catch (error) {
        if (error.name !== "AbortError") say.textContent = words.failed; // what was shown stays
      }
    };
    map.on("moveend", later(ask));
    root.addEventListener("click", (event) => {
      const way = WAYS[event.target.closest("[data-do]")?.dataset.do];
      if (way) map.panBy([way[1] * map.getSize().x / 3, -way[0] * map.getSize().y / 3]);
    });
    ask();
  };

  const prepare = (page) => {
    for (const root of page.querySelectorAll("[data-map-pin]:not([data-open]), [data-map-points]:not([data-open])")) {
      root.dataset.open = "";
      if ("mapPin" in root.dataset) pick(root); else show(root);
    }
  };
  prepare(document);
  document.addEventListener("htmx:afterSwap", (event) => prepare(event.target));
})();
