// Parts of a picture to be hidden: drawn, moved and resized by pointer, keys or buttons. What counts are the numbers in the form
// below it, and whoever types there sees the box move. Without this file the numbers alone do it.
"use strict";

document.querySelectorAll("[data-blur]").forEach((root) => {
  const SIDES = ["left", "top", "width", "height"], MOST = 40, LEAST = 1, FIRST = { left: 40, top: 40, width: 20, height: 20 };
  const stage = root.querySelector("[data-blur-stage]");
  const list = root.querySelector("[data-blur-rows]");
  const say = root.querySelector("[data-blur-say]");
  const words = (text, ...values) => values.reduce((said, value) => said.replace("§", value), text);
  const inputs = (row) => [...row.querySelectorAll("input")];
  const rows = () => [...list.querySelectorAll("[data-blur-row]")];
  const held = new Map(); // a row and its box on the picture
  let chosen = null, numbered = 0;

  const read = (row) => {
    const values = inputs(row).map((input) => (input.value.trim() === "" ? NaN : Number(input.value.replace(",", ".").replace("%", ""))));
    return values.every(Number.isFinite) ? Object.fromEntries(SIDES.map((side, place) => [side, values[place]])) : null;
  };
  const blank = (row) => inputs(row).every((input) => input.value.trim() === "");
  const within = (value, least, most) => Math.min(Math.max(value, least), most);
  const tenth = (value) => Math.round(value * 10) / 10;

  // Into the form, inside of the picture, in tenths of a per cent: what is moved keeps its size, what is resized its place.
  const write = (row, part) => {
    const width = within(tenth(part.width), LEAST, 100), height = within(tenth(part.height), LEAST, 100);
    const left = within(tenth(part.left), 0, tenth(100 - width)), top = within(tenth(part.top), 0, tenth(100 - height));
    inputs(row).forEach((input, place) => { input.value = [left, top, width, height][place]; });
    show(row);
  };

  const number = (row) => rows().indexOf(row) + 1;
  const described = (row) => {
    const part = read(row);
    return part ? words(root.dataset.blurSaid, number(row), ...SIDES.map((side) => tenth(part[side]))) : words(root.dataset.blurName, number(row));
  };

  const choose = (row) => {
    chosen = row;
    rows().forEach((one) => {
      one.classList.toggle("is-chosen", one === row);
      held.get(one)?.classList.toggle("is-chosen", one === row);
    });
  };

  const show = (row) => {
    const part = read(row);
    let box = held.get(row);
    const there = part && part.width > 0 && part.height > 0;
    if (!there) {
      box?.remove();
      held.delete(row);
      return;
    }
    if (!box) {
      box = document.createElement("button");
      box.type = "button";
      box.className = "blur__box";
      box.setAttribute("aria-describedby", root.querySelector("[data-blur-script]").id);
      box.append(document.createElement("span"), document.createElement("span"));
      box.lastChild.className = "blur__grip";
      box.addEventListener("focus", () => choose(row));
      box.addEventListener("keydown", (event) => byKey(event, row));
      stage.append(box);
      held.set(row, box);
      if (chosen === row) box.classList.add("is-chosen");
    }
    SIDES.forEach((side) => { box.style[side] = `${part[side]}%`; });
    box.firstChild.textContent = number(row);
    box.setAttribute("aria-label", described(row));
  };

  const renumber = () => rows().forEach((row, place) => {
    row.querySelector("legend").textContent = words(root.dataset.blurName, place + 1);
    const remove = row.querySelector("[data-blur-remove]");
    remove.textContent = words(remove.dataset.words, place + 1);
    show(row);
  });

  const ready = (row) => {
    const remove = row.querySelector("[data-blur-remove]");
    remove.dataset.words ||= remove.textContent.replace(/\d+|§/, "§");
    remove.hidden = false;
    show(row);
  };

  const add = (part) => {
    let row = rows().find(blank);
    if (!row) {
      if (rows().length >= MOST) {
        say.textContent = root.dataset.blurFull;
        return null;
      }
      row = root.querySelector("[data-blur-line]").content.querySelector("[data-blur-row]").cloneNode(true);
      numbered += 1; // its own ids, also after others were taken away
      row.querySelectorAll("[id], [for]").forEach((one) => {
        if (one.id) one.id = one.id.replace("§", `them${numbered}`);
        if (one.htmlFor) one.htmlFor = one.htmlFor.replace("§", `them${numbered}`);
      });
      list.append(row);
      ready(row);
      renumber();
    }
    write(row, part);
    choose(row);
    return row;
  };

  const remove = (row) => {
    const place = number(row);
    held.get(row)?.remove();
    held.delete(row);
    row.remove();
    renumber();
    say.textContent = words(root.dataset.blurGone, place);
    const next = rows()[Math.min(place, rows().length) - 1];
    choose(next ?? null);
    (held.get(next) ?? root.querySelector("[data-blur-add]")).focus();
  };

  const change = (row, side, by) => {
    const part = read(row);
    if (!part) return;
    const room = { width: 100 - part.left, height: 100 - part.top }[side];
    part[side] = room === undefined ? part[side] + by : Math.min(part[side] + by, room);
    write(row, part);
    say.textContent = described(row);
  };

  const ARROWS = { ArrowLeft: ["left", "width", -1], ArrowRight: ["left", "width", 1], ArrowUp: ["top", "height", -1], ArrowDown: ["top", "height", 1] };
  const byKey = (event, row) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Delete" || event.key === "Backspace") remove(row);
    else if (ARROWS[event.key]) change(row, ARROWS[event.key][event.shiftKey ? 1 : 0], ARROWS[event.key][2]);
    else return;
    event.preventDefault();
  };

  // Where the pointer is, in per cent of the picture.
  const at = (event) => {
    const frame = stage.getBoundingClientRect();
    return { x: within(((event.clientX - frame.left) / frame.width) * 100, 0, 100), y: within(((event.clientY - frame.top) / frame.height) * 100, 0, 100) };
  };
  let drag = null;
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    const from = at(event);
    const box = event.target.closest(".blur__box");
    const row = box && [...held].find(([, one]) => one === box)[0];
    event.preventDefault();
    box?.focus();
    drag = { from, row, part: row && read(row), grip: event.target.matches(".blur__grip") };
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const to = at(event), { from, part } = drag;
    if (drag.row && drag.grip) {
      write(drag.row, { ...part, width: Math.min(part.width + to.x - from.x, 100 - part.left), height: Math.min(part.height + to.y - from.y, 100 - part.top) });
    } else if (drag.row && part) {
      write(drag.row, { ...part, left: part.left + to.x - from.x, top: part.top + to.y - from.y });
    } else if (Math.abs(to.x - from.x) > LEAST && Math.abs(to.y - from.y) > LEAST) {
      const drawn = { left: Math.min(from.x, to.x), top: Math.min(from.y, to.y), width: Math.abs(to.x - from.x), height: Math.abs(to.y - from.y) };
      if (drag.drawn) write(drag.drawn, drawn);
      else drag.drawn = add(drawn);
      if (!drag.drawn) drag = null;
    }
  });
  const end = () => {
    const row = drag?.drawn ?? drag?.row;
    drag = null;
    if (!row) return;
    held.get(row)?.focus();
    say.textContent = described(row);
  };
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", end);

  root.querySelector("[data-blur-add]").addEventListener("click", (event) => {
    event.preventDefault();
    const row = add(FIRST);
    if (!row) return;
    held.get(row).focus();
    say.textContent = described(row);
  });
  root.addEventListener("click", (event) => {
    const step = event.target.closest("[data-blur-step]"), gone = event.target.closest("[data-blur-remove]");
    if (gone) remove(gone.closest("[data-blur-row]"));
    const row = chosen ?? rows().find(read);
    if (!step || !row) return;
    choose(row);
    const [side, by] = step.dataset.blurStep.split(" ");
    change(row, side, Number(by));
  });
  list.addEventListener("input", (event) => show(event.target.closest("[data-blur-row]")));
  list.addEventListener("focusin", (event) => choose(event.target.closest("[data-blur-row]")));

  root.querySelectorAll("[data-blur-script]").forEach((one) => { one.hidden = false; });
  stage.classList.add("is-drawn");
  rows().forEach(ready);
});
