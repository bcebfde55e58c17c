/** What is said: real sentences, Chinese and English in turn, from Debian's `fortunes` and `fortunes-zh` where they are installed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = '/usr/share/games/fortunes';
const CHINESE = ['tang300', 'song100', 'chinese'];
const BUILT_IN = [
  'A cup of tea, a bench and somebody to talk to: what else does an afternoon need?',
  '寒夜客来茶当酒，竹炉汤沸火初红。寻常一样窗前月，才有梅花便不同。',
  'The room was quiet; only the kettle spoke, and nobody wished to interrupt it.',
  '一碗喉吻润，两碗破孤闷。三碗搜枯肠，唯有文字五千卷。四碗发轻汗，平生不平事，尽向毛孔散。',
];

export interface Texts {
  readonly source: string;
  /** Texts of exactly this many bytes of UTF-8. */
  cut(bytes: number): readonly string[];
}

export function loadTexts(): Texts {
  const found = readFortunes();
  const sentences = found ?? BUILT_IN;
  return {
    source:
      found === null
        ? 'built-in sentences (fortunes and fortunes-zh are not installed)'
        : 'fortunes, fortunes-zh',
    cut: (bytes) => sentences.map((sentence) => cutTo(sentence, bytes)),
  };
}

/** Cuts at a character's edge and fills up with dots. */
export function cutTo(sentence: string, bytes: number): string {
  let out = '';
  let length = 0;
  for (const character of sentence) {
    const size = Buffer.byteLength(character);
    if (length + size > bytes) break;
    out += character;
    length += size;
  }
  return out + '.'.repeat(bytes - length);
}

function readFortunes(): string[] | null {
  try {
    const names = readdirSync(FOLDER).filter((name) => !name.includes('.'));
    const chinese = CHINESE.filter((name) => names.includes(name)).flatMap(readFile);
    const english = ['wisdom', 'literature', 'cookie']
      .filter((name) => names.includes(name))
      .flatMap(readFile);
    const pairs = Math.min(chinese.length, english.length, 64);
    if (pairs < 16) return null;
    return Array.from({ length: pairs }, (_, i) => [chinese[i] ?? '', english[i] ?? '']).flat();
  } catch {
    return null;
  }
}

function readFile(name: string): string[] {
  return readFileSync(join(FOLDER, name), 'utf8')
    .split(/^%$/m)
    .map(plain)
    .filter((text) => Buffer.byteLength(text) >= 80);
}

/** One line without colours and overstrikes, which some of the sentences have. */
function plain(text: string): string {
  return text
    .replaceAll(/\p{Cc}\[[\d;]*m/gu, '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/.?\p{Cc}/gu, '')
    .trim();
}
