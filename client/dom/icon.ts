/** Outlines on a 24 by 24 grid. */
const PATHS = {
  check: 'm5 12.5 4.5 4.5L19 7.5',
  cross: 'M6.5 6.5l11 11m0-11-11 11',
  clock: 'M12 7v5l3.5 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z',
  lock: 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z',
  phone:
    'M6.6 3.5h2.9l1.5 4-2 1.5a12 12 0 0 0 6 6l1.5-2 4 1.5v2.9c0 1.2-1 2.1-2.1 2.1C10.700 19 5 13.300 4.500 5.600 4.500 4.500 5.400 3.500 6.600 3.500Z',
  keypad: 'M6 5h.01M12 5h.01M18 5h.01M6 11h.01M12 11h.01M18 11h.01M6 17h.01M12 17h.01M18 17h.01',
  // A handset, and an arrow towards us.
  'call-in':
    'M6.6 3.5h2.9l1.5 4-2 1.5a12 12 0 0 0 6 6l1.5-2 4 1.5v2.9c0 1.2-1 2.1-2.1 2.1C10.700 19 5 13.300 4.500 5.600 4.500 4.500 5.400 3.500 6.600 3.500ZM20 4l-5.500 5.500M14.500 5.500v4h4',
  globe: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM3.500 9.500h17M3.500 14.500h17M12 3c-5 5-5 13 0 18 5-5 5-13 0-18Z',
  voice: 'M4 10v4M8 7v10M12 4v16M16 8v8M20 10.500v3',
  away: 'M9 6H6a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1h11a1 1 0 0 0 1-1v-3M13 5h6v6M19 5l-8.500 8.500',
} as const;
export type IconName = keyof typeof PATHS;

const SVG = 'http://www.w3.org/2000/svg';

/** An outline that says nothing by itself; the words beside it do. */
export function icon(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', `icon ${name}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
