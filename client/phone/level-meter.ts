import { element, setAttributes } from '../dom/element.ts';
import { loudness } from './loudness.ts';

const BARS = 36;
const EVERY = 60;
/** A line on which nothing was heard for this long after the answer is probably dead; a greeting comes at once. */
const DEAD_AFTER = 6_000;
/** Above comfort noise, below speech. */
const HEARD = 0.1;
/** How often the figure for screen readers changes, in bars. */
const FIGURE_EVERY = 16;

/** Shows how loud the caller is: the newest moment at the right, the last two seconds to its left. */
export class LevelMeter {
  readonly element: HTMLElement;
  readonly #bars = Array.from({ length: BARS }, () => element('span', { class: 'bar' }));
  readonly #levels: number[] = Array.from({ length: BARS }, () => 0);
  readonly #audio: AudioContext;
  #source: MediaStreamAudioSourceNode | undefined;
  #timer: number | undefined;
  #count = 0;
  #hasHeard = false;

  constructor(label: string, audio: AudioContext) {
    this.#audio = audio;
    this.element = element(
      'div',
      {
        class: 'meter',
        role: 'meter',
        'aria-label': label,
        'aria-valuemin': 0,
        'aria-valuemax': 100,
        'aria-valuenow': 0,
      },
      this.#bars,
    );
  }

  /** @param onDead called once if nothing is heard at first. */
  listen(stream: MediaStream, onDead: () => void): void {
    this.stop();
    this.#count = 0;
    this.#hasHeard = false;
    const analyser = this.#audio.createAnalyser();
    analyser.fftSize = 1024;
    const samples = new Float32Array(analyser.fftSize);
    this.#source = this.#audio.createMediaStreamSource(stream);
    this.#source.connect(analyser);
    this.#timer = window.setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const level = loudness(samples);
      this.#hasHeard ||= level > HEARD;
      this.#show(level);
      if (!this.#hasHeard && this.#count === DEAD_AFTER / EVERY) onDead();
    }, EVERY);
  }

  stop(): void {
    window.clearInterval(this.#timer);
    this.#source?.disconnect();
    this.#source = undefined;
    this.#levels.fill(0);
    this.#draw();
    setAttributes(this.element, { 'aria-valuenow': 0 });
  }

  #show(level: number): void {
    this.#levels.shift();
    this.#levels.push(level);
    this.#draw();
    this.#count += 1;
    if (this.#count % FIGURE_EVERY === 0) setAttributes(this.element, { 'aria-valuenow': Math.round(level * 100) });
  }

  #draw(): void {
    for (const [index, bar] of this.#bars.entries()) {
      bar.style.setProperty('--level', (this.#levels[index] ?? 0).toFixed(3));
    }
  }
}
