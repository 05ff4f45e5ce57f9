import { crc32 } from 'node:zlib';

const LINE_END = 0x0a;
/** CRC-32 of all that follows it, bytes of the JSON text, number of the frame. */
const HEAD = /^([\da-f]{8}) (\d{1,10}) (\d{1,16}) /;
const LONGEST_HEAD = 8 + 1 + 10 + 1 + 16 + 1;
const CHECKED_FROM = 9;

/** The changes of one commit, as the journal has them. */
interface Frame {
  readonly number: number;
  readonly json: string;
}

export interface Frames {
  readonly frames: readonly Frame[];
  /** Where an interrupted commit begins, of which nobody was told. */
  readonly torn?: number;
}

export interface FrameRange {
  readonly first: number;
  /** The frame that the next file begins with; absent for the last file, whose end may be torn. */
  readonly next?: number;
}

/** What was acknowledged cannot be read. */
class FrameError extends Error {
  override readonly name = 'FrameError';
}

/**
 * One commit is one line, `<crc32> <length> <number> <JSON>\n`: JSON text has no line end in it, so that what follows
 * a damaged frame is found again. It is written in one go, and the next one only after it is flushed.
 */
export function encodeFrame(number: number, json: string): Buffer {
  const checked = `${Buffer.byteLength(json)} ${number} ${json}\n`;
  const line = Buffer.allocUnsafe(CHECKED_FROM + Buffer.byteLength(checked));
  line.write(checked, CHECKED_FROM);
  line.write(`${sumOf(line)} `, 'latin1');
  return line;
}

/**
 * Reads a file of frames. A frame that is not whole at the very end of the last file was being written when the process or
 * the machine stopped: nobody was told that it was kept. Any other one was acknowledged, as what follows it shows.
 * @throws FrameError which says where
 */
export function decodeFrames(bytes: Buffer, { first, next }: FrameRange): Frames {
  const frames: Frame[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    const { frame, end } = decodeFrame(bytes, offset);
    if (!frame) {
      if (next === undefined && !isFollowed(bytes, offset, end)) return { frames, torn: offset };
      throw new FrameError(`no whole frame at byte ${offset}`);
    }
    const expected = first + frames.length;
    if (frame.number !== expected) {
      throw new FrameError(`frame ${frame.number} instead of ${expected} at byte ${offset}`);
    }
    frames.push(frame);
    offset = end;
  }
  if (next !== undefined && first + frames.length !== next) {
    throw new FrameError(`ends at byte ${offset}, before frame ${next - 1}`);
  }
  return { frames };
}

/** Whether a whole frame comes after one that is not, where it says that it ends or at the beginning of any line. */
function isFollowed(bytes: Buffer, offset: number, end: number): boolean {
  if (decodeFrame(bytes, end).frame) return true;
  for (let line = nextLine(bytes, offset); line < bytes.length; line = nextLine(bytes, line)) {
    if (decodeFrame(bytes, line).frame) return true;
  }
  return false;
}

/** The frame, if it is whole, and where it ends by its own word. */
function decodeFrame(bytes: Buffer, offset: number): { readonly frame?: Frame; readonly end: number } {
  const [head, sum, length, number] = HEAD.exec(bytes.toString('latin1', offset, offset + LONGEST_HEAD)) ?? [];
  if (head === undefined) return { end: bytes.length };
  const from = offset + head.length;
  const end = from + Number(length) + 1;
  if (end > bytes.length || bytes[end - 1] !== LINE_END) return { end };
  if (sumOf(bytes.subarray(offset, end)) !== sum) return { end };
  return { frame: { number: Number(number), json: bytes.toString('utf8', from, end - 1) }, end };
}

function nextLine(bytes: Buffer, offset: number): number {
  const end = bytes.indexOf(LINE_END, offset);
  return end === -1 ? bytes.length : end + 1;
}

function sumOf(line: Buffer): string {
  return crc32(line.subarray(CHECKED_FROM)).toString(16).padStart(8, '0');
}
