import { isMet, type Figures } from './figures.ts';

/** The figures for a person at a terminal. */
export function tableOf({ name, rows, aims }: Figures): string {
  const columns = Object.keys(rows[0] ?? {});
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))];
  const widths = columns.map((_, n) => Math.max(...cells.map((line) => line[n]?.length ?? 0)));
  const lines = cells.map((line) => line.map((cell, n) => cell.padStart(widths[n] ?? 0)).join('  '));
  const verdicts = aims.map((aim) => {
    const bound = aim.bound === 'at-least' ? '>=' : '<=';
    return `${isMet(aim) ? 'met   ' : 'MISSED'} ${aim.what}: ${aim.measured} (aim ${bound} ${aim.aim})`;
  });
  return [`== ${name}`, ...lines, ...verdicts, ''].join('\n');
}
