// Everything a person reads on the page, French first.

const FR = {
  motto: "Se loger en parlant : un téléphone simple, un code, un loyer payé.",
  sound: "Son",
  switch: "Que montrer",
  tenant: "Locataire",
  landlord: "Bailleur",
  story: "Récit",
  story_title: "Ce qui se passe",
  story_lead: "Le locataire compose *384# sur un téléphone à touches, paie son loyer par Mobile Money ; le bailleur reçoit un SMS.",
  play: "Jouer toute l’histoire",
  stop: "Arrêter",
  tips_title: "Ou jouez vous-même",
  tip_dial: "Composez *384# puis la touche verte. *384*2# mène tout droit au paiement.",
  tip_keys: "Le clavier de l’ordinateur marche aussi : chiffres, Entrée, Échap pour raccrocher.",
  tip_network: "Coupez le réseau en pleine session, rappelez : Toit reprend là où vous étiez.",
  loopback: "Tout reste sur cette machine : opérateurs simulés, argent fictif.",
  who: "Qui tient ce téléphone",
  other: "Autre numéro…",
  number: "Numéro de téléphone",
  screen: "Écran du téléphone",
  typed: "Ce que vous tapez",
  thread: "Messages reçus et envoyés",
  write: "Écrire un SMS à Toit",
  send: "Envoyer",
  momo: "Demande de paiement Mobile Money",
  momo_pin: "Votre PIN Mobile Money",
  momo_ask: ({ amount, payee }) => `Payer ${amount} à ${payee} ?`,
  momo_hint: ({ pin }) => `PIN de démonstration : ${pin}`,
  momo_wrong: ({ left }) => (left ? `PIN incorrect, encore ${left} essai${left > 1 ? "s" : ""}.` : "Trois PIN incorrects : paiement refusé."),
  momo_closed: "Cette demande n’attend plus.",
  approve: "Valider",
  refuse: "Refuser",
  call: "Appeler",
  erase: "Effacer le dernier signe",
  hang: "Raccrocher",
  keypad: "Clavier du téléphone",
  star: "étoile",
  hash: "dièse",
  dial: "Appeler",
  answer: "Répondre",
  messages: "Messages",
  back: "Écran",
  cut: "Couper le réseau",
  restore: "Rétablir le réseau",
  idle: "Composez *384#",
  quick_home: "Accueil",
  quick_pay: "Payer",
  no_network: "Pas de réseau",
  no_messages: "Aucun message",
  septets: ({ count }) => `${count}/160 septets`,
  segments: ({ count }) => `${count} segment${count > 1 ? "s" : ""}`,
  wallet: ({ balance }) => `MoMo : <b>${balance}</b>`,
  service_pin: ({ pin }) => `code secret : <b>${pin}</b>`,
  unreachable: "Le bac à sable ne répond pas.",
  s_start: ({ name }) => `${name} n’a qu’un téléphone à touches. Pas d’internet, pas d’application.`,
  s_dial: ({ name }) => `${name} compose *384# et appuie sur la touche verte.`,
  s_choose: ({ name, choice, label }) => `${name} lit l’écran et choisit ${choice} : « ${label} ».`,
  s_pin: ({ name }) => `Toit demande le code secret, ${name} le tape : l’argent ne bouge jamais sur la seule foi d’un numéro.`,
  s_end: "La session se ferme, comme il faut, avant que l’opérateur ne demande le paiement.",
  s_prompt: ({ amount }) => `L’opérateur affiche sa propre demande : ${amount}.`,
  s_approve: ({ name }) => `${name} valide avec son PIN Mobile Money, que Toit ne voit jamais.`,
  s_receipt: "Le reçu arrive par SMS sur le téléphone du locataire.",
  s_landlord: "Et le bailleur apprend par SMS que le loyer est payé.",
  s_done: ({ amount }) => `Fini : ${amount} payés, un reçu, un bailleur prévenu, sans internet.`,
  s_stopped: "Histoire arrêtée. Les téléphones restent à vous.",
  l_screen: "Je suis perdu : aucune option de cet écran ne parle de payer.",
  l_loop: "Je suis perdu : les mêmes écrans reviennent.",
  l_dead: "La session s’est fermée avant le paiement. L’application tourne-t-elle ?",
  l_prompt: "Aucune demande Mobile Money n’est arrivée sur ce téléphone.",
  l_refused: "Le paiement n’a pas abouti chez l’opérateur.",
  l_receipt: "Le SMS de reçu n’est pas arrivé.",
  l_landlord: "Le SMS du bailleur n’est pas arrivé.",
  l_people: "Personne à jouer : lancez d’abord la démonstration (make demo).",
};

const EN = {
  motto: "Housing by conversation: a simple phone, a code, the rent is paid.",
  sound: "Sound",
  switch: "What to show",
  tenant: "Tenant",
  landlord: "Landlord",
  story: "Story",
  story_title: "What is going on",
  story_lead: "A tenant dials *384# on a keypad phone and pays the rent by Mobile Money; the landlord gets an SMS.",
  play: "Play the whole story",
  stop: "Stop",
  tips_title: "Or play yourself",
  tip_dial: "Dial *384#, then the green key. *384*2# goes straight to paying.",
  tip_keys: "The computer keyboard works too: digits, Enter, Escape to hang up.",
  tip_network: "Cut the network in mid-session and call again: Toit goes on where you were.",
  loopback: "Everything stays on this machine: simulated operators, play money.",
  who: "Who holds this phone",
  other: "Another number…",
  number: "Phone number",
  screen: "Screen of the phone",
  typed: "What you type",
  thread: "Messages received and sent",
  write: "Write an SMS to Toit",
  send: "Send",
  momo: "Mobile Money payment request",
  momo_pin: "Your Mobile Money PIN",
  momo_ask: ({ amount, payee }) => `Pay ${amount} to ${payee}?`,
  momo_hint: ({ pin }) => `Demo PIN: ${pin}`,
  momo_wrong: ({ left }) => (left ? `Wrong PIN, ${left} more ${left > 1 ? "tries" : "try"}.` : "Three wrong PINs: payment refused."),
  momo_closed: "This request is no longer waiting.",
  approve: "Approve",
  refuse: "Refuse",
  call: "Call",
  erase: "Erase the last sign",
  hang: "Hang up",
  keypad: "Keypad of the phone",
  star: "star",
  hash: "hash",
  dial: "Call",
  answer: "Answer",
  messages: "Messages",
  back: "Screen",
  cut: "Cut the network",
  restore: "Restore the network",
  idle: "Dial *384#",
  quick_home: "Home",
  quick_pay: "Pay",
  no_network: "No network",
  no_messages: "No messages",
  septets: ({ count }) => `${count}/160 septets`,
  segments: ({ count }) => `${count} segment${count > 1 ? "s" : ""}`,
  wallet: ({ balance }) => `MoMo: <b>${balance}</b>`,
  service_pin: ({ pin }) => `secret code: <b>${pin}</b>`,
  unreachable: "The sandbox does not answer.",
  s_start: ({ name }) => `${name} has only a keypad phone. No internet, no app.`,
  s_dial: ({ name }) => `${name} dials *384# and presses the green key.`,
  s_choose: ({ name, choice, label }) => `${name} reads the screen and chooses ${choice}: “${label}”.`,
  s_pin: ({ name }) => `Toit asks for the secret code, ${name} types it: money never moves on the strength of a number alone.`,
  s_end: "The session ends, as it should, before the operator asks for the payment.",
  s_prompt: ({ amount }) => `The operator shows its own request: ${amount}.`,
  s_approve: ({ name }) => `${name} approves with the Mobile Money PIN, which Toit never sees.`,
  s_receipt: "The receipt arrives by SMS on the tenant’s phone.",
  s_landlord: "And the landlord learns by SMS that the rent is paid.",
  s_done: ({ amount }) => `Done: ${amount} paid, a receipt, a landlord informed, without internet.`,
  s_stopped: "Story stopped. The phones are yours.",
  l_screen: "I am lost: no option on this screen speaks of paying.",
  l_loop: "I am lost: the same screens come back.",
  l_dead: "The session closed before the payment. Is the app running?",
  l_prompt: "No Mobile Money request arrived on this phone.",
  l_refused: "The payment did not go through at the operator.",
  l_receipt: "The receipt SMS did not arrive.",
  l_landlord: "The landlord’s SMS did not arrive.",
  l_people: "Nobody to play: start the demo first (make demo).",
};

const BOOKS = { fr: FR, en: EN };
let book = "fr";

export function setLanguage(name) {
  book = name in BOOKS ? name : "fr";
  document.documentElement.lang = book;
}

export const language = () => book;

export function t(key, blanks) {
  const word = BOOKS[book][key];
  const text = typeof word === "function" ? word(blanks) : word;
  return book === "fr" ? unbroken(text) : text;
}

// French keeps its high punctuation on the line of the word before it.
function unbroken(text) {
  return text.replace(/ ([?:;!»])/g, "\u00a0$1").replaceAll("« ", "«\u00a0");
}

export function money(amount, currency) {
  const francs = new Intl.NumberFormat(book === "fr" ? "fr-FR" : "en-GB").format(amount);
  return `${francs} ${currency === "XAF" || currency === "XOF" ? "FCFA" : currency}`;
}

// Fills every marked element below `root` with its words.
export function fill(root) {
  for (const e of root.querySelectorAll("[data-t]")) e.textContent = t(e.dataset.t);
  for (const e of root.querySelectorAll("[data-aria]")) e.setAttribute("aria-label", t(e.dataset.aria));
  for (const e of root.querySelectorAll("[data-label]")) e.setAttribute("aria-label", t(e.dataset.label));
  for (const e of root.querySelectorAll("[data-placeholder]")) e.placeholder = t(e.dataset.placeholder);
}
