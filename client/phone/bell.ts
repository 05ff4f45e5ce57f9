/** What a bell sounds like: two tones that warble, one second in three. */
const TONES = [440, 480] as const;
const RING = 1;
const EVERY = 3_000;
const LOUDNESS = 0.12;
const KEY_LOUDNESS = 0.06;
const KEY_LENGTH = 0.14;

/** The sounds that the phone itself makes: its bell and its keys. */
export class Bell {
  readonly #audio: AudioContext;
  #ringing: number | undefined;

  constructor(audio: AudioContext) {
    this.#audio = audio;
  }

  ring(): void {
    if (this.#ringing !== undefined) return;
    this.#play(TONES, RING, LOUDNESS);
    this.#ringing = window.setInterval(() => this.#play(TONES, RING, LOUDNESS), EVERY);
  }

  stop(): void {
    window.clearInterval(this.#ringing);
    this.#ringing = undefined;
  }

  key(tones: readonly number[]): void {
    this.#play(tones, KEY_LENGTH, KEY_LOUDNESS);
  }

  #play(tones: readonly number[], seconds: number, loudness: number): void {
    const start = this.#audio.currentTime;
    const volume = this.#audio.createGain();
    // A ramp at each end: a tone that is cut off clicks.
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(loudness, start + 0.01);
    volume.gain.setValueAtTime(loudness, start + seconds - 0.02);
    volume.gain.linearRampToValueAtTime(0, start + seconds);
    volume.connect(this.#audio.destination);
    for (const frequency of tones) {
      const tone = this.#audio.createOscillator();
      tone.frequency.value = frequency;
      tone.connect(volume);
      tone.start(start);
      tone.stop(start + seconds);
      tone.addEventListener('ended', () => tone.disconnect());
    }
  }
}
