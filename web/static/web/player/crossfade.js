// One track fades out while the next one fades in, at equal power: together they are as loud as each.

const STEP_MS = 40;

// The parts of the volume that are heard of what leaves and of what comes, when this part of the fade
// has passed.
export const partsAt = (passed) => {
  const angle = (Math.min(1, Math.max(0, passed)) * Math.PI) / 2;
  return { leaving: Math.cos(angle), coming: Math.sin(angle) };
};

export class Crossfade {
  // `leaving`, `coming`: audio elements; the second begins now. `step()` is called again and again, and
  // once when the fade is over.
  constructor(leaving, coming, seconds, step) {
    Object.assign(this, { leaving, coming, seconds });
    this.timer = setInterval(step, STEP_MS);
  }

  get isOver() {
    return this.leaving.ended || this.coming.currentTime >= this.seconds;
  }

  partOf(audio) {
    const parts = partsAt(this.coming.currentTime / this.seconds);
    return audio === this.leaving ? parts.leaving : parts.coming;
  }

  end() {
    clearInterval(this.timer);
  }
}

// Browsers of iPhones and iPads leave the volume to the user: there every track would be at its full
// volume while another one fades.
export const canSetVolume = () => {
  const probe = new Audio();
  probe.volume = 0.5;
  return probe.volume === 0.5;
};
