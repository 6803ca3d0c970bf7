// A short two-note chime, silent until the person asks for sound.

let on = false;
let context = null;

export function setSound(wanted) {
  on = wanted;
  if (on && !context) context = new AudioContext();
}

export function chime() {
  if (!on || !context) return;
  note(880, 0);
  note(1175, 0.13);
}

function note(pitch, after) {
  const start = context.currentTime + after;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = pitch;
  volume.gain.setValueAtTime(0.12, start);
  volume.gain.exponentialRampToValueAtTime(0.001, start + 0.25);
  tone.connect(volume).connect(context.destination);
  tone.start(start);
  tone.stop(start + 0.26);
}
