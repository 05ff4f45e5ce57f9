import { describe, expect, it } from 'vitest';
import { readSpeechCommand } from '../../../sip-gateway/prompts/speech-command.ts';

describe('the line of a speech command', () => {
  it.each([
    ['espeak-ng -v {locale} -w {file} {text}', ['espeak-ng', '-v', '{locale}', '-w', '{file}', '{text}']],
    ['  piper   --output_file={file} ', ['piper', '--output_file={file}']],
    [`"/opt/my voice/say" --as='Anna B' {text}`, ['/opt/my voice/say', '--as=Anna B', '{text}']],
    [`say "" '$HOME' a"b 'c"d`, ['say', '', '$HOME', `ab 'cd`]],
    ['say {text} > /dev/null; reboot', ['say', '{text}', '>', '/dev/null;', 'reboot']],
  ])('%s is taken apart at its spaces, and no shell reads it', (line, parts) => {
    expect(readSpeechCommand(line)).toEqual(parts);
  });

  it.each(['', '   ', `say "half`, `'say`, '"" {text}'])('cannot be %j', (line) => {
    expect(readSpeechCommand(line)).toBeUndefined();
  });
});
