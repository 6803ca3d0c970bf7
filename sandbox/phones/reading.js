// Reading a USSD screen the way a person does: which option leads on to paying?

const OPTION = /^\s*(\d{1,2})\s*[.):\-–]?\s+(.+?)\s*$/;
const PIN = /code secret|code pin|\bpin\b|secret code|mot de passe/i;
const WAYS_BACK = /^(retour|accueil|annuler|menu|quitter|back|home|cancel)/i;
const MORE = /^(suite|suivant|plus|more|next)/i;
const FOR_OTHERS = /autre|other|someone|retaper/i;

// From the most to the least decided: on a screen that offers several, the first that matches wins.
const ONWARD = [
  /fran[cç]ais/i,
  /\btout\b|totalit|solder|\ball\b|in full/i,
  /confirm|valider|^oui|accepte|^yes|^ok\b|continuer|c.est juste|c.est ce/i,
  /mtn|momo|mobile money/i,
  /ce num|mon num|this number|my number/i,
  /loyer|payer|\bpay|rent/i,
];

// Questions where any answer leads on: the first option is as good as another.
const WHICHEVER = /quel (loyer|bail|logement|mois)|which (rent|lease|home|month)|qui [eê]tes|who are you|jusqu/i;

export function options(text) {
  return text.split("\n").map((line) => OPTION.exec(line)).filter(Boolean)
    .map(([, choice, label]) => ({ choice, label }))
    .filter(({ label }) => !WAYS_BACK.test(label));
}

const isMore = ({ label }) => MORE.test(label);

export function asksPin(text) {
  return PIN.test(text) && options(text).filter((o) => !isMore(o)).length === 0;
}

// The option to take on a screen; the next page when this one has none; null when lost.
export function onward(text) {
  const offered = options(text);
  const here = offered.filter((o) => !isMore(o) && !FOR_OTHERS.test(o.label));
  if (here.length > 0 && WHICHEVER.test(question(text))) return here[0];
  for (const wish of ONWARD) {
    const found = here.find(({ label }) => wish.test(label));
    if (found) return found;
  }
  return offered.find(isMore) ?? null;
}

const SECOND_THOUGHTS = /corrig|chang|modifi|correct|edit/i;

// The button of a message that leads on; null when there is none.
export function forward(buttons) {
  return buttons.find(({ label }) => !WAYS_BACK.test(label) && !SECOND_THOUGHTS.test(label)) ?? null;
}

const question = (text) => text.split("\n").filter((line) => !OPTION.test(line)).join(" ");
