// Puts the two phones, the story and the language switch together.

import * as api from "/page/api.js";
import { owns } from "/page/parts.js";
import { Phone } from "/page/phone.js";
import { SearchStory } from "/page/search-story.js";
import { setSound } from "/page/sound.js";
import { Story } from "/page/story.js";
import { Lost } from "/page/tale.js";
import { fill, language, setLanguage, t } from "/page/words.js";

const BEAT = 900;
const PATIENCE = 30000;
const wishes = new URLSearchParams(location.search);
const byId = (id) => document.getElementById(id);
const phones = {};
let story = null;
let loading = null;

function begin() {
  setLanguage(wishes.get("lang") ?? "fr");
  phones.tenant = new Phone("tenant", byId("tenant"), "237677000111");
  phones.landlord = new Phone("landlord", byId("landlord"), "237699000222");
  wire();
  words();
  tick();
  setInterval(tick, 10000);
  meet();
  api.listen(hear);
}

function wire() {
  for (const b of document.querySelectorAll("[data-lang]")) b.addEventListener("click", () => speak(b.dataset.lang));
  for (const b of document.querySelectorAll(".switch [data-view]")) b.addEventListener("click", () => view(b.dataset.view));
  byId("sound").addEventListener("click", toggleSound);
  byId("play").addEventListener("click", () => void play(Story));
  byId("search").addEventListener("click", () => void play(SearchStory));
  byId("stop").addEventListener("click", () => story?.stop());
  document.addEventListener("unread", (e) => mark(e.target.id, e.detail));
  document.addEventListener("keydown", typedAnywhere);
  view("tenant");
}

// Digits typed while nothing is focused go to the phone in view.
function typedAnywhere(e) {
  if (e.target !== document.body || story) return;
  const shown = document.body.dataset.view === "landlord" ? phones.landlord : phones.tenant;
  shown.physical(e);
}

function hear(event) {
  if (event.kind === "hello") meet();
  if (event.kind === "message") void story?.heard?.(event.msisdn);
  phones.tenant.hear(event);
  phones.landlord.hear(event);
}

// The demo may write its people after the page was opened.
function meet() {
  if (loading || phones.tenant.people?.length) return;
  loading = loadPeople().catch(() => phones.tenant.say(t("unreachable"))).finally(() => (loading = null));
}

async function loadPeople() {
  const people = await api.people();
  const has = (p, role) => (p.roles ?? []).some((r) => role.test(r));
  const tenant = people.findIndex((p) => has(p, /tenant|locataire/i));
  const same = people.findIndex((p) => owns(p) && p.lease && p.lease === people[tenant]?.lease);
  phones.tenant.setPeople(people, people.length ? Math.max(0, tenant) : -1);
  phones.landlord.setPeople(people, same >= 0 ? same : people.findIndex(owns));
}

function words() {
  fill(document);
  document.title = language() === "fr" ? "Toit · deux téléphones" : "Toit · two phones";
  for (const p of Object.values(phones)) p.words();
  for (const b of document.querySelectorAll("[data-lang]")) b.setAttribute("aria-pressed", String(b.dataset.lang === language()));
}

function speak(name) {
  setLanguage(name);
  words();
}

function view(name) {
  document.body.dataset.view = name;
  for (const b of document.querySelectorAll(".switch [data-view]")) b.setAttribute("aria-current", String(b.dataset.view === name));
}

function mark(name, count) {
  const dot = document.querySelector(`.switch [data-view=${name}] .dot`);
  if (dot) dot.hidden = count === 0;
}

function toggleSound() {
  const on = byId("sound").getAttribute("aria-pressed") !== "true";
  byId("sound").setAttribute("aria-pressed", String(on));
  setSound(on);
}

function tick() {
  for (const p of Object.values(phones)) p.tick();
  meet();
}

// The story

async function play(Kind) {
  byId("story").querySelector(".steps").replaceChildren();
  story = new Kind(phones.tenant, phones.landlord, {
    say,
    beat: Number(wishes.get("beat") ?? BEAT),
    patience: Number(wishes.get("patience") ?? PATIENCE),
  });
  playing(true);
  try {
    await story.play();
  } catch (problem) {
    sayEnd(problem);
  } finally {
    story = null;
    playing(false);
  }
}

function playing(on) {
  byId("play").disabled = on;
  byId("search").disabled = on;
  byId("stop").hidden = !on;
  document.querySelector("[data-tips]").hidden = true;
  document.body.classList.add("told");
  document.body.classList.toggle("playing", on);
}

function say(who, text, mood = "", screen = "") {
  const line = document.createElement("li");
  line.className = mood;
  line.textContent = text;
  if (screen) line.append(Object.assign(document.createElement("pre"), { textContent: screen }));
  const steps = document.querySelector(".steps");
  steps.append(line);
  steps.scrollTop = steps.scrollHeight;
  document.querySelector(".now").textContent = text;
  if (who) view(who);
}

function sayEnd(problem) {
  if (problem instanceof Lost) say("story", problem.message, "lost", problem.screen);
  else if (story?.stopped) say(null, t("s_stopped"));
  else say("story", `${t("unreachable")} (${problem.message})`, "lost");
}

begin();
