import { element } from './element.ts';

/** A place for one sentence about what went wrong; screen readers say it at once. */
export class AlertLine {
  readonly element = element('p', { class: 'alert', role: 'alert' });

  show(text: string): void {
    this.element.textContent = text;
  }

  clear(): void {
    this.element.textContent = '';
  }
}
